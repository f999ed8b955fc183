/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bar-chart.c: horizontal bars. */
#include "widgets/bar-chart.h"

struct _FettleBarChart
{
  FettleChart parent_instance;
  int selected;
};

enum
{
  PROP_SELECTED = 1,
};

static GParamSpec *selected_property;
static guint selection_changed_signal;

G_DEFINE_TYPE (FettleBarChart, fettle_bar_chart, FETTLE_TYPE_CHART)

static void
fettle_bar_chart_get_property (GObject *object, guint id, GValue *value,
                               GParamSpec *pspec)
{
  if (id == PROP_SELECTED)
    g_value_set_int (value, fettle_bar_chart_get_selected (FETTLE_BAR_CHART (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
fettle_bar_chart_set_property (GObject *object, guint id, const GValue *value,
                               GParamSpec *pspec)
{
  if (id == PROP_SELECTED)
    fettle_bar_chart_set_selected (FETTLE_BAR_CHART (object), g_value_get_int (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
fettle_bar_chart_class_init (FettleBarChartClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = fettle_bar_chart_get_property;
  object_class->set_property = fettle_bar_chart_set_property;
  selected_property = g_param_spec_int (
      "selected", "Selected", "What is selected, or -1", -1, G_MAXINT, -1,
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (object_class, PROP_SELECTED, selected_property);
  selection_changed_signal =
      g_signal_new ("selection-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
fettle_bar_chart_init (FettleBarChart *self)
{
  self->selected = -1;
}

GtkWidget *
fettle_bar_chart_new (void)
{
  return g_object_new (FETTLE_TYPE_BAR_CHART, NULL);
}

void
fettle_bar_chart_set_title (FettleBarChart *self, const char *title)
{
  fettle_chart_set_title (FETTLE_CHART (self), title);
}

int
fettle_bar_chart_get_selected (FettleBarChart *self)
{
  g_return_val_if_fail (FETTLE_IS_BAR_CHART (self), -1);
  return self->selected;
}

void
fettle_bar_chart_set_selected (FettleBarChart *self, int selected)
{
  g_return_if_fail (FETTLE_IS_BAR_CHART (self));
  if (self->selected == selected)
    return;
  self->selected = selected;
  g_object_notify_by_pspec (G_OBJECT (self), selected_property);
}

void
fettle_bar_chart_set_items (FettleBarChart *self, const FettleBarItem *items,
                            guint n_items)
{
}

void
fettle_bar_chart_set_values (FettleBarChart *self, const FettleBarItem *items,
                             guint n_items)
{
}

guint
fettle_bar_chart_get_n_items (FettleBarChart *self)
{
  return 0;
}

void
fettle_bar_chart_set_unit (FettleBarChart *self, const char *unit)
{
}

void
fettle_bar_chart_set_format (FettleBarChart *self, FettleNumberFormat format)
{
}

void
fettle_bar_chart_set_scale (FettleBarChart *self, FettleBarScale scale)
{
}

void
fettle_bar_chart_set_reference (FettleBarChart *self, double value, const char *label)
{
}
