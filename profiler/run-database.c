/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run-database.c: the SQLite file of the runs: opening, versions, errors as sentences. */
#include "profiler/run-database.h"

/* How long another program may write before the user is told. */
#define BUSY_MS 2000

/* What leads from each version of the file to the next; never change one that was released, add another. */
static const char *const migrations[] = {
  "CREATE TABLE run (id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL,"
  " board TEXT NOT NULL, core TEXT NOT NULL, firmware TEXT NOT NULL,"
  " clock_hz INTEGER NOT NULL, unit TEXT NOT NULL, resolution REAL NOT NULL,"
  " model TEXT NOT NULL, model_hash TEXT NOT NULL, recipe_hash TEXT NOT NULL,"
  " image_bytes INTEGER NOT NULL, arena_bytes INTEGER NOT NULL,"
  " dropped INTEGER NOT NULL, n INTEGER NOT NULL, quantiles BLOB NOT NULL);"
  "CREATE TABLE layer (run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,"
  " number INTEGER NOT NULL, name TEXT NOT NULL, operator TEXT NOT NULL,"
  " n INTEGER NOT NULL, quantiles BLOB NOT NULL, PRIMARY KEY (run, number))"
  " WITHOUT ROWID;",
  "ALTER TABLE run ADD COLUMN tags TEXT NOT NULL DEFAULT '';"
  "ALTER TABLE run ADD COLUMN note TEXT NOT NULL DEFAULT '';"
  "CREATE INDEX run_by_time ON run (time);",
};

G_DEFINE_QUARK (fettle - run - store - error - quark, fettle_run_store_error)

void
fettle_run_database_fail (sqlite3 *database, GError **error)
{
  const char *file = sqlite3_db_filename (database, NULL);

  switch (sqlite3_errcode (database) & 0xff)
    {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      g_set_error (error, FETTLE_RUN_STORE_ERROR, FETTLE_RUN_STORE_ERROR_BUSY,
                   ("Another program has been writing to the store of runs %s for "
                    "seconds; try again when it is done."),
                   file);
      break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      g_set_error (error, FETTLE_RUN_STORE_ERROR, FETTLE_RUN_STORE_ERROR_DAMAGED,
                   ("The store of runs %s is damaged; move it away, and a new one will "
                    "be begun."),
                   file);
      break;
    default:
      g_set_error (error, FETTLE_RUN_STORE_ERROR, FETTLE_RUN_STORE_ERROR_FAILED,
                   ("The store of runs %s cannot be used: %s."), file,
                   sqlite3_errmsg (database));
      break;
    }
}

gboolean
fettle_run_database_execute (sqlite3 *database, const char *sql, GError **error)
{
  if (sqlite3_exec (database, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  fettle_run_database_fail (database, error);
  return FALSE;
}

sqlite3_stmt *
fettle_run_database_prepare (sqlite3 *database, const char *sql, GError **error)
{
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (database, sql, -1, &statement, NULL) != SQLITE_OK)
    fettle_run_database_fail (database, error);
  return statement;
}

gboolean
fettle_run_database_step (sqlite3 *database, sqlite3_stmt *statement, GError **error)
{
  gboolean is_done = sqlite3_step (statement) == SQLITE_DONE;

  if (!is_done)
    fettle_run_database_fail (database, error);
  sqlite3_reset (statement);
  return is_done;
}

static gboolean
read_version (sqlite3 *database, int *version, GError **error)
{
  sqlite3_stmt *statement =
      fettle_run_database_prepare (database, "PRAGMA user_version", error);
  gboolean is_read = statement != NULL && sqlite3_step (statement) == SQLITE_ROW;

  if (is_read)
    *version = sqlite3_column_int (statement, 0);
  else if (statement != NULL)
    fettle_run_database_fail (database, error);
  sqlite3_finalize (statement);
  return is_read;
}

/* One transaction, which holds off other programs before it looks: two that start at once do not both migrate. */
static gboolean
migrate (sqlite3 *database, GError **error)
{
  int version = 0;

  if (!fettle_run_database_execute (database, "BEGIN IMMEDIATE", error))
    return FALSE;
  if (!read_version (database, &version, error))
    return FALSE;
  for (; version < (int)G_N_ELEMENTS (migrations); version++)
    {
      g_autofree char *stamp = g_strdup_printf ("PRAGMA user_version = %d", version + 1);

      if (!fettle_run_database_execute (database, migrations[version], error)
          || !fettle_run_database_execute (database, stamp, error))
        return FALSE;
    }
  return fettle_run_database_execute (database, "COMMIT", error);
}

static gboolean
prepare_database (sqlite3 *database, GError **error)
{
  int version;

  sqlite3_busy_timeout (database, BUSY_MS);
  if (!fettle_run_database_execute (database, "PRAGMA foreign_keys = ON", error)
      || !read_version (database, &version, error))
    return FALSE;
  if (version > (int)G_N_ELEMENTS (migrations))
    {
      g_set_error (error, FETTLE_RUN_STORE_ERROR, FETTLE_RUN_STORE_ERROR_NEWER,
                   ("The store of runs %s was written by a newer version of Fettle; use "
                    "that one."),
                   sqlite3_db_filename (database, NULL));
      return FALSE;
    }
  return version == (int)G_N_ELEMENTS (migrations) || migrate (database, error);
}

sqlite3 *
fettle_run_database_open (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  sqlite3 *database = NULL;

  g_mkdir_with_parents (folder, 0700);
  if (sqlite3_open (path, &database) != SQLITE_OK)
    {
      g_set_error (error, FETTLE_RUN_STORE_ERROR, FETTLE_RUN_STORE_ERROR_FAILED,
                   ("The store of runs %s cannot be opened: %s."), path,
                   sqlite3_errmsg (database));
      sqlite3_close (database);
      return NULL;
    }
  if (prepare_database (database, error))
    return database;
  sqlite3_close (database);
  return NULL;
}
