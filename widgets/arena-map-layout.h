/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arena-map-layout.h: where the parts of an arena map are. Pure geometry. */
#pragma once

#include "widgets/axis.h"
#include "widgets/chart-draw.h"

G_BEGIN_DECLS

typedef struct
{
  double line_height;
  double address_width; /* of the widest number at the left */
  gboolean has_title;
} FettleArenaMetrics;

/* Title and legend above, addresses at the left, steps below; the plot gets the rest. */
typedef struct
{
  FettleRectangle title;
  FettleRectangle legend;
  FettleRectangle addresses; /* column of numbers */
  FettleRectangle plot;
  FettleRectangle steps; /* row of numbers */
  guint n_steps;
  FettleAxis axis; /* bytes */
} FettleArenaLayout;

/* TOP is the highest address that must be in sight, in bytes. */
void fettle_arena_layout_init (FettleArenaLayout *layout,
                               const FettleArenaMetrics *metrics, double width,
                               double height, guint n_steps, double top);

/* Left edge of STEP; n_steps gives the right edge of the last. */
double fettle_arena_layout_get_x (const FettleArenaLayout *layout, guint step);
double fettle_arena_layout_get_y (const FettleArenaLayout *layout, double address);

/* Of a buffer, on whole pixels and at least one pixel wide and high; neighbours leave a gap of one
 * pixel if they are wide enough. */
void fettle_arena_layout_get_buffer (const FettleArenaLayout *layout, guint first,
                                     guint last, guint64 offset, guint64 size,
                                     FettleRectangle *area);

/* The vertical band of STEP. */
void fettle_arena_layout_get_band (const FettleArenaLayout *layout, guint step,
                                   FettleRectangle *area);

/* Every how many steps there is room for a number of NUMBER_WIDTH pixels: 1, 2, 5, 10, 20, … */
guint fettle_arena_layout_get_stride (const FettleArenaLayout *layout,
                                      double number_width);

G_END_DECLS
