/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scatter-chart.h: what was tried, as points in a plane in which less is better. */
#pragma once

#include "widgets/chart.h"
#include "widgets/scatter-chart-render.h" /* FettleScatterItem */

G_BEGIN_DECLS

#define FETTLE_TYPE_SCATTER_CHART (fettle_scatter_chart_get_type ())
G_DECLARE_FINAL_TYPE (FettleScatterChart, fettle_scatter_chart, FETTLE, SCATTER_CHART,
                      FettleChart)

/* "selected" (see FettleChart) is the number of an item. */
GtkWidget *fettle_scatter_chart_new (void);

/* Copied. */
void fettle_scatter_chart_set_axes (FettleScatterChart *self, const char *x_title,
                                    FettleNumberFormat x_format, const char *y_title,
                                    FettleNumberFormat y_format);
/* Copies ITEMS. */
void fettle_scatter_chart_set_items (FettleScatterChart *self,
                                     const FettleScatterItem *items, guint n_items);

G_END_DECLS
