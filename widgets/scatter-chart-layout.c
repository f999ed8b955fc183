/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scatter-chart-layout.c: where the points of a scatter chart are, and which no other one beats. */
#include "widgets/scatter-chart-layout.h"

#include <math.h>

#define MARGIN 12
#define GAP    6

void
fettle_scatter_layout_init (FettleScatterLayout *layout,
                            const FettleScatterMetrics *metrics, const FettleAxis *x_axis,
                            const FettleAxis *y_axis, double width, double height)
{
  double left = MARGIN + metrics->y_tick_width + GAP;
  double top = MARGIN + metrics->line_height + GAP;
  double below = 2 * (metrics->line_height + GAP) + MARGIN;

  *layout = (FettleScatterLayout){ .x_axis = *x_axis,
                                   .y_axis = *y_axis,
                                   .line_height = metrics->line_height };
  layout->plot = (FettleRectangle){ left, top, MAX (width - left - 3 * MARGIN, 1),
                                    MAX (height - top - below, 1) };
}

void
fettle_scatter_layout_get_place (const FettleScatterLayout *layout,
                                 const FettleScatterPoint *point, double *x, double *y)
{
  const FettleRectangle *plot = &layout->plot;

  *x = plot->x + fettle_axis_normalize (&layout->x_axis, point->x) * plot->width;
  *y = plot->y + plot->height
       - fettle_axis_normalize (&layout->y_axis, point->y) * plot->height;
}

int
fettle_scatter_layout_find (const FettleScatterLayout *layout,
                            const FettleScatterPoint *points, guint n_points, double x,
                            double y, double reach)
{
  double nearest = reach;
  int found = -1;

  for (guint i = 0; i < n_points; i++)
    {
      double point_x, point_y, distance;

      fettle_scatter_layout_get_place (layout, &points[i], &point_x, &point_y);
      distance = hypot (point_x - x, point_y - y);
      if (distance > nearest)
        continue;
      nearest = distance;
      found = (int)i;
    }
  return found;
}

static gboolean
beats (const FettleScatterPoint *a, const FettleScatterPoint *b)
{
  gboolean have_sizes = isfinite (a->size) && isfinite (b->size);

  if (a->x > b->x || a->y > b->y || (have_sizes && a->size > b->size))
    return FALSE;
  return a->x < b->x || a->y < b->y || (have_sizes && a->size < b->size);
}

void
fettle_scatter_find_front (const FettleScatterPoint *points, guint n_points,
                           gboolean *on_front)
{
  for (guint i = 0; i < n_points; i++)
    {
      on_front[i] = TRUE;
      for (guint k = 0; k < n_points && on_front[i]; k++)
        on_front[i] = !beats (&points[k], &points[i]);
    }
}
