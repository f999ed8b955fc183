/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bullet-chart-render.c: draws a bullet chart with cairo. */
#include "widgets/bullet-chart-render.h"

#include <math.h>

#define EMPTY_ROWS   3
#define BAR_INSET    4 /* of the bar within its track */
#define LIMIT_WIDTH  3
#define MARK_SIZE    5
#define TIGHT_SHARE  0.8 /* of the limit: from here on the track is darker */
#define UNKNOWN_TEXT "\u2013"

typedef struct
{
  cairo_t *cr;
  PangoContext *context;
  const FettleBulletContents *contents;
  const FettleBulletLayout *layout;
  const FettlePalette *palette;
} Drawing;

static const char *
get_text (const FettleBulletItem *item)
{
  return item->text != NULL ? item->text : UNKNOWN_TEXT;
}

void
fettle_bullet_chart_measure (const FettleBulletContents *contents, PangoContext *context,
                             FettleBulletMetrics *metrics)
{
  *metrics = (FettleBulletMetrics){
    .line_height = fettle_text_get_height (context, FETTLE_TEXT_BOLD),
    .small_line_height = fettle_text_get_height (context, FETTLE_TEXT_SMALL),
  };
  for (guint i = 0; i < contents->n_items; i++)
    {
      const FettleBulletItem *item = &contents->items[i];
      double label = fettle_text_get_width (context, item->label, FETTLE_TEXT_BOLD);
      double text = fettle_text_get_width (context, get_text (item), FETTLE_TEXT_BOLD);
      double detail = fettle_text_get_width (context, item->detail, FETTLE_TEXT_SMALL);

      metrics->label_width = MAX (metrics->label_width, label + 1);
      metrics->text_width = MAX (metrics->text_width, MAX (text, detail) + 1);
    }
}

/* TRUE if the item breaks its limit. */
static gboolean
is_over (const FettleBulletItem *item)
{
  return item->known && isfinite (item->limit) && item->value > item->limit;
}

static double
get_x (const FettleRectangle *track, double maximum, double value)
{
  return track->x + round (CLAMP (value / maximum, 0, 1) * track->width);
}

/* Up to the limit; its last fifth is darker. Without a limit the track is plain. */
static void
draw_track (const Drawing *drawing, const FettleBulletItem *item,
            const FettleRectangle *track, double maximum)
{
  FettleRectangle area = *track;

  if (isfinite (item->limit))
    {
      double tight = get_x (track, maximum, item->limit * TIGHT_SHARE);

      area.width = get_x (track, maximum, item->limit) - track->x;
      fettle_draw_fill (drawing->cr, &area, &drawing->palette->grid);
      area.width += area.x - tight;
      area.x = tight;
      fettle_draw_fill (drawing->cr, &area, &drawing->palette->hover);
      fettle_draw_fill (drawing->cr, &area, &drawing->palette->hover);
      return;
    }
  fettle_draw_fill (drawing->cr, &area, &drawing->palette->grid);
}

/* What lies beyond the limit has another colour, and slanting lines for those who do not see colours. */
static void
draw_value (const Drawing *drawing, const FettleBulletItem *item,
            const FettleRectangle *track, double maximum)
{
  double end = get_x (track, maximum, item->value);
  FettleRectangle bar = { track->x, track->y + BAR_INSET,
                          MAX (end - track->x, item->value > 0 ? 2 : 0),
                          track->height - 2 * BAR_INSET };
  double limit;

  fettle_draw_fill (drawing->cr, &bar, &drawing->palette->bar);
  if (!is_over (item))
    return;
  limit = get_x (track, maximum, item->limit);
  bar.width = MAX (end - limit, 2);
  bar.x = limit;
  fettle_draw_fill (drawing->cr, &bar, &drawing->palette->budget);
  fettle_draw_hatch (drawing->cr, &bar, &drawing->palette->background);
}

/* A small rhombus below the bar's middle: what it was before. */
static void
draw_mark (const Drawing *drawing, const FettleRectangle *track, double x)
{
  cairo_t *cr = drawing->cr;
  double y = track->y + track->height / 2;

  cairo_move_to (cr, x, y - MARK_SIZE);
  cairo_line_to (cr, x + MARK_SIZE, y);
  cairo_line_to (cr, x, y + MARK_SIZE);
  cairo_line_to (cr, x - MARK_SIZE, y);
  cairo_close_path (cr);
  fettle_color_set_source (&drawing->palette->background, cr);
  cairo_fill_preserve (cr);
  fettle_color_set_source (&drawing->palette->reference, cr);
  cairo_set_line_width (cr, 1.5);
  cairo_stroke (cr);
}

