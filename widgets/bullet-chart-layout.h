/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bullet-chart-layout.h: where the parts of a bullet chart are. Pure geometry. */
#pragma once

#include "widgets/chart-draw.h"

G_BEGIN_DECLS

/* What the texts need, in pixels. */
typedef struct
{
  double line_height;
  double small_line_height;
  double label_width; /* of the widest label */
  double text_width;  /* of the widest value */
} FettleBulletMetrics;

/* Each row: label at the left, bar in the middle, the value in two lines at the right. Below 560 pixels of
 * width the value stands below the bar. */
typedef struct
{
  double width;
  double row_height;
  double bar_height;
  double label_x, label_width;
  double plot_x, plot_width;
  double text_x, text_width;
  gboolean is_narrow;
  double line_height, small_line_height;
  guint n_rows;
} FettleBulletLayout;

void fettle_bullet_layout_init (FettleBulletLayout *layout,
                                const FettleBulletMetrics *metrics, double width,
                                guint n_rows);
double fettle_bullet_layout_get_height (const FettleBulletLayout *layout);

/* The row at Y, or -1. */
int fettle_bullet_layout_find_row (const FettleBulletLayout *layout, double y);

/* The whole row, its bar (as long as the plot), and its two lines of text. */
void fettle_bullet_layout_get_row (const FettleBulletLayout *layout, guint index,
                                   FettleRectangle *area);
void fettle_bullet_layout_get_track (const FettleBulletLayout *layout, guint index,
                                     FettleRectangle *area);
void fettle_bullet_layout_get_texts (const FettleBulletLayout *layout, guint index,
                                     FettleRectangle *text, FettleRectangle *detail);

/* What the whole plot of a row stands for, if it must show VALUE, LIMIT and COMPARED (each NAN: there is none):
 * a limit that holds lies at nine tenths. Greater than 0. */
double fettle_bullet_get_maximum (double value, double limit, double compared);

G_END_DECLS
