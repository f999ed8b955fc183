/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cell-renderer-bar.c: a number in a table with a bar that shows its share. */
#include "widgets/cell-renderer-bar.h"
#include "widgets/style.h"

#define BAR_HEIGHT   3
#define UNKNOWN_TEXT "\u2013"

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

/* A thin bar along the bottom of the cell, from the right, where the numbers end: it can be compared
 * from row to row and never lies behind the text. */
static void
draw_bar (FettleCellRendererBar *self, cairo_t *cr, GtkStyleContext *context,
          const GdkRectangle *cell, gboolean selected)
{
  int xpad, ypad, room, width;
  FettlePalette palette;
  FettleColor color;
  GdkRGBA selected_text;

  gtk_cell_renderer_get_padding (GTK_CELL_RENDERER (self), &xpad, &ypad);
  room = cell->width - 2 * xpad;
  width = (int)(self->fraction * room + 0.5);
  if (self->fraction > 0)
    width = MAX (width, 1);
  fettle_style_get_palette (context, &palette);
  color = palette.bar;
  if (selected)
    {
      gtk_style_context_get_color (context, gtk_style_context_get_state (context),
                                   &selected_text);
      color = (FettleColor){ selected_text.red, selected_text.green, selected_text.blue,
                             selected_text.alpha };
    }
  fettle_color_set_source (&color, cr);
  cairo_rectangle (cr, cell->x + xpad + room - width,
                   cell->y + cell->height - BAR_HEIGHT - 1, width, BAR_HEIGHT);
  cairo_fill (cr);
}

static void
fettle_cell_renderer_bar_render (GtkCellRenderer *cell, cairo_t *cr, GtkWidget *widget,
                                 const GdkRectangle *background_area,
                                 const GdkRectangle *cell_area,
                                 GtkCellRendererState flags)
{
  FettleCellRendererBar *self = FETTLE_CELL_RENDERER_BAR (cell);

  g_autofree char *text = NULL;

  /* Only while it is drawn: "text" and "known" may be set in any order. */
  g_object_get (self, "text", &text, NULL);
  if (!self->known)
    g_object_set (self, "text", UNKNOWN_TEXT, NULL);
  GTK_CELL_RENDERER_CLASS (fettle_cell_renderer_bar_parent_class)
      ->render (cell, cr, widget, background_area, cell_area, flags);
  if (!self->known)
    g_object_set (self, "text", text, NULL);
  if (self->known)
    draw_bar (self, cr, gtk_widget_get_style_context (widget), cell_area,
              (flags & GTK_CELL_RENDERER_SELECTED) != 0);
}

static void
fettle_cell_renderer_bar_class_init (FettleCellRendererBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  GTK_CELL_RENDERER_CLASS (klass)->render = fettle_cell_renderer_bar_render;
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
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  self->known = TRUE;
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  g_object_set (self, "xalign", 1.0f, "xpad", 6, "ypad", BAR_HEIGHT + 3, "attributes",
                attributes, NULL);
}

GtkCellRenderer *
fettle_cell_renderer_bar_new (void)
{
  return g_object_new (FETTLE_TYPE_CELL_RENDERER_BAR, NULL);
}
