/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scrolled-chart.h: a chart that a GtkScrolledWindow shows a part of. */
#pragma once

#include "widgets/chart.h"

G_BEGIN_DECLS

#define FETTLE_TYPE_SCROLLED_CHART (fettle_scrolled_chart_get_type ())
G_DECLARE_DERIVABLE_TYPE (FettleScrolledChart, fettle_scrolled_chart, FETTLE,
                          SCROLLED_CHART, FettleChart)

/**
 * FettleScrolledChartClass:
 * @configure: gives the adjustments their bounds; called when there is another adjustment or one less
 */
struct _FettleScrolledChartClass
{
  FettleChartClass parent_class;

  void (*configure) (FettleScrolledChart *self);
};

/* Horizontal or vertical. Belongs to the chart, which is redrawn when it moves; NULL outside of a scroller. */
GtkAdjustment *fettle_scrolled_chart_get_adjustment (FettleScrolledChart *self,
                                                     GtkOrientation orientation);

G_END_DECLS
