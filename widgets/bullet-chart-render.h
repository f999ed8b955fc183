/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bullet-chart-render.h: draws a bullet chart with cairo, on the screen and to files. */
#pragma once

#include "widgets/bullet-chart-layout.h"

G_BEGIN_DECLS

/* A quantity against what it may be. Each row has a scale of its own. */
typedef struct
{
  const char *label;
  gboolean known; /* FALSE: VALUE is not read */
  double value;
  double limit;            /* NAN: none */
  double compared;         /* a mark at what it was before; NAN: none */
  const char *text;        /* the value as people read it: "17.7 KiB of 512 KiB" */
  const char *detail;      /* a second, smaller line; may be NULL */
  const char *description; /* for tooltip and screen reader; may be NULL */
  double reach; /* drawn to the scale of this, if it is greater than all; else 0 */
} FettleBulletItem;

/* All that is to be seen. Strings may be NULL; the caller owns everything. */
typedef struct
{
  const char *empty_text;
  const FettleBulletItem *items;
  guint n_items;
  int hovered; /* -1: none */
  int cursor;  /* item that has the focus, -1: none */
} FettleBulletContents;

void fettle_bullet_chart_measure (const FettleBulletContents *contents,
                                  PangoContext *context, FettleBulletMetrics *metrics);

/* Only what is inside of CR's clip. */
void fettle_bullet_chart_draw (cairo_t *cr, PangoContext *context,
                               const FettleBulletContents *contents,
                               const FettleBulletLayout *layout,
                               const FettlePalette *palette);

/* The whole chart at CR's origin, for files; and how high it is at WIDTH pixels. */
void fettle_bullet_chart_render (cairo_t *cr, PangoContext *context,
                                 const FettleBulletContents *contents,
                                 const FettlePalette *palette, double width);
double fettle_bullet_chart_get_full_height (const FettleBulletContents *contents,
                                            PangoContext *context, double width);

G_END_DECLS
