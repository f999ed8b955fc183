/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scatter-chart-render.h: draws a scatter chart with cairo, on the screen and to files. */
#pragma once

#include "widgets/scatter-chart-layout.h"

G_BEGIN_DECLS

typedef struct
{
  FettleScatterPoint point;
  const char *label; /* short, beside the point where it is selected or pointed at */
  const char *text;  /* the quantities as people read them */
  const char *description; /* for tooltip and screen reader; may be NULL */
} FettleScatterItem;

/* All that is to be seen. Strings may be NULL; the caller owns everything. */
typedef struct
{
  const char *empty_text;
  const char *x_title, *y_title;
  FettleNumberFormat x_format, y_format;
  const FettleScatterItem *items;
  guint n_items;
  int hovered;  /* -1: none */
  int selected; /* -1: none */
  gboolean focused;
} FettleScatterContents;

void fettle_scatter_chart_lay_out (const FettleScatterContents *contents,
                                   PangoContext *context, double width, double height,
                                   FettleScatterLayout *layout);
/* Points on the front are filled and joined; a larger circle has the greater size. */
void fettle_scatter_chart_draw (cairo_t *cr, PangoContext *context,
                                const FettleScatterContents *contents,
                                const FettleScatterLayout *layout,
                                const FettlePalette *palette);

/* Of the circle of item INDEX. */
double fettle_scatter_chart_get_radius (const FettleScatterContents *contents,
                                        guint index);
/* FettleScatterPoint of each item; free with g_free. */
FettleScatterPoint *fettle_scatter_chart_list_points (const FettleScatterItem *items,
                                                      guint n_items);

G_END_DECLS
