/* SPDX-License-Identifier: GPL-3.0-or-later */
/* column-chart-layout.h: where the parts of a column chart are. Pure geometry. */
#pragma once

#include "widgets/axis.h"
#include "widgets/chart-draw.h"

G_BEGIN_DECLS

typedef struct
{
  double line_height;  /* of the title */
  double small_height; /* of all else */
  double number_width; /* of the widest number at the left */
  gboolean has_title;
  gboolean has_legend;
} FettleColumnMetrics;

/* Title and legend above, numbers at the left and below; the plot gets the rest. */
typedef struct
{
  FettleRectangle title;
  FettleRectangle legend;
  FettleRectangle numbers; /* column at the left */
  FettleRectangle plot;
  FettleRectangle ticks; /* row below the plot */
  FettleRectangle names; /* row below that: what the axes are */
  guint n_columns;
} FettleColumnLayout;

void fettle_column_layout_init (FettleColumnLayout *layout,
                                const FettleColumnMetrics *metrics, double width,
                                double height, guint n_columns);

/* The band of column INDEX, on whole pixels, at least one wide. */
void fettle_column_layout_get_band (const FettleColumnLayout *layout, guint index,
                                    FettleRectangle *area);
/* The column whose band is at X and Y, or -1. */
int fettle_column_layout_find (const FettleColumnLayout *layout, double x, double y);
/* Where VALUE of AXIS is, on a whole pixel. */
double fettle_column_layout_get_y (const FettleColumnLayout *layout,
                                   const FettleAxis *axis, double value);

/* Steps of 1, 2 or 5 times a power of ten from FIRST to LAST, at most MAX_TICKS (2 or more) of them; whole
 * numbers if IS_ORDINAL. Returns how many are in TICKS, of FETTLE_AXIS_MAX_TICKS. */
guint fettle_column_layout_find_ticks (double first, double last, guint max_ticks,
                                       gboolean is_ordinal, double *ticks);

G_END_DECLS
