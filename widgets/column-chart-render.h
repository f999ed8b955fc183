/* SPDX-License-Identifier: GPL-3.0-or-later */
/* column-chart-render.h: draws columns side by side with cairo, on the screen and to files: how often values occur, or which
 * range each of many has, beside what they are compared with. */
#pragma once

#include "widgets/column-chart-layout.h"

G_BEGIN_DECLS

typedef struct
{
  double low, high;                   /* of the column; NAN: none */
  double compared_low, compared_high; /* of what it is compared with; NAN: none */
  const char *label;                  /* for tooltip and screen reader, as the next two */
  const char *text;
  const char *description; /* may be NULL */
} FettleColumnItem;

typedef enum
{
  FETTLE_COLUMNS_STEPS, /* compared with: one line along the tops; limits are upright lines */
  FETTLE_COLUMNS_WHISKERS, /* compared with: a whisker on each; limits are level lines */
} FettleColumnStyle;

/* All that is to be seen. Strings may be NULL; the caller owns everything. */
typedef struct
{
  FettleColumnStyle style;
  const char *title;
  const char *empty_text;
  const char *x_name, *y_name;                          /* what the axes are */
  const char *column_name, *compared_name, *limit_name; /* legend */
  FettleNumberFormat format;                            /* of the left axis */
  gboolean is_logarithmic;                              /* the left axis */
  double start, step;  /* value at the left edge of column 0, width of a column */
  gboolean is_ordinal; /* columns are numbered: only whole numbers below them */
  double lower, upper; /* limits; NAN: none */
  const FettleColumnItem *items;
  guint n_items;
  int selected, hovered; /* -1: none */
  gboolean focused;
} FettleColumnContents;

/* The left axis for all items, and limits near them. */
void fettle_column_chart_init_axis (const FettleColumnContents *contents, guint max_ticks,
                                    FettleAxis *axis);
void fettle_column_chart_init_layout (const FettleColumnContents *contents,
                                      PangoContext *context, double width, double height,
                                      FettleColumnLayout *layout, FettleAxis *axis);

/* Only what is inside of CR's clip. */
void fettle_column_chart_draw (cairo_t *cr, PangoContext *context,
                               const FettleColumnContents *contents,
                               const FettleColumnLayout *layout, const FettleAxis *axis,
                               const FettlePalette *palette);

/* At CR's origin, for files. */
void fettle_column_chart_render (cairo_t *cr, PangoContext *context,
                                 const FettleColumnContents *contents,
                                 const FettlePalette *palette, double width,
                                 double height);

G_END_DECLS
