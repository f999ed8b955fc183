/* SPDX-License-Identifier: GPL-3.0-or-later */
/* column-chart-render.c: draws columns side by side with cairo. */
#include "widgets/column-chart-render.h"

#include <math.h>

#define NUMBER_GUESS "−0.000"
#define TICK_WIDTH   64 /* room for a number below the plot */
#define TICK_HEIGHT  22 /* and at its left */
#define SWATCH       12
#define LEGEND_GAP   18
#define WHISKER_CAP  5
#define LEAST_GAP    3 /* columns narrower than this have no gap between them */
/* On a logarithmic axis the lowest column is at least so many times the lower edge: all have a height worth the name. */
#define LOWEST_COLUMN 3.0
/* Limits farther away than this, in largest values, would press these flat. */
#define LIMIT_REACH 1.5
/* Limits nearer to the values than this share of their range need no room of their own. */
#define LIMIT_MARGIN 0.05

/* One drawing. */
typedef struct
{
  cairo_t *cr;
  PangoContext *context;
  const FettleColumnContents *contents;
  const FettleColumnLayout *layout;
  const FettleAxis *axis;
  const FettlePalette *palette;
} Drawing;

static gboolean
has_text (const char *text)
{
  return text != NULL && text[0] != '\0';
}

static void
include (double value, gboolean is_logarithmic, double *low, double *high)
{
  if (!isfinite (value) || (is_logarithmic && value <= 0))
    return;
  *low = MIN (*low, value);
  *high = MAX (*high, value);
}

static void
include_limits (const FettleColumnContents *contents, double *low, double *high)
{
  double reach = LIMIT_REACH * MAX (fabs (*low), fabs (*high));
  double margin = LIMIT_MARGIN * (*high - *low);

  if (fabs (contents->lower) <= reach && contents->lower < *low - margin)
    include (contents->lower, FALSE, low, high);
  if (fabs (contents->upper) <= reach && contents->upper > *high + margin)
    include (contents->upper, FALSE, low, high);
}

void
fettle_column_chart_init_axis (const FettleColumnContents *contents, guint max_ticks,
                               FettleAxis *axis)
{
  gboolean is_logarithmic = contents->is_logarithmic;
  double low = INFINITY, high = -INFINITY;

  for (guint i = 0; i < contents->n_items; i++)
    {
      const FettleColumnItem *item = &contents->items[i];

      include (item->low, is_logarithmic, &low, &high);
      include (item->high, is_logarithmic, &low, &high);
      include (item->compared_low, is_logarithmic, &low, &high);
      include (item->compared_high, is_logarithmic, &low, &high);
    }
  if (contents->style == FETTLE_COLUMNS_WHISKERS)
    include_limits (contents, &low, &high);
  if (is_logarithmic)
    fettle_axis_init_log (axis, low / LOWEST_COLUMN, high, MAX (max_ticks, 2));
  else
    fettle_axis_init_linear (axis, low, high, MAX (max_ticks, 2), contents->format);
}

static double
measure_numbers (const FettleColumnContents *contents, PangoContext *context,
                 const FettleAxis *axis)
{
  double width = fettle_text_get_width (context, NUMBER_GUESS, FETTLE_TEXT_SMALL);

  for (guint i = 0; i < axis->n_ticks; i++)
    {
      g_autofree char *text = fettle_format_tick (contents->format, axis->ticks[i]);

      width = MAX (width, fettle_text_get_width (context, text, FETTLE_TEXT_SMALL));
    }
  return width;
}

void
fettle_column_chart_init_layout (const FettleColumnContents *contents,
                                 PangoContext *context, double width, double height,
                                 FettleColumnLayout *layout, FettleAxis *axis)
{
  FettleColumnMetrics metrics = {
    .line_height = fettle_text_get_height (context, FETTLE_TEXT_PLAIN),
    .small_height = fettle_text_get_height (context, FETTLE_TEXT_SMALL),
    .has_title = has_text (contents->title),
    .has_legend = has_text (contents->column_name),
  };

  fettle_column_layout_init (layout, &metrics, width, height, contents->n_items);
  fettle_column_chart_init_axis (contents, (guint)(layout->plot.height / TICK_HEIGHT),
                                 axis);
  metrics.number_width = measure_numbers (contents, context, axis);
  fettle_column_layout_init (layout, &metrics, width, height, contents->n_items);
}

static double
get_y (const Drawing *drawing, double value)
{
  return fettle_column_layout_get_y (drawing->layout, drawing->axis, value);
}

/* --- the axes --- */

