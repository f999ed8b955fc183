/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arena-map-layout.c: where the parts of an arena map are. */
#include "widgets/arena-map-layout.h"

#include <math.h>

#define MARGIN        12
#define GAP           8
#define TICK_DISTANCE 48
#define MINIMUM_SIDE  16
#define GAP_FROM      4 /* narrower rectangles touch each other */

void
fettle_arena_layout_init (FettleArenaLayout *layout, const FettleArenaMetrics *metrics,
                          double width, double height, guint n_steps, double top)
{
  double line = metrics->line_height + 4;
  double y = MARGIN / 2;
  double bottom = height - 2 * line - MARGIN / 2;
  double left = MARGIN + ceil (metrics->address_width) + GAP;
  double inner_width;

  g_return_if_fail (layout != NULL && metrics != NULL);

  *layout = (FettleArenaLayout){ .n_steps = MAX (n_steps, 1) };
  inner_width = MAX (width - 2 * MARGIN, MINIMUM_SIDE);
  layout->title =
      (FettleRectangle){ MARGIN, y, inner_width, metrics->has_title ? line : 0 };
  y += layout->title.height;
  layout->legend = (FettleRectangle){ MARGIN, y, inner_width, line };
  y += line + GAP;
  layout->plot = (FettleRectangle){ left, y, MAX (width - MARGIN - left, MINIMUM_SIDE),
                                    MAX (bottom - y, MINIMUM_SIDE) };
  layout->addresses =
      (FettleRectangle){ MARGIN, y, left - GAP - MARGIN, layout->plot.height };
  layout->steps =
      (FettleRectangle){ left, y + layout->plot.height, layout->plot.width, 2 * line };
  fettle_axis_init_linear (&layout->axis, 0, MAX (top, 1),
                           (guint)MAX (layout->plot.height / TICK_DISTANCE, 2),
                           FETTLE_NUMBER_BYTES);
  /* The ticks stay at powers of two, but the map need not end at one. */
  layout->axis.maximum = MAX (top, 1) * 1.04;
  while (layout->axis.n_ticks > 0
         && layout->axis.ticks[layout->axis.n_ticks - 1] > layout->axis.maximum)
    layout->axis.n_ticks--;
}

double
fettle_arena_layout_get_x (const FettleArenaLayout *layout, guint step)
{
  return layout->plot.x + round (layout->plot.width * step / layout->n_steps);
}

double
fettle_arena_layout_get_y (const FettleArenaLayout *layout, double address)
{
  double share = fettle_axis_normalize (&layout->axis, address);

  return layout->plot.y + round (layout->plot.height * (1 - share));
}

void
fettle_arena_layout_get_buffer (const FettleArenaLayout *layout, guint first, guint last,
                                guint64 offset, guint64 size, FettleRectangle *area)
{
  double left = fettle_arena_layout_get_x (layout, MIN (first, layout->n_steps - 1));
  double right = fettle_arena_layout_get_x (layout, MIN (last, layout->n_steps - 1) + 1);
  double top = fettle_arena_layout_get_y (layout, (double)offset + (double)size);
  double bottom = fettle_arena_layout_get_y (layout, (double)offset);

  *area = (FettleRectangle){ left, top, right - left, bottom - top };
  if (area->width >= GAP_FROM)
    area->width -= 1;
  if (area->height >= GAP_FROM)
    {
      area->y += 1;
      area->height -= 1;
    }
  area->width = MAX (area->width, 1);
  if (area->height >= 1)
    return;
  area->y = bottom - 1;
  area->height = 1;
}

void
fettle_arena_layout_get_band (const FettleArenaLayout *layout, guint step,
                              FettleRectangle *area)
{
  double left = fettle_arena_layout_get_x (layout, step);
  double right = fettle_arena_layout_get_x (layout, step + 1);

  *area = (FettleRectangle){ left, layout->plot.y, MAX (right - left, 1),
                             layout->plot.height };
}

guint
fettle_arena_layout_get_stride (const FettleArenaLayout *layout, double number_width)
{
  static const guint multiples[] = { 1, 2, 5 };
  double step_width = layout->plot.width / layout->n_steps;

  for (guint power = 1; power <= 1000000; power *= 10)
    for (guint i = 0; i < G_N_ELEMENTS (multiples); i++)
      if (multiples[i] * power * step_width >= number_width + GAP)
        return multiples[i] * power;
  return layout->n_steps;
}
