/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bar-chart-layout.h: where the parts of a bar chart are. Pure geometry. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the texts need, in pixels. */
typedef struct
{
  double line_height;
  double label_width;     /* of the widest label */
  double value_width;     /* of the widest value */
  guint n_header_lines;   /* title, reference, axis numbers */
  double axis_text_width; /* of the widest number on the axis */
} FettleBarMetrics;

/* From left to right: label, plot, value. The header stays; rows below it scroll. */
typedef struct
{
  double width;
  double header_height;
  double row_height;
  double bar_height;
  double label_x, label_width;
  double plot_x, plot_width;
  double value_x, value_width;
  guint max_ticks; /* so many numbers fit on the axis without touching */
  guint n_rows;
} FettleBarLayout;

void fettle_bar_layout_init (FettleBarLayout *layout, const FettleBarMetrics *metrics,
                             double width, guint n_rows);

/* Header and all rows. */
double fettle_bar_layout_get_height (const FettleBarLayout *layout);

/* Top of row INDEX when SCROLL pixels have been scrolled away. */
double fettle_bar_layout_get_row_top (const FettleBarLayout *layout, guint index,
                                      double scroll);

/* The row at Y, or -1: header, or below the last. */
int fettle_bar_layout_find_row (const FettleBarLayout *layout, double y, double scroll);

/* The scroll position nearest to SCROLL at which row INDEX is whole in sight in VISIBLE_HEIGHT
 * pixels, header included. */
double fettle_bar_layout_scroll_to_row (const FettleBarLayout *layout, guint index,
                                        double scroll, double visible_height);

/* Pixels from the plot's left edge to where a bar of NORMALIZED length (0 to 1) ends. */
double fettle_bar_layout_get_length (const FettleBarLayout *layout, double normalized);

G_END_DECLS