static void
draw_bar (const Drawing *drawing, const FettleBulletItem *item, guint index)
{
  double maximum = fettle_bullet_get_maximum (
      item->known ? MAX (item->value, item->reach) : NAN, item->limit, item->compared);
  FettleRectangle track;

  /* With nothing to hold it against, a bar would say nothing. */
  if (item->known && !isfinite (item->limit) && !isfinite (item->compared))
    return;
  fettle_bullet_layout_get_track (drawing->layout, index, &track);
  draw_track (drawing, item, &track, maximum);
  if (item->known)
    draw_value (drawing, item, &track, maximum);
  else
    fettle_draw_hatch (drawing->cr, &track, &drawing->palette->unknown);
  if (isfinite (item->limit))
    {
      FettleRectangle limit = { get_x (&track, maximum, item->limit) - 1, track.y - 3,
                                LIMIT_WIDTH, track.height + 6 };

      fettle_draw_fill (drawing->cr, &limit, &drawing->palette->budget);
    }
  if (isfinite (item->compared))
    draw_mark (drawing, &track, get_x (&track, maximum, item->compared));
}

static void
draw_row (const Drawing *drawing, guint index)
{
  const FettleBulletItem *item = &drawing->contents->items[index];
  const FettleBulletLayout *layout = drawing->layout;
  const FettlePalette *palette = drawing->palette;
  PangoAlignment alignment = layout->is_narrow ? PANGO_ALIGN_LEFT : PANGO_ALIGN_RIGHT;
  FettleRectangle row, track, label, text, detail;

  fettle_bullet_layout_get_row (layout, index, &row);
  if (!fettle_draw_is_exposed (drawing->cr, &row))
    return;
  if ((int)index == drawing->contents->hovered)
    fettle_draw_fill (drawing->cr, &row, &palette->hover);
  if ((int)index == drawing->contents->cursor)
    fettle_draw_outline (drawing->cr, &row, 2, &palette->accent);
  draw_bar (drawing, item, index);
  fettle_bullet_layout_get_track (layout, index, &track);
  fettle_bullet_layout_get_texts (layout, index, &text, &detail);
  label =
      (FettleRectangle){ layout->label_x, track.y, layout->label_width, track.height };
  if (item->detail == NULL && !layout->is_narrow)
    text = (FettleRectangle){ text.x, track.y, text.width, track.height };
  fettle_draw_text (drawing->cr, drawing->context, item->label, &label, PANGO_ALIGN_LEFT,
                    FETTLE_TEXT_BOLD, &palette->text);
  fettle_draw_text (drawing->cr, drawing->context, get_text (item), &text, alignment,
                    FETTLE_TEXT_BOLD, is_over (item) ? &palette->budget : &palette->text);
  fettle_draw_text (drawing->cr, drawing->context, item->detail, &detail, alignment,
                    FETTLE_TEXT_SMALL, &palette->dim_text);
}

void
fettle_bullet_chart_draw (cairo_t *cr, PangoContext *context,
                          const FettleBulletContents *contents,
                          const FettleBulletLayout *layout, const FettlePalette *palette)
{
  const Drawing drawing = { cr, context, contents, layout, palette };
  double left, top, right, bottom;
  FettleRectangle exposed;

  cairo_clip_extents (cr, &left, &top, &right, &bottom);
  exposed = (FettleRectangle){ left, top, right - left, bottom - top };
  fettle_draw_fill (cr, &exposed, &palette->background);
  for (guint i = 0; i < contents->n_items; i++)
    draw_row (&drawing, i);
  if (contents->n_items == 0)
    fettle_draw_text (cr, context, contents->empty_text, &exposed, PANGO_ALIGN_CENTER,
                      FETTLE_TEXT_PLAIN, &palette->dim_text);
}

static void
init_layout (const FettleBulletContents *contents, PangoContext *context, double width,
             FettleBulletLayout *layout)
{
  FettleBulletMetrics metrics;

  fettle_bullet_chart_measure (contents, context, &metrics);
  fettle_bullet_layout_init (layout, &metrics, width,
                             contents->n_items > 0 ? contents->n_items : EMPTY_ROWS);
}

double
fettle_bullet_chart_get_full_height (const FettleBulletContents *contents,
                                     PangoContext *context, double width)
{
  FettleBulletLayout layout;

  init_layout (contents, context, width, &layout);
  return fettle_bullet_layout_get_height (&layout);
}

void
fettle_bullet_chart_render (cairo_t *cr, PangoContext *context,
                            const FettleBulletContents *contents,
                            const FettlePalette *palette, double width)
{
  FettleBulletLayout layout;

  g_return_if_fail (cr != NULL && contents != NULL && palette != NULL);

  init_layout (contents, context, width, &layout);
  cairo_save (cr);
  cairo_rectangle (cr, 0, 0, width, fettle_bullet_layout_get_height (&layout));
  cairo_clip (cr);
  fettle_bullet_chart_draw (cr, context, contents, &layout, palette);
  cairo_restore (cr);
}
