/* SPDX-License-Identifier: GPL-3.0-or-later */
/* column-chart.h: columns side by side: how often values occur, or which range each of many has. */
#pragma once

#include "widgets/chart.h"
#include "widgets/column-chart-render.h" /* FettleColumnContents */

G_BEGIN_DECLS

#define FETTLE_TYPE_COLUMN_CHART (fettle_column_chart_get_type ())
G_DECLARE_FINAL_TYPE (FettleColumnChart, fettle_column_chart, FETTLE, COLUMN_CHART,
                      FettleChart)

/* "selected" (see FettleChart) is the number of a column. Left and right walk from one to the next, Page Up and Page Down by ten. */
GtkWidget *fettle_column_chart_new (void);

/* Copies what is to be seen, with its texts and items; title, empty text, selection and what has to do with the pointer
 * are the chart's own. Columns of another number end the selection. */
void fettle_column_chart_set_contents (FettleColumnChart *self,
                                       const FettleColumnContents *contents);

G_END_DECLS
