/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bar-chart-render.h: draws a bar chart with cairo, on the screen and to files. */
#pragma once

#include "widgets/axis.h"
#include "widgets/bar-chart-layout.h"
#include "widgets/palette.h"
#include <pango/pangocairo.h>

G_BEGIN_DECLS

typedef struct
{
  const char *label; /* left of the bar */
  double value;      /* length of the bar (a median, for example) */
  double low, high;  /* whisker; both equal to value, or NAN: none */
  gboolean known;    /* FALSE: not measured yet; the numbers and TEXT are not read */
  const char *text;  /* the value at the right edge; NULL: by the chart's format */
  const char *description; /* for tooltip and screen reader; may be NULL */
} FettleBarItem;

typedef enum
{
  FETTLE_BAR_SCALE_LINEAR,
  FETTLE_BAR_SCALE_LOG, /* values <= 0 have no bar */
} FettleBarScale;

/* All that is to be seen. Strings may be NULL; the caller owns everything. */
typedef struct
{
  const char *title;
  const char *unit; /* title of the axis */
  const char *empty_text;
  FettleNumberFormat format;
  FettleBarScale scale;
  double reference; /* NAN: none */
  const char *reference_label;
  const FettleBarItem *items;
  guint n_items;
  int selected; /* -1: none */
  int hovered;  /* -1: none */
  gboolean focused;
} FettleBarContents;

/* Measures the texts. Slow for many items: keep the result while they stay. */
void fettle_bar_chart_measure (const FettleBarContents *contents, PangoContext *context,
                               FettleBarMetrics *metrics);

/* The axis for all known values, whiskers and the reference; without ticks if there are none. */
void fettle_bar_chart_init_axis (const FettleBarContents *contents,
                                 const FettleBarLayout *layout, FettleAxis *axis);

/* Draws HEIGHT pixels of the chart, only what is inside of CR's clip. */
void fettle_bar_chart_draw (cairo_t *cr, PangoContext *context,
                            const FettleBarContents *contents,
                            const FettleBarLayout *layout, const FettleAxis *axis,
                            const FettlePalette *palette, double scroll, double height);

/* Height in pixels of the whole chart at WIDTH pixels. */
double fettle_bar_chart_get_full_height (const FettleBarContents *contents,
                                         PangoContext *context, double width);

/* The whole chart at CR's origin, for files. */
void fettle_bar_chart_render (cairo_t *cr, PangoContext *context,
                              const FettleBarContents *contents,
                              const FettlePalette *palette, double width);

/* The whole chart as a picture of WIDTH × SCALE device pixels. */
cairo_surface_t *fettle_bar_chart_render_to_surface (const FettleBarContents *contents,
                                                     PangoContext *context,
                                                     const FettlePalette *palette,
                                                     double width, double scale);

G_END_DECLS
