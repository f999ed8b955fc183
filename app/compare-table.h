/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compare-table.h: the layers of two attempts side by side. */
#pragma once

#include "app/attempt.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_COMPARE_TABLE (fettle_compare_table_get_type ())
G_DECLARE_FINAL_TYPE (FettleCompareTable, fettle_compare_table, FETTLE, COMPARE_TABLE,
                      GtkTreeView)

/* Either may be NULL: nothing is shown then. Neither is kept. */
void fettle_compare_table_set_sides (FettleCompareTable *self, const FettleAttempt *first,
                                     const FettleAttempt *second);

G_END_DECLS
