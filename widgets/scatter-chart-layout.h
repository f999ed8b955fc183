/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scatter-chart-layout.h: where the points of a scatter chart are, and which no other one beats. Pure geometry. */
#pragma once

#include "widgets/axis.h"
#include "widgets/chart-draw.h"

G_BEGIN_DECLS

/* Of each, less is better. */
typedef struct
{
  double x, y;
  double size; /* a third quantity; NAN: not known */
} FettleScatterPoint;

/* What the texts need, in pixels. */
typedef struct
{
  double line_height;
  double y_tick_width; /* of the widest number on the vertical axis */
} FettleScatterMetrics;

typedef struct
{
  FettleRectangle plot;
  FettleAxis x_axis, y_axis;
  double line_height;
} FettleScatterLayout;

/* The vertical axis at the left, its title above, the horizontal axis and its title below. */
void fettle_scatter_layout_init (FettleScatterLayout *layout,
                                 const FettleScatterMetrics *metrics,
                                 const FettleAxis *x_axis, const FettleAxis *y_axis,
                                 double width, double height);
void fettle_scatter_layout_get_place (const FettleScatterLayout *layout,
                                      const FettleScatterPoint *point, double *x,
                                      double *y);
/* The point nearest to X, Y within REACH pixels, or -1. */
int fettle_scatter_layout_find (const FettleScatterLayout *layout,
                                const FettleScatterPoint *points, guint n_points,
                                double x, double y, double reach);

/* TRUE in ON_FRONT for each point that no other one beats: is no worse in anything and better in something. A size that is
 * not known is not held against anybody. */
void fettle_scatter_find_front (const FettleScatterPoint *points, guint n_points,
                                gboolean *on_front);

G_END_DECLS
