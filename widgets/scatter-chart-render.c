/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scatter-chart-render.c: draws a scatter chart with cairo. */
#include "widgets/scatter-chart-render.h"

#include <math.h>

#define LEAST_RADIUS   4
#define MOST_RADIUS    12
#define PLAIN_RADIUS   6 /* where no size is known */
#define LABEL_DISTANCE 8
#define LABEL_WIDTH    260

typedef struct
{
  cairo_t *cr;
  PangoContext *context;
  const FettleScatterContents *contents;
  const FettleScatterLayout *layout;
  const FettlePalette *palette;
} Drawing;

FettleScatterPoint *
fettle_scatter_chart_list_points (const FettleScatterItem *items, guint n_items)
{
  FettleScatterPoint *points = g_new (FettleScatterPoint, MAX (n_items, 1));

  for (guint i = 0; i < n_items; i++)
    points[i] = items[i].point;
  return points;
}

/* --- layout --- */

static void
find_maxima (const FettleScatterContents *contents, double *x, double *y)
{
  *x = 0;
  *y = 0;
  for (guint i = 0; i < contents->n_items; i++)
    {
      *x = MAX (*x, contents->items[i].point.x);
      *y = MAX (*y, contents->items[i].point.y);
    }
  /* An axis from nothing to nothing has no ticks. */
  if (*x <= 0)
    *x = 1;
  if (*y <= 0)
    *y = contents->y_format == FETTLE_NUMBER_PERCENT ? 0.01 : 1;
}

void
fettle_scatter_chart_lay_out (const FettleScatterContents *contents,
                              PangoContext *context, double width, double height,
                              FettleScatterLayout *layout)
{
  FettleScatterMetrics metrics = { .line_height = fettle_text_get_height (context, 0) };
  FettleAxis x_axis, y_axis;
  double x, y;

  find_maxima (contents, &x, &y);
  fettle_axis_init_linear (&x_axis, 0, x, 8, contents->x_format);
  fettle_axis_init_linear (&y_axis, 0, y, 6, contents->y_format);
  for (guint i = 0; i < y_axis.n_ticks; i++)
    {
      g_autofree char *text = fettle_format_tick (contents->y_format, y_axis.ticks[i]);

      metrics.y_tick_width =
          MAX (metrics.y_tick_width, fettle_text_get_width (context, text, 0));
    }
  fettle_scatter_layout_init (layout, &metrics, &x_axis, &y_axis, width, height);
}

double
fettle_scatter_chart_get_radius (const FettleScatterContents *contents, guint index)
{
  double size = contents->items[index].point.size, most = 0;

  for (guint i = 0; i < contents->n_items; i++)
    if (isfinite (contents->items[i].point.size))
      most = MAX (most, contents->items[i].point.size);
  if (!isfinite (size) || most <= 0)
    return PLAIN_RADIUS;
  /* The area stands for the size. */
  return MAX (LEAST_RADIUS, MOST_RADIUS * sqrt (size / most));
}

/* --- drawing --- */

static void
draw_x_axis (const Drawing *drawing)
{
  const FettleRectangle *plot = &drawing->layout->plot;
  const FettleAxis *axis = &drawing->layout->x_axis;
  double bottom = plot->y + plot->height, line = drawing->layout->line_height;
  FettleRectangle title = { plot->x, bottom + line + 12, plot->width, line };

  for (guint i = 0; i < axis->n_ticks; i++)
    {
      double x = plot->x + fettle_axis_normalize (axis, axis->ticks[i]) * plot->width;
      g_autofree char *text =
          fettle_format_tick (drawing->contents->x_format, axis->ticks[i]);
      FettleRectangle area = { x - 50, bottom + 6, 100, line };

      fettle_draw_vertical (drawing->cr, x, plot->y, bottom, &drawing->palette->grid);
      fettle_draw_text (drawing->cr, drawing->context, text, &area, PANGO_ALIGN_CENTER,
                        FETTLE_TEXT_PLAIN, &drawing->palette->dim_text);
    }
  fettle_draw_horizontal (drawing->cr, bottom, plot->x, plot->x + plot->width,
                          &drawing->palette->axis);
  fettle_draw_text (drawing->cr, drawing->context, drawing->contents->x_title, &title,
                    PANGO_ALIGN_RIGHT, FETTLE_TEXT_BOLD, &drawing->palette->text);
}

static void
draw_y_axis (const Drawing *drawing)
{
  const FettleRectangle *plot = &drawing->layout->plot;
  const FettleAxis *axis = &drawing->layout->y_axis;
  double line = drawing->layout->line_height;
  FettleRectangle title = { 12, plot->y - line - 6, plot->width, line };

  for (guint i = 0; i < axis->n_ticks; i++)
    {
      double y = plot->y + plot->height
                 - fettle_axis_normalize (axis, axis->ticks[i]) * plot->height;
      g_autofree char *text =
          fettle_format_tick (drawing->contents->y_format, axis->ticks[i]);
      FettleRectangle area = { 0, y - line / 2, plot->x - 6, line };

      fettle_draw_horizontal (drawing->cr, y, plot->x, plot->x + plot->width,
                              &drawing->palette->grid);
      fettle_draw_text (drawing->cr, drawing->context, text, &area, PANGO_ALIGN_RIGHT,
                        FETTLE_TEXT_PLAIN, &drawing->palette->dim_text);
    }
  fettle_draw_vertical (drawing->cr, plot->x, plot->y, plot->y + plot->height,
                        &drawing->palette->axis);
  fettle_draw_text (drawing->cr, drawing->context, drawing->contents->y_title, &title,
                    PANGO_ALIGN_LEFT, FETTLE_TEXT_BOLD, &drawing->palette->text);
}

