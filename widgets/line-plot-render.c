/* SPDX-License-Identifier: GPL-3.0-or-later */
/* line-plot-render.c: draws a long series of numbers as a line. */
#include "widgets/line-plot-render.h"

#include <math.h>

#define LINE_WIDTH 1.0

static double
get_y (double value, double low, double high, const FettleRectangle *area)
{
  double share = high > low ? (value - low) / (high - low) : 0.5;

  return area->y + area->height * (1 - CLAMP (share, 0, 1));
}

/* The line's value at PLACE, between the values of whole numbers. */
static double
interpolate (const FettleSeries *series, double place, guint64 end)
{
  guint64 before = (guint64)place;
  guint64 after = MIN (before + 1, end - 1);
  double share = place - floor (place);

  return fettle_series_get (series, before) * (1 - share)
         + fettle_series_get (series, after) * share;
}

/* All that the line does from place FROM to place TO. */
static void
find_range (const FettleSeries *series, double from, double to, guint64 end,
            double *minimum, double *maximum)
{
  double left = interpolate (series, from, end), right = interpolate (series, to, end);
  double least, greatest;

  *minimum = MIN (left, right);
  *maximum = MAX (left, right);
  if (!fettle_series_get_range (series, (guint64)ceil (from), (guint64)floor (to) + 1,
                                &least, &greatest))
    return;
  *minimum = MIN (*minimum, least);
  *maximum = MAX (*maximum, greatest);
}

void
fettle_line_plot_draw (cairo_t *cr, const FettleSeries *series, guint64 first,
                       guint64 end, double low, double high, const FettleRectangle *area,
                       const FettleColor *color)
{
  guint n_columns;
  double step;

  g_return_if_fail (cr != NULL && series != NULL && area != NULL && color != NULL);

  end = MIN (end, fettle_series_get_n (series));
  if (first >= end || area->width < 1)
    return;
  n_columns = (guint)area->width;
  step = (double)(end - 1 - first) / n_columns;
  for (guint i = 0; i < n_columns; i++)
    {
      double minimum, maximum, top, bottom;

      find_range (series, (double)first + i * step,
                  MIN ((double)first + (i + 1) * step, (double)(end - 1)), end, &minimum,
                  &maximum);
      top = floor (get_y (maximum, low, high, area));
      bottom = ceil (get_y (minimum, low, high, area));
      cairo_rectangle (cr, area->x + i, top, 1, MAX (bottom - top, LINE_WIDTH));
    }
  fettle_color_set_source (color, cr);
  cairo_fill (cr);
}
