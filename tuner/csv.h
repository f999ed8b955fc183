/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csv.h: tables of numbers as text, one sample per row.
 *
 * Cells are separated by commas, semicolons or tabs, whichever the first line has; numbers have a decimal point;
 * quotes around a cell are taken off. A first row with a cell that is not a number is a header. Blank lines are skipped. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _FettleCsv FettleCsv;

/* LABEL, a column's title or its number from 1, is no part of the samples; NULL if there is no such column. All cells are
 * checked here; an error names line and column. Values are converted on demand. */
FettleCsv *fettle_csv_parse (GBytes *bytes, const char *name, const char *label,
                             GError **error);
void fettle_csv_free (FettleCsv *csv);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleCsv, fettle_csv_free)

guint fettle_csv_get_n_rows (FettleCsv *csv);
/* Without the label. */
guint fettle_csv_get_n_columns (FettleCsv *csv);
/* Row ROW without the label, as many values as there are columns. */
void fettle_csv_read (FettleCsv *csv, guint row, float *values);
/* What the label column holds in each row; NULL if there is none. Belongs to CSV. */
const double *fettle_csv_get_labels (FettleCsv *csv);

G_END_DECLS
