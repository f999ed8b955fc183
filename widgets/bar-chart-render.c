/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bar-chart-render.c: draws a bar chart with cairo. */
#include "widgets/bar-chart-render.h"
#include "widgets/chart-draw.h"

#include <math.h>
#include <string.h>

#define STRIP_WIDTH 3 /* at the left of the selected row */
#define WHISKER_CAP 7
/* How far whiskers may stretch a linear axis, in longest bars: a single outlier among thousands of
 * measurements must not press all bars flat. Longer whiskers end in an arrow at the plot's edge. */
#define WHISKER_REACH   2
#define EMPTY_ROWS      4
#define UNKNOWN_TEXT    "\u2013"
#define AXIS_TEXT_GUESS "000\u00a0KiB"

/* One drawing. */
typedef struct
{
  cairo_t *cr;
  PangoContext *context;
  const FettleBarContents *contents;
  const FettleBarLayout *layout;
  const FettleAxis *axis;
  const FettlePalette *palette;
} Drawing;

static char *
format_value (const FettleBarContents *contents, const FettleBarItem *item)
{
  if (!item->known)
    return g_strdup (UNKNOWN_TEXT);
  if (item->text != NULL)
    return g_strdup (item->text);
  return fettle_format_number (contents->format, item->value);
}

static gboolean
has_text (const char *text)
{
  return text != NULL && text[0] != '\0';
}

void
fettle_bar_chart_measure (const FettleBarContents *contents, PangoContext *context,
                          FettleBarMetrics *metrics)
{
  glong longest_value = 0;

  *metrics = (FettleBarMetrics){
    .line_height = fettle_text_get_height (context, FETTLE_TEXT_PLAIN),
    .axis_text_width =
        fettle_text_get_width (context, AXIS_TEXT_GUESS, FETTLE_TEXT_SMALL),
    .n_header_lines = 1 + (has_text (contents->title) || has_text (contents->unit))
                      + has_text (contents->reference_label),
  };
  for (guint i = 0; i < contents->n_items; i++)
    {
      g_autofree char *value = format_value (contents, &contents->items[i]);
      glong length = g_utf8_strlen (value, -1);

      metrics->label_width = MAX (
          metrics->label_width,
          fettle_text_get_width (context, contents->items[i].label, FETTLE_TEXT_PLAIN));
      /* Digits are of equal width: shorter texts need not be measured. */
      if (length < longest_value)
        continue;
      longest_value = length;
      metrics->value_width =
          MAX (metrics->value_width,
               fettle_text_get_width (context, value, FETTLE_TEXT_PLAIN));
    }
}

/* Widens LOW and HIGH so that they hold VALUE. */
static void
include (double value, double *low, double *high)
{
  if (!isfinite (value))
    return;
  *low = MIN (*low, value);
  *high = MAX (*high, value);
}

void
fettle_bar_chart_init_axis (const FettleBarContents *contents,
                            const FettleBarLayout *layout, FettleAxis *axis)
{
  gboolean logarithmic = contents->scale == FETTLE_BAR_SCALE_LOG;
  double low = INFINITY, high = -INFINITY, longest = 0;

  for (guint i = 0; i < contents->n_items; i++)
    {
      const FettleBarItem *item = &contents->items[i];

      if (!item->known || (logarithmic && !(item->value > 0)))
        continue;
      include (item->value, &low, &high);
      if (isfinite (item->value))
        longest = MAX (longest, item->value);
      if (!logarithmic || item->low > 0)
        include (item->low, &low, &high);
      include (item->high, &low, &high);
    }
  if (!logarithmic && longest > 0)
    high = MIN (high, WHISKER_REACH * longest);
  if (!logarithmic || contents->reference > 0)
    include (contents->reference, &low, &high);
  if (logarithmic)
    fettle_axis_init_log (axis, low, high, layout->max_ticks);
  else
    fettle_axis_init_linear (axis, low, high, layout->max_ticks, contents->format);
  /* As long as nothing is known, an axis from 0 to 1 would only pretend. */
  if (!isfinite (high))
    axis->n_ticks = 0;
}

