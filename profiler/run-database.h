/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run-database.h: the SQLite file of the runs: opening, versions, errors as sentences; private to run-store.c. */
#pragma once

#include "profiler/run-store.h"
#include <sqlite3.h>

G_BEGIN_DECLS

/* NULL with ERROR. Close with sqlite3_close. */
sqlite3 *fettle_run_database_open (const char *path, GError **error);

/* The sentence for what DATABASE last refused. */
void fettle_run_database_fail (sqlite3 *database, GError **error);
gboolean fettle_run_database_execute (sqlite3 *database, const char *sql, GError **error);
/* NULL with ERROR. Free with sqlite3_finalize. */
sqlite3_stmt *fettle_run_database_prepare (sqlite3 *database, const char *sql,
                                           GError **error);
/* Runs a statement that returns no rows, and makes it ready for other values. */
gboolean fettle_run_database_step (sqlite3 *database, sqlite3_stmt *statement,
                                   GError **error);

G_END_DECLS
