/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chart.c: what all charts share. */
#include "widgets/chart.h"

typedef struct
{
  char *title;
  char *empty_text;
} FettleChartPrivate;

enum
{
  PROP_TITLE = 1,
  PROP_EMPTY_TEXT,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (FettleChart, fettle_chart, GTK_TYPE_DRAWING_AREA)

static void
fettle_chart_finalize (GObject *object)
{
  FettleChartPrivate *priv = fettle_chart_get_instance_private (FETTLE_CHART (object));

  g_free (priv->title);
  g_free (priv->empty_text);
  G_OBJECT_CLASS (fettle_chart_parent_class)->finalize (object);
}

static void
fettle_chart_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  FettleChart *self = FETTLE_CHART (object);

  switch (id)
    {
    case PROP_TITLE:
      g_value_set_string (value, fettle_chart_get_title (self));
      break;
    case PROP_EMPTY_TEXT:
      g_value_set_string (value, fettle_chart_get_empty_text (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
fettle_chart_set_property (GObject *object, guint id, const GValue *value,
                           GParamSpec *pspec)
{
  FettleChart *self = FETTLE_CHART (object);

  switch (id)
    {
    case PROP_TITLE:
      fettle_chart_set_title (self, g_value_get_string (value));
      break;
    case PROP_EMPTY_TEXT:
      fettle_chart_set_empty_text (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
fettle_chart_class_init (FettleChartClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags =
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = fettle_chart_finalize;
  object_class->get_property = fettle_chart_get_property;
  object_class->set_property = fettle_chart_set_property;
  properties[PROP_TITLE] =
      g_param_spec_string ("title", "Title", "Shown above the chart", "", flags);
  properties[PROP_EMPTY_TEXT] = g_param_spec_string (
      "empty-text", "Empty text", "Shown while there are no items", "", flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
fettle_chart_init (FettleChart *self)
{
  FettleChartPrivate *priv = fettle_chart_get_instance_private (self);

  priv->title = g_strdup ("");
  priv->empty_text = g_strdup ("");
}

const char *
fettle_chart_get_title (FettleChart *self)
{
  FettleChartPrivate *priv = fettle_chart_get_instance_private (self);

  g_return_val_if_fail (FETTLE_IS_CHART (self), NULL);
  return priv->title;
}

static void
set_string (FettleChart *self, char **field, const char *string, GParamSpec *pspec)
{
  if (g_strcmp0 (*field, string == NULL ? "" : string) == 0)
    return;
  g_free (*field);
  *field = g_strdup (string == NULL ? "" : string);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), pspec);
}

void
fettle_chart_set_title (FettleChart *self, const char *title)
{
  FettleChartPrivate *priv = fettle_chart_get_instance_private (self);

  g_return_if_fail (FETTLE_IS_CHART (self));
  set_string (self, &priv->title, title, properties[PROP_TITLE]);
}

const char *
fettle_chart_get_empty_text (FettleChart *self)
{
  FettleChartPrivate *priv = fettle_chart_get_instance_private (self);

  g_return_val_if_fail (FETTLE_IS_CHART (self), NULL);
  return priv->empty_text;
}

void
fettle_chart_set_empty_text (FettleChart *self, const char *empty_text)
{
  FettleChartPrivate *priv = fettle_chart_get_instance_private (self);

  g_return_if_fail (FETTLE_IS_CHART (self));
  set_string (self, &priv->empty_text, empty_text, properties[PROP_EMPTY_TEXT]);
}