static void
draw_numbers (const Drawing *drawing)
{
  const FettleRectangle *plot = &drawing->layout->plot;
  const FettleRectangle *numbers = &drawing->layout->numbers;
  double height = fettle_text_get_height (drawing->context, FETTLE_TEXT_SMALL);

  for (guint i = 0; i < drawing->axis->n_ticks; i++)
    {
      double y = get_y (drawing, drawing->axis->ticks[i]);
      FettleRectangle area = { numbers->x, y - height / 2, numbers->width, height };
      g_autofree char *text =
          fettle_format_tick (drawing->contents->format, drawing->axis->ticks[i]);

      fettle_draw_horizontal (drawing->cr, y, plot->x, plot->x + plot->width,
                              &drawing->palette->grid);
      fettle_draw_text (drawing->cr, drawing->context, text, &area, PANGO_ALIGN_RIGHT,
                        FETTLE_TEXT_SMALL, &drawing->palette->dim_text);
    }
}

/* Where VALUE of the lower axis is. */
static double
get_x (const Drawing *drawing, double value)
{
  const FettleRectangle *plot = &drawing->layout->plot;
  const FettleColumnContents *contents = drawing->contents;

  return plot->x
         + round ((value - contents->start) / contents->step / contents->n_items
                  * plot->width);
}

static void
draw_ticks (const Drawing *drawing)
{
  const FettleColumnContents *contents = drawing->contents;
  const FettleRectangle *plot = &drawing->layout->plot;
  double last = contents->start + contents->n_items * contents->step;
  double ticks[FETTLE_AXIS_MAX_TICKS];
  guint n = fettle_column_layout_find_ticks (contents->start, last,
                                             (guint)(plot->width / TICK_WIDTH),
                                             contents->is_ordinal, ticks);

  for (guint i = 0; i < n; i++)
    {
      double x = get_x (drawing, ticks[i]);
      FettleRectangle area = { x - TICK_WIDTH / 2, drawing->layout->ticks.y, TICK_WIDTH,
                               drawing->layout->ticks.height };
      g_autofree char *text = fettle_format_tick (
          contents->is_ordinal ? FETTLE_NUMBER_COUNT : FETTLE_NUMBER_REAL, ticks[i]);

      fettle_draw_vertical (drawing->cr, MIN (x, plot->x + plot->width - 1),
                            plot->y + plot->height, plot->y + plot->height + 4,
                            &drawing->palette->axis);
      fettle_draw_text (drawing->cr, drawing->context, text, &area, PANGO_ALIGN_CENTER,
                        FETTLE_TEXT_SMALL, &drawing->palette->dim_text);
    }
}

static void
draw_names (const Drawing *drawing)
{
  const FettleRectangle *names = &drawing->layout->names;
  FettleRectangle left = *names, right = *names;

  left.width = floor (names->width / 2);
  right.x = names->x + left.width;
  right.width = names->width - left.width;
  if (has_text (drawing->contents->y_name))
    {
      g_autofree char *text = g_strconcat ("↑ ", drawing->contents->y_name, NULL);

      fettle_draw_text (drawing->cr, drawing->context, text, &left, PANGO_ALIGN_LEFT,
                        FETTLE_TEXT_SMALL, &drawing->palette->dim_text);
    }
  if (has_text (drawing->contents->x_name))
    {
      g_autofree char *text = g_strconcat (drawing->contents->x_name, " →", NULL);

      fettle_draw_text (drawing->cr, drawing->context, text, &right, PANGO_ALIGN_RIGHT,
                        FETTLE_TEXT_SMALL, &drawing->palette->dim_text);
    }
}

/* --- the legend --- */

/* Returns the place after TEXT. */
static double
draw_legend_text (const Drawing *drawing, double x, const char *text)
{
  const FettleRectangle *legend = &drawing->layout->legend;
  double width = fettle_text_get_width (drawing->context, text, FETTLE_TEXT_SMALL) + 2;
  FettleRectangle area = { x, legend->y, MIN (width, legend->x + legend->width - x),
                           legend->height };

  fettle_draw_text (drawing->cr, drawing->context, text, &area, PANGO_ALIGN_LEFT,
                    FETTLE_TEXT_SMALL, &drawing->palette->text);
  return x + width + LEGEND_GAP;
}

static void
draw_compared_swatch (const Drawing *drawing, double x, double middle)
{
  FettleRectangle line = { x, middle - 1, SWATCH, 2 };
  FettleRectangle cap = { x + SWATCH / 2 - 2, middle - 5, WHISKER_CAP, 1 };

  if (drawing->contents->style == FETTLE_COLUMNS_STEPS)
    {
      fettle_draw_fill (drawing->cr, &line, &drawing->palette->reference);
      return;
    }
  fettle_draw_vertical (drawing->cr, x + SWATCH / 2, middle - 5, middle + 5,
                        &drawing->palette->whisker);
  fettle_draw_fill (drawing->cr, &cap, &drawing->palette->whisker);
  cap.y = middle + 4;
  fettle_draw_fill (drawing->cr, &cap, &drawing->palette->whisker);
}