static double
value_to_x (const Drawing *drawing, double value)
{
  return drawing->layout->plot_x
         + fettle_bar_layout_get_length (drawing->layout,
                                         fettle_axis_normalize (drawing->axis, value));
}

/* Where bars start: 0, or the left edge of a logarithmic axis. */
static double
get_origin (const Drawing *drawing)
{
  return drawing->axis->logarithmic ? drawing->layout->plot_x : value_to_x (drawing, 0);
}

static void
draw_arrow_head (const Drawing *drawing, double x, double middle)
{
  cairo_t *cr = drawing->cr;

  cairo_move_to (cr, x + 1, middle + 0.5);
  cairo_line_to (cr, x - WHISKER_CAP / 2 - 1, middle + 0.5 - WHISKER_CAP / 2);
  cairo_line_to (cr, x - WHISKER_CAP / 2 - 1, middle + 0.5 + WHISKER_CAP / 2);
  cairo_close_path (cr);
  fettle_color_set_source (&drawing->palette->whisker, cr);
  cairo_fill (cr);
}

static void
draw_whisker (const Drawing *drawing, const FettleBarItem *item, double middle)
{
  const FettleColor *color = &drawing->palette->whisker;
  double left, right;

  if (!isfinite (item->low) || !isfinite (item->high) || item->low >= item->high)
    return;
  left = value_to_x (drawing, item->low);
  right = value_to_x (drawing, item->high);
  fettle_draw_horizontal (drawing->cr, middle, left, right + 1, color);
  fettle_draw_vertical (drawing->cr, left, middle - WHISKER_CAP / 2,
                        middle + WHISKER_CAP / 2 + 1, color);
  if (item->high > drawing->axis->maximum)
    draw_arrow_head (drawing, right, middle);
  else
    fettle_draw_vertical (drawing->cr, right, middle - WHISKER_CAP / 2,
                          middle + WHISKER_CAP / 2 + 1, color);
}

static void
draw_bar (const Drawing *drawing, const FettleBarItem *item, double top)
{
  const FettleBarLayout *layout = drawing->layout;
  double bar_top = top + floor ((layout->row_height - layout->bar_height) / 2);
  FettleRectangle bar = { layout->plot_x, bar_top, layout->plot_width,
                          layout->bar_height };
  double origin = get_origin (drawing);
  double end;

  if (!item->known)
    {
      fettle_draw_hatch (drawing->cr, &bar, &drawing->palette->unknown);
      return;
    }
  end = value_to_x (drawing, item->value);
  bar.x = MIN (origin, end);
  /* Something that is not nothing must not look like nothing. */
  bar.width = item->value == 0 ? 0 : MAX (fabs (end - origin), 1);
  fettle_draw_fill (drawing->cr, &bar, &drawing->palette->bar);
  draw_whisker (drawing, item, bar_top + floor (layout->bar_height / 2));
}

static void
draw_row_background (const Drawing *drawing, guint index, const FettleRectangle *row)
{
  const FettlePalette *palette = drawing->palette;
  FettleRectangle strip = { row->x, row->y, STRIP_WIDTH, row->height };

  if ((int)index == drawing->contents->hovered)
    fettle_draw_fill (drawing->cr, row, &palette->hover);
  if ((int)index != drawing->contents->selected)
    return;
  fettle_draw_fill (drawing->cr, row, &palette->selection);
  fettle_draw_fill (drawing->cr, &strip, &palette->accent);
  if (drawing->contents->focused)
    fettle_draw_outline (drawing->cr, row, 1, &palette->accent);
}

static void
draw_row (const Drawing *drawing, guint index, double top)
{
  const FettleBarLayout *layout = drawing->layout;
  const FettlePalette *palette = drawing->palette;
  const FettleBarItem *item = &drawing->contents->items[index];
  FettleRectangle row = { 0, top, layout->width, layout->row_height };
  FettleRectangle label = { layout->label_x, top, layout->label_width, row.height };
  FettleRectangle value = { layout->value_x, top, layout->value_width, row.height };
  g_autofree char *text = NULL;

  if (!fettle_draw_is_exposed (drawing->cr, &row))
    return;
  text = format_value (drawing->contents, item);
  draw_row_background (drawing, index, &row);
  draw_bar (drawing, item, top);
  fettle_draw_text (drawing->cr, drawing->context, item->label, &label, PANGO_ALIGN_LEFT,
                    FETTLE_TEXT_PLAIN, &palette->text);
  fettle_draw_text (drawing->cr, drawing->context, text, &value, PANGO_ALIGN_RIGHT,
                    FETTLE_TEXT_PLAIN, item->known ? &palette->text : &palette->dim_text);
}

