/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scrolled-chart.c: a chart that a GtkScrolledWindow shows a part of. */
#include "widgets/scrolled-chart.h"

/* By GtkOrientation: horizontal, vertical. */
typedef struct
{
  GtkAdjustment *adjustments[2];
  GtkScrollablePolicy policies[2];
} FettleScrolledChartPrivate;

enum
{
  PROP_HADJUSTMENT = 1,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
};

static void
scrollable_init (GtkScrollableInterface *iface)
{
}

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (FettleScrolledChart, fettle_scrolled_chart,
                                  FETTLE_TYPE_CHART,
                                  G_ADD_PRIVATE (FettleScrolledChart)
                                      G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE,
                                                             scrollable_init))

static void
set_adjustment (FettleScrolledChart *self, GtkOrientation orientation,
                GtkAdjustment *adjustment)
{
  FettleScrolledChartPrivate *priv = fettle_scrolled_chart_get_instance_private (self);
  GtkAdjustment **place = &priv->adjustments[orientation];

  if (adjustment == *place)
    return;
  if (*place != NULL)
    g_signal_handlers_disconnect_by_data (*place, self);
  g_clear_object (place);
  if (adjustment != NULL)
    {
      *place = g_object_ref_sink (adjustment);
      g_signal_connect_swapped (adjustment, "value-changed",
                                G_CALLBACK (gtk_widget_queue_draw), self);
    }
  FETTLE_SCROLLED_CHART_GET_CLASS (self)->configure (self);
}

static void
fettle_scrolled_chart_get_property (GObject *object, guint id, GValue *value,
                                    GParamSpec *pspec)
{
  FettleScrolledChartPrivate *priv =
      fettle_scrolled_chart_get_instance_private (FETTLE_SCROLLED_CHART (object));

  switch (id)
    {
    case PROP_HADJUSTMENT:
    case PROP_VADJUSTMENT:
      g_value_set_object (value, priv->adjustments[id - PROP_HADJUSTMENT]);
      break;
    case PROP_HSCROLL_POLICY:
    case PROP_VSCROLL_POLICY:
      g_value_set_enum (value, priv->policies[id - PROP_HSCROLL_POLICY]);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
fettle_scrolled_chart_set_property (GObject *object, guint id, const GValue *value,
                                    GParamSpec *pspec)
{
  FettleScrolledChart *self = FETTLE_SCROLLED_CHART (object);
  FettleScrolledChartPrivate *priv = fettle_scrolled_chart_get_instance_private (self);

  switch (id)
    {
    case PROP_HADJUSTMENT:
    case PROP_VADJUSTMENT:
      set_adjustment (self, id - PROP_HADJUSTMENT, g_value_get_object (value));
      break;
    case PROP_HSCROLL_POLICY:
    case PROP_VSCROLL_POLICY:
      priv->policies[id - PROP_HSCROLL_POLICY] = g_value_get_enum (value);
      gtk_widget_queue_resize (GTK_WIDGET (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
fettle_scrolled_chart_dispose (GObject *object)
{
  FettleScrolledChart *self = FETTLE_SCROLLED_CHART (object);

  set_adjustment (self, GTK_ORIENTATION_HORIZONTAL, NULL);
  set_adjustment (self, GTK_ORIENTATION_VERTICAL, NULL);
  G_OBJECT_CLASS (fettle_scrolled_chart_parent_class)->dispose (object);
}

static void
fettle_scrolled_chart_class_init (FettleScrolledChartClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = fettle_scrolled_chart_dispose;
  object_class->get_property = fettle_scrolled_chart_get_property;
  object_class->set_property = fettle_scrolled_chart_set_property;
  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");
}

static void
fettle_scrolled_chart_init (FettleScrolledChart *self)
{
}

GtkAdjustment *
fettle_scrolled_chart_get_adjustment (FettleScrolledChart *self,
                                      GtkOrientation orientation)
{
  FettleScrolledChartPrivate *priv = fettle_scrolled_chart_get_instance_private (self);

  g_return_val_if_fail (FETTLE_IS_SCROLLED_CHART (self), NULL);
  return priv->adjustments[orientation];
}