/* TRUE if LIMIT lies within what is shown, and not along the axis, where a line would say nothing new. */
static gboolean
is_limit_shown (const Drawing *drawing, double limit)
{
  const FettleRectangle *plot = &drawing->layout->plot;
  double x;

  if (!isfinite (limit))
    return FALSE;
  if (drawing->contents->style == FETTLE_COLUMNS_STEPS)
    {
      x = get_x (drawing, limit);
      return x > plot->x && x < plot->x + plot->width;
    }
  return limit >= drawing->axis->minimum && limit <= drawing->axis->maximum
         && fabs (get_y (drawing, limit) - get_y (drawing, 0)) > 2;
}

static void
draw_legend (const Drawing *drawing)
{
  const FettleColumnContents *contents = drawing->contents;
  const FettleRectangle *legend = &drawing->layout->legend;
  double middle = round (legend->y + legend->height / 2), x = legend->x;
  FettleRectangle swatch = { x, middle - 5, SWATCH, 10 };

  if (!has_text (contents->column_name))
    return;
  fettle_draw_fill (drawing->cr, &swatch, &drawing->palette->bar);
  x = draw_legend_text (drawing, x + SWATCH + 5, contents->column_name);
  if (has_text (contents->compared_name))
    {
      draw_compared_swatch (drawing, x, middle);
      x = draw_legend_text (drawing, x + SWATCH + 5, contents->compared_name);
    }
  if (has_text (contents->limit_name)
      && (is_limit_shown (drawing, contents->lower)
          || is_limit_shown (drawing, contents->upper)))
    {
      fettle_draw_dashes (drawing->cr, x, middle, x + 2 * SWATCH, middle,
                          &drawing->palette->budget);
      draw_legend_text (drawing, x + 2 * SWATCH + 5, contents->limit_name);
    }
}

/* --- the columns --- */

static void
draw_band (const Drawing *drawing, guint index, const FettleRectangle *band)
{
  const FettleColumnContents *contents = drawing->contents;

  if ((int)index == contents->selected)
    fettle_draw_fill (drawing->cr, band, &drawing->palette->selection);
  if ((int)index == contents->hovered)
    fettle_draw_fill (drawing->cr, band, &drawing->palette->hover);
}

static void
draw_column (const Drawing *drawing, guint index)
{
  const FettleColumnItem *item = &drawing->contents->items[index];
  FettleRectangle band, column;
  double top, bottom;

  fettle_column_layout_get_band (drawing->layout, index, &band);
  if (!fettle_draw_is_exposed (drawing->cr, &band))
    return;
  draw_band (drawing, index, &band);
  if (!isfinite (item->high) || (drawing->axis->logarithmic && item->high <= 0))
    return;
  top = get_y (drawing, item->high);
  bottom = get_y (drawing, isfinite (item->low) ? item->low : 0);
  column = band;
  column.y = top;
  /* Something that is not nothing must not look like nothing. */
  column.height = item->high == item->low ? 0 : MAX (bottom - top, 1);
  if (band.width > LEAST_GAP)
    column.width -= 1;
  fettle_draw_fill (drawing->cr, &column, &drawing->palette->bar);
}

static void
draw_whisker (const Drawing *drawing, guint index)
{
  const FettleColumnItem *item = &drawing->contents->items[index];
  const FettleColor *color = &drawing->palette->whisker;
  FettleRectangle band;
  double top, bottom, column_top, column_bottom, x, cap;

  if (!isfinite (item->compared_low) || !isfinite (item->compared_high))
    return;
  fettle_column_layout_get_band (drawing->layout, index, &band);
  top = get_y (drawing, item->compared_high);
  bottom = get_y (drawing, item->compared_low);
  x = band.x + floor ((band.width - 1) / 2);
  cap = band.width > LEAST_GAP ? MIN (WHISKER_CAP, band.width - 1) : 1;
  /* Inside of the column it would only be in the way. */
  column_top = isfinite (item->high) ? get_y (drawing, item->high) : bottom;
  column_bottom = isfinite (item->low) ? get_y (drawing, item->low) : bottom;
  if (top < column_top)
    fettle_draw_vertical (drawing->cr, x, top, MIN (column_top, bottom + 1), color);
  if (bottom > column_bottom)
    fettle_draw_vertical (drawing->cr, x, MAX (column_bottom, top), bottom + 1, color);
  fettle_draw_horizontal (drawing->cr, top, x - floor (cap / 2),
                          x - floor (cap / 2) + cap, color);
  fettle_draw_horizontal (drawing->cr, bottom, x - floor (cap / 2),
                          x - floor (cap / 2) + cap, color);
}

