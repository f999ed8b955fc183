/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cell-renderer-bar.c: a number in a table with a bar that shows its share. */
#include "widgets/cell-renderer-bar.h"

struct _FettleCellRendererBar
{
  GtkCellRendererText parent_instance;
  double fraction;
  gboolean known;
};

enum
{
  PROP_FRACTION = 1,
  PROP_KNOWN,
};

G_DEFINE_TYPE (FettleCellRendererBar, fettle_cell_renderer_bar,
               GTK_TYPE_CELL_RENDERER_TEXT)

static void
fettle_cell_renderer_bar_get_property (GObject *object, guint id, GValue *value,
                                       GParamSpec *pspec)
{
  FettleCellRendererBar *self = FETTLE_CELL_RENDERER_BAR (object);

  switch (id)
    {
    case PROP_FRACTION:
      g_value_set_double (value, self->fraction);
      break;
    case PROP_KNOWN:
      g_value_set_boolean (value, self->known);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
fettle_cell_renderer_bar_set_property (GObject *object, guint id, const GValue *value,
                                       GParamSpec *pspec)
{
  FettleCellRendererBar *self = FETTLE_CELL_RENDERER_BAR (object);

  switch (id)
    {
    case PROP_FRACTION:
      self->fraction = g_value_get_double (value);
      break;
    case PROP_KNOWN:
      self->known = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
fettle_cell_renderer_bar_class_init (FettleCellRendererBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = fettle_cell_renderer_bar_get_property;
  object_class->set_property = fettle_cell_renderer_bar_set_property;
  g_object_class_install_property (
      object_class, PROP_FRACTION,
      g_param_spec_double ("fraction", "Fraction", "Length of the bar", 0, 1, 0, flags));
  g_object_class_install_property (
      object_class, PROP_KNOWN,
      g_param_spec_boolean ("known", "Known", "Whether there is a value", TRUE, flags));
}

static void
fettle_cell_renderer_bar_init (FettleCellRendererBar *self)
{
  self->known = TRUE;
  g_object_set (self, "xalign", 1.0, NULL);
}

GtkCellRenderer *
fettle_cell_renderer_bar_new (void)
{
  return g_object_new (FETTLE_TYPE_CELL_RENDERER_BAR, NULL);
}
