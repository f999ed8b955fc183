/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chart-draw.c: the strokes that all charts are made of. */
#include "widgets/chart-draw.h"

#include <math.h>

#define DEFAULT_FONT "Sans 10"
#define HATCH_PITCH  6

PangoContext *
fettle_chart_create_context (const char *font_name)
{
  PangoContext *context =
      pango_font_map_create_context (pango_cairo_font_map_get_default ());
  PangoFontDescription *font =
      pango_font_description_from_string (font_name == NULL ? DEFAULT_FONT : font_name);

  pango_context_set_font_description (context, font);
  pango_font_description_free (font);
  return context;
}

static PangoLayout *
create_layout (PangoContext *context, const char *text, FettleTextStyle style)
{
  PangoLayout *layout = pango_layout_new (context);
  PangoAttrList *attributes = pango_attr_list_new ();

  /* Tabular figures, so that columns of numbers line up and do not tremble when they change. */
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  if (style & FETTLE_TEXT_BOLD)
    pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  if (style & FETTLE_TEXT_SMALL)
    pango_attr_list_insert (attributes, pango_attr_scale_new (0.88));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_text (layout, text == NULL ? "" : text, -1);
  return layout;
}

double
fettle_text_get_width (PangoContext *context, const char *text, FettleTextStyle style)
{
  g_autoptr (PangoLayout) layout = create_layout (context, text, style);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  return width;
}

double
fettle_text_get_height (PangoContext *context, FettleTextStyle style)
{
  g_autoptr (PangoLayout) layout = create_layout (context, "Ag", style);
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);
  return height;
}

void
fettle_draw_text (cairo_t *cr, PangoContext *context, const char *text,
                  const FettleRectangle *area, PangoAlignment alignment,
                  FettleTextStyle style, const FettleColor *color)
{
  g_autoptr (PangoLayout) layout = NULL;
  int height;

  if (text == NULL || text[0] == '\0' || area->width < 1)
    return;
  layout = create_layout (context, text, style);
  pango_layout_set_width (layout, (int)(area->width * PANGO_SCALE));
  pango_layout_set_alignment (layout, alignment);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_get_pixel_size (layout, NULL, &height);
  fettle_color_set_source (color, cr);
  cairo_move_to (cr, round (area->x), round (area->y + (area->height - height) / 2));
  pango_cairo_show_layout (cr, layout);
}

void
fettle_draw_vertical (cairo_t *cr, double x, double top, double bottom,
                      const FettleColor *color)
{
  fettle_draw_fill (cr, &(FettleRectangle){ round (x), top, 1, bottom - top }, color);
}

void
fettle_draw_horizontal (cairo_t *cr, double y, double left, double right,
                        const FettleColor *color)
{
  fettle_draw_fill (cr, &(FettleRectangle){ left, round (y), right - left, 1 }, color);
}

void
fettle_draw_dashes (cairo_t *cr, double x0, double y0, double x1, double y1,
                    const FettleColor *color)
{
  const double dashes[] = { 6, 4 };

  cairo_save (cr);
  cairo_set_dash (cr, dashes, G_N_ELEMENTS (dashes), 0);
  cairo_set_line_width (cr, 2);
  fettle_color_set_source (color, cr);
  cairo_move_to (cr, round (x0), round (y0));
  cairo_line_to (cr, round (x1), round (y1));
  cairo_stroke (cr);
  cairo_restore (cr);
}

void
fettle_draw_outline (cairo_t *cr, const FettleRectangle *area, double thickness,
                     const FettleColor *color)
{
  fettle_color_set_source (color, cr);
  cairo_set_line_width (cr, thickness);
  cairo_rectangle (cr, area->x + thickness / 2, area->y + thickness / 2,
                   MAX (area->width - thickness, 0), MAX (area->height - thickness, 0));
  cairo_stroke (cr);
}

void
fettle_draw_fill (cairo_t *cr, const FettleRectangle *area, const FettleColor *color)
{
  fettle_color_set_source (color, cr);
  cairo_rectangle (cr, area->x, area->y, area->width, area->height);
  cairo_fill (cr);
}

void
fettle_draw_hatch (cairo_t *cr, const FettleRectangle *area, const FettleColor *color)
{
  cairo_save (cr);
  cairo_rectangle (cr, area->x, area->y, area->width, area->height);
  cairo_clip (cr);
  fettle_color_set_source (color, cr);
  cairo_set_line_width (cr, 1);
  for (double x = area->x - area->height; x < area->x + area->width; x += HATCH_PITCH)
    {
      cairo_move_to (cr, x, area->y + area->height);
      cairo_line_to (cr, x + area->height, area->y);
    }
  cairo_stroke (cr);
  cairo_restore (cr);
}

gboolean
fettle_draw_is_exposed (cairo_t *cr, const FettleRectangle *area)
{
  double left, top, right, bottom;

  cairo_clip_extents (cr, &left, &top, &right, &bottom);
  return area->x < right && area->x + area->width > left && area->y < bottom
         && area->y + area->height > top;
}
