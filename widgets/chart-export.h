/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chart-export.h: charts as pictures, on paper and as tables. */
#pragma once

#include "widgets/chart.h"
#include "widgets/picture-render.h"

G_BEGIN_DECLS

/* The whole chart in the project's light colours, without selection and whatever is scrolled to. */
gboolean fettle_chart_write_picture (FettleChart *self, const char *path,
                                     FettlePictureFormat format, GError **error);

/* One line per item below a line of titles, values in full; SEPARATOR ',' for CSV (RFC 4180), '\t' for the
 * clipboard. Numbers have points, whatever the locale. Free with g_free. */
char *fettle_chart_to_table (FettleChart *self, char separator);

/* For GtkPrintOperation's "draw-page": fits the chart to the page. */
void fettle_chart_draw_page (FettleChart *self, GtkPrintContext *context);

/* TEXT as a field of a table: in quotes if it needs them. */
void fettle_table_append (GString *table, const char *text, char separator);
/* The same of a number; nothing if it is not finite. */
void fettle_table_append_number (GString *table, double number, char separator);

G_END_DECLS