/* One line along the tops of what is compared. */
static void
draw_steps (const Drawing *drawing)
{
  const FettleRectangle *plot = &drawing->layout->plot;
  double bottom = plot->y + plot->height;
  FettleRectangle band;

  cairo_save (drawing->cr);
  cairo_rectangle (drawing->cr, plot->x - 1, plot->y - 1, plot->width + 2,
                   plot->height + 1);
  cairo_clip (drawing->cr);
  cairo_move_to (drawing->cr, plot->x, bottom + 2);
  for (guint i = 0; i < drawing->contents->n_items; i++)
    {
      double value = drawing->contents->items[i].compared_high;
      double y = value > 0 ? get_y (drawing, value) : bottom + 2;

      fettle_column_layout_get_band (drawing->layout, i, &band);
      cairo_line_to (drawing->cr, band.x, y);
      cairo_line_to (drawing->cr, band.x + band.width, y);
    }
  cairo_line_to (drawing->cr, plot->x + plot->width, bottom + 2);
  cairo_set_line_width (drawing->cr, 2);
  cairo_set_line_join (drawing->cr, CAIRO_LINE_JOIN_MITER);
  fettle_color_set_source (&drawing->palette->reference, drawing->cr);
  cairo_stroke (drawing->cr);
  cairo_restore (drawing->cr);
}

static void
draw_limit (const Drawing *drawing, double limit)
{
  const FettleRectangle *plot = &drawing->layout->plot;
  double x, y;

  if (!is_limit_shown (drawing, limit))
    return;
  if (drawing->contents->style == FETTLE_COLUMNS_STEPS)
    {
      x = get_x (drawing, limit);
      fettle_draw_dashes (drawing->cr, x, plot->y, x, plot->y + plot->height,
                          &drawing->palette->budget);
      return;
    }
  y = get_y (drawing, limit);
  fettle_draw_dashes (drawing->cr, plot->x, y, plot->x + plot->width, y,
                      &drawing->palette->budget);
}

static void
draw_focus (const Drawing *drawing)
{
  FettleRectangle band;

  if (drawing->contents->selected < 0
      || drawing->contents->selected >= (int)drawing->contents->n_items)
    return;
  fettle_column_layout_get_band (drawing->layout, (guint)drawing->contents->selected,
                                 &band);
  band.width = MAX (band.width, 3);
  fettle_draw_outline (drawing->cr, &band, drawing->contents->focused ? 2 : 1,
                       &drawing->palette->accent);
}

static void
draw_plot (const Drawing *drawing)
{
  const FettleRectangle *plot = &drawing->layout->plot;
  double origin = get_y (drawing, 0);

  draw_numbers (drawing);
  for (guint i = 0; i < drawing->contents->n_items; i++)
    draw_column (drawing, i);
  if (drawing->contents->style == FETTLE_COLUMNS_STEPS)
    draw_steps (drawing);
  else
    for (guint i = 0; i < drawing->contents->n_items; i++)
      draw_whisker (drawing, i);
  draw_limit (drawing, drawing->contents->lower);
  draw_limit (drawing, drawing->contents->upper);
  fettle_draw_horizontal (drawing->cr, origin, plot->x, plot->x + plot->width,
                          &drawing->palette->axis);
  draw_focus (drawing);
}

void
fettle_column_chart_draw (cairo_t *cr, PangoContext *context,
                          const FettleColumnContents *contents,
                          const FettleColumnLayout *layout, const FettleAxis *axis,
                          const FettlePalette *palette)
{
  const Drawing drawing = { cr, context, contents, layout, axis, palette };
  FettleRectangle everything = { 0, 0, layout->plot.x + layout->plot.width + 100,
                                 layout->names.y + layout->names.height + 100 };

  fettle_draw_fill (cr, &everything, &palette->background);
  fettle_draw_text (cr, context, contents->title, &layout->title, PANGO_ALIGN_LEFT,
                    FETTLE_TEXT_BOLD, &palette->text);
  if (contents->n_items == 0)
    {
      fettle_draw_text (cr, context, contents->empty_text, &layout->plot,
                        PANGO_ALIGN_CENTER, FETTLE_TEXT_PLAIN, &palette->dim_text);
      return;
    }
  draw_legend (&drawing);
  draw_plot (&drawing);
  draw_ticks (&drawing);
  draw_names (&drawing);
}

void
fettle_column_chart_render (cairo_t *cr, PangoContext *context,
                            const FettleColumnContents *contents,
                            const FettlePalette *palette, double width, double height)
{
  FettleColumnLayout layout;
  FettleAxis axis;

  g_return_if_fail (cr != NULL && contents != NULL && palette != NULL);

  fettle_column_chart_init_layout (contents, context, width, height, &layout, &axis);
  fettle_column_chart_draw (cr, context, contents, &layout, &axis, palette);
}
