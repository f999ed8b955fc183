/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chart-draw.h: the strokes that all charts are made of: text with digits of equal width, and lines
 * that are sharp at every whole display scale. */
#pragma once

#include "widgets/number-format.h"
#include "widgets/palette.h"
#include <pango/pangocairo.h>

G_BEGIN_DECLS

typedef struct
{
  double x, y, width, height;
} FettleRectangle;

typedef enum
{
  FETTLE_TEXT_PLAIN = 0,
  FETTLE_TEXT_BOLD = 1 << 0,
  FETTLE_TEXT_SMALL = 1 << 1,
} FettleTextStyle;

/* A context to draw to files with. FONT_NAME as "Sans 10"; NULL: that one. */
PangoContext *fettle_chart_create_context (const char *font_name);

double fettle_text_get_width (PangoContext *context, const char *text,
                              FettleTextStyle style);
double fettle_text_get_height (PangoContext *context, FettleTextStyle style);

/* In one line within AREA, in its middle from top to bottom, ellipsized if it is too wide. */
void fettle_draw_text (cairo_t *cr, PangoContext *context, const char *text,
                       const FettleRectangle *area, PangoAlignment alignment,
                       FettleTextStyle style, const FettleColor *color);

/* Of one unit's width, on whole units: with whole scales, exactly on pixels. */
void fettle_draw_vertical (cairo_t *cr, double x, double top, double bottom,
                           const FettleColor *color);
void fettle_draw_horizontal (cairo_t *cr, double y, double left, double right,
                             const FettleColor *color);
/* Two units thick, dashed. */
void fettle_draw_dashes (cairo_t *cr, double x0, double y0, double x1, double y1,
                         const FettleColor *color);

/* The outline lies inside of AREA. */
void fettle_draw_outline (cairo_t *cr, const FettleRectangle *area, double thickness,
                          const FettleColor *color);
void fettle_draw_fill (cairo_t *cr, const FettleRectangle *area,
                       const FettleColor *color);
/* Slanting lines: nothing is known here. */
void fettle_draw_hatch (cairo_t *cr, const FettleRectangle *area,
                        const FettleColor *color);

/* TRUE if AREA has anything to do with what CR may draw on. */
gboolean fettle_draw_is_exposed (cairo_t *cr, const FettleRectangle *area);

G_END_DECLS
