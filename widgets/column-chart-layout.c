/* SPDX-License-Identifier: GPL-3.0-or-later */
/* column-chart-layout.c: where the parts of a column chart are. */
#include "widgets/column-chart-layout.h"

#include <math.h>

#define MARGIN       12
#define NUMBER_GAP   6
#define MINIMUM_PLOT 16

void
fettle_column_layout_init (FettleColumnLayout *layout, const FettleColumnMetrics *metrics,
                           double width, double height, guint n_columns)
{
  double left = MARGIN + ceil (metrics->number_width) + NUMBER_GAP;
  double small = ceil (metrics->small_height);
  double top = 6, bottom = height - 6;

  g_return_if_fail (layout != NULL && metrics != NULL);

  *layout = (FettleColumnLayout){ .n_columns = n_columns };
  if (metrics->has_title)
    {
      layout->title = (FettleRectangle){ MARGIN, top, MAX (width - 2 * MARGIN, 0),
                                         ceil (metrics->line_height) + 2 };
      top += layout->title.height;
    }
  if (metrics->has_legend)
    {
      layout->legend =
          (FettleRectangle){ MARGIN, top, MAX (width - 2 * MARGIN, 0), small + 4 };
      top += layout->legend.height;
    }
  top += 4;
  layout->names =
      (FettleRectangle){ MARGIN, bottom - small, MAX (width - 2 * MARGIN, 0), small };
  layout->ticks = (FettleRectangle){ left, bottom - 2 * small - 2, 0, small };
  layout->plot =
      (FettleRectangle){ left, round (top),
                         MAX (floor (width - MARGIN - left), MINIMUM_PLOT),
                         MAX (floor (layout->ticks.y - 3 - round (top)), MINIMUM_PLOT) };
  layout->ticks.width = layout->plot.width;
  layout->numbers =
      (FettleRectangle){ MARGIN, layout->plot.y, ceil (metrics->number_width),
                         layout->plot.height };
}

void
fettle_column_layout_get_band (const FettleColumnLayout *layout, guint index,
                               FettleRectangle *area)
{
  const FettleRectangle *plot = &layout->plot;
  double left = floor (index * plot->width / layout->n_columns);
  double right = floor ((index + 1) * plot->width / layout->n_columns);

  *area =
      (FettleRectangle){ plot->x + left, plot->y, MAX (right - left, 1), plot->height };
}

int
fettle_column_layout_find (const FettleColumnLayout *layout, double x, double y)
{
  const FettleRectangle *plot = &layout->plot;
  double column = floor ((x - plot->x + 1) * layout->n_columns / plot->width);
  FettleRectangle band;

  if (layout->n_columns == 0 || x < plot->x || x >= plot->x + plot->width || y < plot->y
      || y >= plot->y + plot->height)
    return -1;
  column = CLAMP (column, 0, layout->n_columns - 1);
  /* Bands begin on whole pixels: the last one that does so at or before X. */
  for (fettle_column_layout_get_band (layout, (guint)column, &band);
       column > 0 && band.x > x;
       fettle_column_layout_get_band (layout, (guint)column, &band))
    column--;
  return (int)column;
}

double
fettle_column_layout_get_y (const FettleColumnLayout *layout, const FettleAxis *axis,
                            double value)
{
  const FettleRectangle *plot = &layout->plot;

  return plot->y + round (plot->height * (1 - fettle_axis_normalize (axis, value)));
}

guint
fettle_column_layout_find_ticks (double first, double last, guint max_ticks,
                                 gboolean is_ordinal, double *ticks)
{
  static const double multiples[] = { 1, 2, 5, 10 };
  double least = (last - first) / MAX (max_ticks, 2), power, step = 0;
  guint n = 0;

  if (!(last > first) || !isfinite (least))
    return 0;
  power = pow (10, floor (log10 (least)));
  for (gsize i = 0; i < G_N_ELEMENTS (multiples) && step < least; i++)
    step = multiples[i] * power;
  if (is_ordinal)
    step = MAX (step, 1);
  for (double k = ceil (first / step - 1e-9);
       k * step <= last + step * 1e-9 && n < FETTLE_AXIS_MAX_TICKS; k++)
    ticks[n++] = k * step;
  return n;
}