/* Grid below the rows, from TOP to BOTTOM. */
static void
draw_grid (const Drawing *drawing, double top, double bottom)
{
  for (guint i = 0; i < drawing->axis->n_ticks; i++)
    fettle_draw_vertical (drawing->cr, value_to_x (drawing, drawing->axis->ticks[i]), top,
                          bottom, &drawing->palette->grid);
}

static void
draw_tick_texts (const Drawing *drawing, double top, double height)
{
  for (guint i = 0; i < drawing->axis->n_ticks; i++)
    {
      double tick = drawing->axis->ticks[i];
      g_autofree char *text = fettle_format_tick (drawing->contents->format, tick);
      double width =
          fettle_text_get_width (drawing->context, text, FETTLE_TEXT_SMALL) + 2;
      FettleRectangle area = { value_to_x (drawing, tick) - round (width / 2), top, width,
                               height };

      fettle_draw_text (drawing->cr, drawing->context, text, &area, PANGO_ALIGN_CENTER,
                        FETTLE_TEXT_SMALL, &drawing->palette->dim_text);
    }
}

static gboolean
has_reference (const Drawing *drawing)
{
  return isfinite (drawing->contents->reference)
         && (!drawing->axis->logarithmic || drawing->contents->reference > 0);
}

/* The label of the reference line, right or left of it, wherever there is room. */
static void
draw_reference_label (const Drawing *drawing, double top, double height)
{
  const char *label = drawing->contents->reference_label;
  double x = value_to_x (drawing, drawing->contents->reference);
  double width = fettle_text_get_width (drawing->context, label, FETTLE_TEXT_SMALL) + 2;
  FettleRectangle area = { x + 4, top, width, height };

  if (area.x + width > drawing->layout->width)
    area.x = MAX (x - 4 - width, 0);
  fettle_draw_text (drawing->cr, drawing->context, label, &area, PANGO_ALIGN_LEFT,
                    FETTLE_TEXT_SMALL, &drawing->palette->reference);
}

static void
draw_header (const Drawing *drawing)
{
  const FettleBarContents *contents = drawing->contents;
  const FettlePalette *palette = drawing->palette;
  const FettleBarLayout *layout = drawing->layout;
  double line = fettle_text_get_height (drawing->context, FETTLE_TEXT_PLAIN) + 4;
  double right = layout->value_x + layout->value_width;
  double unit_width =
      fettle_text_get_width (drawing->context, contents->unit, FETTLE_TEXT_SMALL) + 2;
  FettleRectangle title = { layout->label_x, 6, right - layout->label_x - unit_width - 12,
                            line };
  FettleRectangle unit = { right - unit_width, 6, unit_width, line };

  fettle_draw_text (drawing->cr, drawing->context, contents->title, &title,
                    PANGO_ALIGN_LEFT, FETTLE_TEXT_BOLD, &palette->text);
  fettle_draw_text (drawing->cr, drawing->context, contents->unit, &unit,
                    PANGO_ALIGN_RIGHT, FETTLE_TEXT_SMALL, &palette->dim_text);
  if (has_text (contents->reference_label) && has_reference (drawing))
    draw_reference_label (drawing, layout->header_height - 6 - 2 * line, line);
  draw_tick_texts (drawing, layout->header_height - 6 - line, line);
  fettle_draw_horizontal (drawing->cr, layout->header_height - 1, 0, layout->width,
                          &palette->grid);
}

static void
draw_empty (const Drawing *drawing, double height)
{
  FettleRectangle area = { 0, 0, drawing->layout->width, height };

  fettle_draw_text (drawing->cr, drawing->context, drawing->contents->empty_text, &area,
                    PANGO_ALIGN_CENTER, FETTLE_TEXT_PLAIN, &drawing->palette->dim_text);
}

