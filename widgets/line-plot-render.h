/* SPDX-License-Identifier: GPL-3.0-or-later */
/* line-plot-render.h: draws a long series of numbers as a line, with cairo. */
#pragma once

#include "widgets/chart-draw.h"
#include "widgets/series.h"

G_BEGIN_DECLS

/* The values from FIRST to END - 1 from the left to the right edge of AREA, LOW at its lower and HIGH at its upper edge.
 * Each column of pixels is drawn from the least to the greatest value that the line takes in it: nothing that sticks out
 * is lost, and a million values take little longer than a thousand. */
void fettle_line_plot_draw (cairo_t *cr, const FettleSeries *series, guint64 first,
                            guint64 end, double low, double high,
                            const FettleRectangle *area, const FettleColor *color);

G_END_DECLS