static int
compare_x (gconstpointer a, gconstpointer b)
{
  const FettleScatterPoint *first = a, *second = b;

  return first->x != second->x ? (first->x > second->x) - (first->x < second->x)
                               : (first->y < second->y) - (first->y > second->y);
}

/* A staircase: between two points of the front, what the first one reaches is what there is. */
static void
draw_front (const Drawing *drawing, const gboolean *on_front)
{
  g_autoptr (GArray) front = g_array_new (FALSE, FALSE, sizeof (FettleScatterPoint));
  double last_x = 0, last_y = 0;

  for (guint i = 0; i < drawing->contents->n_items; i++)
    if (on_front[i])
      g_array_append_val (front, drawing->contents->items[i].point);
  g_array_sort (front, compare_x);
  for (guint i = 0; i < front->len; i++)
    {
      double x, y;

      fettle_scatter_layout_get_place (
          drawing->layout, &g_array_index (front, FettleScatterPoint, i), &x, &y);
      if (i > 0)
        {
          fettle_draw_dashes (drawing->cr, last_x, last_y, x, last_y,
                              &drawing->palette->reference);
          fettle_draw_dashes (drawing->cr, x, last_y, x, y, &drawing->palette->reference);
        }
      last_x = x;
      last_y = y;
    }
}

static void
draw_circle (cairo_t *cr, double x, double y, double radius)
{
  cairo_new_sub_path (cr);
  cairo_arc (cr, x, y, radius, 0, 2 * G_PI);
}

static void
draw_label (const Drawing *drawing, guint index, double x, double y, double radius)
{
  const FettleScatterItem *item = &drawing->contents->items[index];
  const FettleRectangle *plot = &drawing->layout->plot;
  double line = drawing->layout->line_height;
  double text_width =
      MAX (fettle_text_get_width (drawing->context, item->label, FETTLE_TEXT_BOLD),
           fettle_text_get_width (drawing->context, item->text, FETTLE_TEXT_SMALL));
  gboolean is_left =
      x + radius + LABEL_DISTANCE + MIN (text_width, LABEL_WIDTH) > plot->x + plot->width;
  FettleRectangle area = { is_left ? x - radius - LABEL_DISTANCE - LABEL_WIDTH
                                   : x + radius + LABEL_DISTANCE,
                           y - line - 1, LABEL_WIDTH, line };
  PangoAlignment alignment = is_left ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT;
  FettleRectangle behind = area;
  FettleColor veil = drawing->palette->background;

  /* Lines run on behind the words, but do not strike them through. */
  veil.alpha = 0.85;
  behind.width = MIN (text_width, LABEL_WIDTH);
  behind.height = 2 * line + 2;
  behind.x += is_left ? LABEL_WIDTH - behind.width : 0;
  fettle_draw_fill (drawing->cr, &behind, &veil);
  fettle_draw_text (drawing->cr, drawing->context, item->label, &area, alignment,
                    FETTLE_TEXT_BOLD, &drawing->palette->text);
  area.y = y + 1;
  fettle_draw_text (drawing->cr, drawing->context, item->text, &area, alignment,
                    FETTLE_TEXT_SMALL, &drawing->palette->dim_text);
}

/* Filled on the front, hollow behind it: not only a matter of colour. */
static void
draw_point (const Drawing *drawing, guint index, gboolean on_front)
{
  const FettleScatterContents *contents = drawing->contents;
  double radius = fettle_scatter_chart_get_radius (contents, index);
  cairo_t *cr = drawing->cr;
  double x, y;

  fettle_scatter_layout_get_place (drawing->layout, &contents->items[index].point, &x,
                                   &y);
  draw_circle (cr, x, y, radius);
  fettle_color_set_source (
      on_front ? &drawing->palette->bar : &drawing->palette->background, cr);
  cairo_fill_preserve (cr);
  fettle_color_set_source (&drawing->palette->bar, cr);
  cairo_set_line_width (cr, 2);
  cairo_stroke (cr);
  if ((int)index == contents->selected)
    {
      draw_circle (cr, x, y, radius + 4);
      fettle_color_set_source (&drawing->palette->accent, cr);
      cairo_set_line_width (cr, contents->focused ? 3 : 2);
      cairo_stroke (cr);
    }
  if ((int)index == contents->selected || (int)index == contents->hovered)
    draw_label (drawing, index, x, y, radius);
}

void
fettle_scatter_chart_draw (cairo_t *cr, PangoContext *context,
                           const FettleScatterContents *contents,
                           const FettleScatterLayout *layout,
                           const FettlePalette *palette)
{
  const Drawing drawing = { cr, context, contents, layout, palette };
  g_autofree FettleScatterPoint *points =
      fettle_scatter_chart_list_points (contents->items, contents->n_items);
  g_autofree gboolean *on_front = g_new0 (gboolean, MAX (contents->n_items, 1));
  double left, top, right, bottom;
  FettleRectangle exposed;

  cairo_clip_extents (cr, &left, &top, &right, &bottom);
  exposed = (FettleRectangle){ left, top, right - left, bottom - top };
  fettle_draw_fill (cr, &exposed, &palette->background);
  if (contents->n_items == 0)
    {
      fettle_draw_text (cr, context, contents->empty_text, &exposed, PANGO_ALIGN_CENTER,
                        FETTLE_TEXT_PLAIN, &palette->dim_text);
      return;
    }
  draw_x_axis (&drawing);
  draw_y_axis (&drawing);
  fettle_scatter_find_front (points, contents->n_items, on_front);
  draw_front (&drawing, on_front);
  for (guint i = 0; i < contents->n_items; i++)
    draw_point (&drawing, i, on_front[i]);
}