static void
draw_rows (const Drawing *drawing, double scroll, double height)
{
  const FettleBarLayout *layout = drawing->layout;
  double bottom = MIN (
      height, fettle_bar_layout_get_row_top (layout, drawing->contents->n_items, scroll));
  double top = layout->header_height;
  int first = fettle_bar_layout_find_row (layout, top, scroll);

  cairo_save (drawing->cr);
  cairo_rectangle (drawing->cr, 0, top, layout->width, MAX (height - top, 0));
  cairo_clip (drawing->cr);
  draw_grid (drawing, top, bottom);
  for (guint i = (guint)MAX (first, 0); i < drawing->contents->n_items; i++)
    {
      double row_top = fettle_bar_layout_get_row_top (layout, i, scroll);

      if (row_top >= height)
        break;
      draw_row (drawing, i, row_top);
    }
  fettle_draw_vertical (drawing->cr, get_origin (drawing), top, bottom,
                        &drawing->palette->axis);
  if (has_reference (drawing))
    {
      double x = value_to_x (drawing, drawing->contents->reference);
      FettleRectangle halo = { x - 2, top, 4, bottom - top };

      /* Across a bar the line's hue alone would not do. */
      fettle_draw_fill (drawing->cr, &halo, &drawing->palette->background);
      fettle_draw_dashes (drawing->cr, x, top, x, bottom, &drawing->palette->reference);
    }
  cairo_restore (drawing->cr);
}

void
fettle_bar_chart_draw (cairo_t *cr, PangoContext *context,
                       const FettleBarContents *contents, const FettleBarLayout *layout,
                       const FettleAxis *axis, const FettlePalette *palette,
                       double scroll, double height)
{
  const Drawing drawing = { cr, context, contents, layout, axis, palette };
  FettleRectangle everything = { 0, 0, layout->width, height };

  fettle_draw_fill (cr, &everything, &palette->background);
  if (contents->n_items == 0)
    {
      draw_empty (&drawing, height);
      return;
    }
  draw_rows (&drawing, scroll, height);
  if (fettle_draw_is_exposed (
          cr, &(FettleRectangle){ 0, 0, layout->width, layout->header_height }))
    draw_header (&drawing);
}

double
fettle_bar_chart_get_full_height (const FettleBarContents *contents,
                                  PangoContext *context, double width)
{
  FettleBarMetrics metrics;
  FettleBarLayout layout;

  fettle_bar_chart_measure (contents, context, &metrics);
  fettle_bar_layout_init (&layout, &metrics, width, MAX (contents->n_items, EMPTY_ROWS));
  return fettle_bar_layout_get_height (&layout);
}

void
fettle_bar_chart_render (cairo_t *cr, PangoContext *context,
                         const FettleBarContents *contents, const FettlePalette *palette,
                         double width)
{
  FettleBarMetrics metrics;
  FettleBarLayout layout;
  FettleAxis axis;

  g_return_if_fail (cr != NULL && contents != NULL && palette != NULL);

  fettle_bar_chart_measure (contents, context, &metrics);
  fettle_bar_layout_init (&layout, &metrics, width, contents->n_items);
  fettle_bar_chart_init_axis (contents, &layout, &axis);
  fettle_bar_chart_draw (cr, context, contents, &layout, &axis, palette, 0,
                         fettle_bar_chart_get_full_height (contents, context, width));
}

cairo_surface_t *
fettle_bar_chart_render_to_surface (const FettleBarContents *contents,
                                    PangoContext *context, const FettlePalette *palette,
                                    double width, double scale)
{
  double height = fettle_bar_chart_get_full_height (contents, context, width);
  cairo_surface_t *surface = cairo_image_surface_create (
      CAIRO_FORMAT_RGB24, (int)ceil (width * scale), (int)ceil (height * scale));
  cairo_t *cr;

  cairo_surface_set_device_scale (surface, scale, scale);
  cr = cairo_create (surface);
  fettle_bar_chart_render (cr, context, contents, palette, width);
  cairo_destroy (cr);
  return surface;
}
