/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run-store.c: every profiled run, in a database of the user's. */
#include "profiler/run-store.h"
#include "profiler/run-database.h"

#define COLUMNS                                                                          \
  "id, time, board, core, firmware, clock_hz, unit, resolution, model, model_hash,"      \
  " recipe_hash, image_bytes, arena_bytes, dropped, n, quantiles, tags, note"

struct _FettleRunStore
{
  sqlite3 *database;
};

FettleRunStore *
fettle_run_store_open (const char *path, GError **error)
{
  g_autofree char *usual =
      g_build_filename (g_get_user_data_dir (), "fettle", "runs.sqlite", NULL);
  sqlite3 *database = fettle_run_database_open (path != NULL ? path : usual, error);
  FettleRunStore *self;

  if (database == NULL)
    return NULL;
  self = g_new0 (FettleRunStore, 1);
  self->database = database;
  return self;
}

void
fettle_run_store_free (FettleRunStore *self)
{
  if (self == NULL)
    return;
  sqlite3_close (self->database);
  g_free (self);
}

/* --- columns --- */

G_STATIC_ASSERT (G_BYTE_ORDER == G_LITTLE_ENDIAN);

static void
bind_text (sqlite3_stmt *statement, int column, const char *text)
{
  sqlite3_bind_text (statement, column, text, -1, SQLITE_TRANSIENT);
}

static void
bind_statistics (sqlite3_stmt *statement, int column,
                 const FettleRunStatistics *statistics)
{
  sqlite3_bind_int64 (statement, column, (gint64)statistics->n);
  sqlite3_bind_blob (statement, column + 1, statistics->quantiles,
                     sizeof statistics->quantiles, SQLITE_TRANSIENT);
}

static char *
read_text (sqlite3_stmt *statement, int column)
{
  const char *text = (const char *)sqlite3_column_text (statement, column);

  return g_strdup (text != NULL ? text : "");
}

/* What another hand put there is zero. */
static FettleRunStatistics
read_statistics (sqlite3_stmt *statement, int column)
{
  FettleRunStatistics statistics = { 0 };
  const void *blob = sqlite3_column_blob (statement, column + 1);

  if (blob == NULL
      || sqlite3_column_bytes (statement, column + 1) != sizeof statistics.quantiles)
    return statistics;
  statistics.n = (guint64)sqlite3_column_int64 (statement, column);
  memcpy (statistics.quantiles, blob, sizeof statistics.quantiles);
  return statistics;
}

static FettleUnit
read_unit (sqlite3_stmt *statement, int column)
{
  g_autofree char *name = read_text (statement, column);

  for (FettleUnit unit = FETTLE_UNIT_CYCLES; unit < FETTLE_UNIT_NANOSECONDS; unit++)
    if (g_str_equal (name, fettle_unit_get_name (unit)))
      return unit;
  return FETTLE_UNIT_NANOSECONDS;
}

/* A row of COLUMNS. */
static FettleRun *
read_run (sqlite3_stmt *statement)
{
  FettleRun *run = g_new0 (FettleRun, 1);

  run->id = sqlite3_column_int64 (statement, 0);
  run->time = sqlite3_column_int64 (statement, 1);
  run->board = read_text (statement, 2);
  run->core = read_text (statement, 3);
  run->firmware = read_text (statement, 4);
  run->clock_hz = (guint32)sqlite3_column_int64 (statement, 5);
  run->unit = read_unit (statement, 6);
  run->resolution = sqlite3_column_double (statement, 7);
  run->model = read_text (statement, 8);
  run->model_hash = read_text (statement, 9);
  run->recipe_hash = read_text (statement, 10);
  run->image_bytes = (guint64)sqlite3_column_int64 (statement, 11);
  run->arena_bytes = (guint64)sqlite3_column_int64 (statement, 12);
  run->dropped = (guint64)sqlite3_column_int64 (statement, 13);
  run->total = read_statistics (statement, 14);
  run->tags = read_text (statement, 16);
  run->note = read_text (statement, 17);
  return run;
}

/* --- writing --- */

static int
compare_words (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* The words of TEXT, sorted, each once. */
static char *
normalize_tags (const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t\n,", -1);
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0'
        && !g_ptr_array_find_with_equal_func (kept, words[i], g_str_equal, NULL))
      g_ptr_array_add (kept, words[i]);
  g_ptr_array_sort (kept, compare_words);
  g_ptr_array_add (kept, NULL);
  return g_strjoinv (" ", (char **)kept->pdata);
}

static gboolean
insert_run (FettleRunStore *self, FettleRun *run, GError **error)
{
  g_autofree char *tags = normalize_tags (run->tags);
  sqlite3_stmt *statement = fettle_run_database_prepare (
      self->database,
      "INSERT INTO run (" COLUMNS ") VALUES"
      " (NULL, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,"
      " ?18)",
      error);
  gboolean is_done;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 2, run->time);
  bind_text (statement, 3, run->board);
  bind_text (statement, 4, run->core);
  bind_text (statement, 5, run->firmware);
  sqlite3_bind_int64 (statement, 6, run->clock_hz);
  bind_text (statement, 7, fettle_unit_get_name (run->unit));
  sqlite3_bind_double (statement, 8, run->resolution);
  bind_text (statement, 9, run->model);
  bind_text (statement, 10, run->model_hash);
  bind_text (statement, 11, run->recipe_hash);
  sqlite3_bind_int64 (statement, 12, (gint64)run->image_bytes);
  sqlite3_bind_int64 (statement, 13, (gint64)run->arena_bytes);
  sqlite3_bind_int64 (statement, 14, (gint64)run->dropped);
  bind_statistics (statement, 15, &run->total);
  bind_text (statement, 17, tags);
  bind_text (statement, 18, run->note);
  is_done = fettle_run_database_step (self->database, statement, error);
  sqlite3_finalize (statement);
  return is_done;
}

static gboolean
insert_layers (FettleRunStore *self, FettleRun *run, gint64 id, GError **error)
{
  sqlite3_stmt *statement = fettle_run_database_prepare (
      self->database,
      "INSERT INTO layer (run, number, name, operator, n, quantiles)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
      error);
  gboolean is_done = statement != NULL;

  for (guint i = 0; i < run->layers->len && is_done; i++)
    {
      const FettleRunLayer *layer = &g_array_index (run->layers, FettleRunLayer, i);

      sqlite3_bind_int64 (statement, 1, id);
      sqlite3_bind_int64 (statement, 2, i);
      bind_text (statement, 3, layer->name);
      bind_text (statement, 4, layer->operator_);
      bind_statistics (statement, 5, &layer->time);
      is_done = fettle_run_database_step (self->database, statement, error);
    }
  sqlite3_finalize (statement);
  return is_done;
}

gboolean
fettle_run_store_add (FettleRunStore *self, FettleRun *run, GError **error)
{
  gint64 id;

  g_return_val_if_fail (self != NULL && run != NULL && run->layers != NULL, FALSE);

  if (!fettle_run_database_execute (self->database, "BEGIN IMMEDIATE", error))
    return FALSE;
  if (insert_run (self, run, error))
    {
      id = sqlite3_last_insert_rowid (self->database);
      if (insert_layers (self, run, id, error)
          && fettle_run_database_execute (self->database, "COMMIT", error))
        {
          run->id = id;
          return TRUE;
        }
    }
  fettle_run_database_execute (self->database, "ROLLBACK", NULL);
  return FALSE;
}

/* --- reading --- */

/* "%word%" for LIKE, with \ before what has a meaning there. */
static char *
make_pattern (const char *word, const char *before)
{
  GString *pattern = g_string_new (before);

  for (; *word != '\0'; word++)
    {
      if (strchr ("%_\\", *word) != NULL)
        g_string_append_c (pattern, '\\');
      g_string_append_c (pattern, *word);
    }
  g_string_append_c (pattern, '%');
  return g_string_free (pattern, FALSE);
}

/* Each word must be found: ?1, ?2 and so on in the columns that have words, ?101 and so on at the beginning of hashes. */
#define MAXIMUM_WORDS 20
#define HASH_BASE     100

static char *
make_query (guint n_words)
{
  GString *sql = g_string_new ("SELECT " COLUMNS " FROM run WHERE 1");

  for (guint i = 1; i <= n_words; i++)
    g_string_append_printf (
        sql,
        " AND (board || ' ' || core || ' ' || firmware || ' ' || model || ' ' || tags ||"
        " ' ' || note LIKE ?%u ESCAPE '\\' OR model_hash LIKE ?%u ESCAPE '\\' OR"
        " recipe_hash LIKE ?%u ESCAPE '\\')",
        i, i + HASH_BASE, i + HASH_BASE);
  g_string_append (sql, " ORDER BY time DESC, id DESC");
  return g_string_free (sql, FALSE);
}

/* Reads all rows; a failure on the way is an error. */
static GPtrArray *
read_runs (FettleRunStore *self, sqlite3_stmt *statement, GError **error)
{
  g_autoptr (GPtrArray) runs =
      g_ptr_array_new_with_free_func ((GDestroyNotify)fettle_run_free);
  int status;

  while ((status = sqlite3_step (statement)) == SQLITE_ROW)
    g_ptr_array_add (runs, read_run (statement));
  if (status == SQLITE_DONE)
    return g_steal_pointer (&runs);
  fettle_run_database_fail (self->database, error);
  return NULL;
}

GPtrArray *
fettle_run_store_search (FettleRunStore *self, const char *text, GError **error)
{
  g_autofree char *words_text = NULL, *sql = NULL;
  g_auto (GStrv) words = NULL;
  sqlite3_stmt *statement;
  GPtrArray *runs;
  guint n_words;

  g_return_val_if_fail (self != NULL, NULL);

  words_text = normalize_tags (text != NULL ? text : "");
  words = g_strsplit (words_text, " ", MAXIMUM_WORDS);
  n_words = *words_text != '\0' ? g_strv_length (words) : 0;
  sql = make_query (n_words);
  statement = fettle_run_database_prepare (self->database, sql, error);
  if (statement == NULL)
    return NULL;
  for (guint i = 0; i < n_words; i++)
    {
      g_autofree char *part = make_pattern (words[i], "%");
      g_autofree char *beginning = make_pattern (words[i], "");

      bind_text (statement, (int)i + 1, part);
      bind_text (statement, (int)i + 1 + HASH_BASE, beginning);
    }
  runs = read_runs (self, statement, error);
  sqlite3_finalize (statement);
  return runs;
}

static gboolean
read_layers (FettleRunStore *self, FettleRun *run, GError **error)
{
  g_autoptr (FettleRun) empty = fettle_run_new ();
  sqlite3_stmt *statement = fettle_run_database_prepare (
      self->database,
      "SELECT name, operator, n, quantiles FROM layer WHERE run = ?1 ORDER BY number",
      error);
  int status;

  if (statement == NULL)
    return FALSE;
  run->layers = g_steal_pointer (&empty->layers);
  sqlite3_bind_int64 (statement, 1, run->id);
  while ((status = sqlite3_step (statement)) == SQLITE_ROW)
    {
      g_autofree char *name = read_text (statement, 0);
      g_autofree char *operator_ = read_text (statement, 1);
      FettleRunStatistics time = read_statistics (statement, 2);

      fettle_run_add_layer (run, name, operator_, &time);
    }
  if (status != SQLITE_DONE)
    fettle_run_database_fail (self->database, error);
  sqlite3_finalize (statement);
  return status == SQLITE_DONE;
}

static void
set_not_found (gint64 id, GError **error)
{
  g_set_error (error, FETTLE_RUN_STORE_ERROR, FETTLE_RUN_STORE_ERROR_NOT_FOUND,
               ("There is no run %" G_GINT64_FORMAT "; a list says which there are."),
               id);
}

FettleRun *
fettle_run_store_get (FettleRunStore *self, gint64 id, GError **error)
{
  g_autoptr (GPtrArray) runs = NULL;
  sqlite3_stmt *statement;

  g_return_val_if_fail (self != NULL, NULL);

  statement = fettle_run_database_prepare (
      self->database, "SELECT " COLUMNS " FROM run WHERE id = ?1", error);
  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, id);
  runs = read_runs (self, statement, error);
  sqlite3_finalize (statement);
  if (runs == NULL)
    return NULL;
  if (runs->len == 0)
    {
      set_not_found (id, error);
      return NULL;
    }
  if (!read_layers (self, runs->pdata[0], error))
    return NULL;
  return g_ptr_array_steal_index (runs, 0);
}

/* --- changing --- */

/* Runs and frees STATEMENT, which is about run ID; NULL: it could not be prepared. */
static gboolean
change (FettleRunStore *self, sqlite3_stmt *statement, gint64 id, GError **error)
{
  gboolean is_done;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, id);
  is_done = fettle_run_database_step (self->database, statement, error);
  sqlite3_finalize (statement);
  if (is_done && sqlite3_changes (self->database) == 0)
    {
      set_not_found (id, error);
      return FALSE;
    }
  return is_done;
}

gboolean
fettle_run_store_annotate (FettleRunStore *self, gint64 id, const char *tags,
                           const char *note, GError **error)
{
  g_autofree char *normal = tags != NULL ? normalize_tags (tags) : NULL;
  sqlite3_stmt *statement;

  g_return_val_if_fail (self != NULL, FALSE);

  statement = fettle_run_database_prepare (
      self->database,
      "UPDATE run SET tags = coalesce (?2, tags), note = coalesce (?3, note)"
      " WHERE id = ?1",
      error);
  if (statement != NULL)
    {
      bind_text (statement, 2, normal);
      bind_text (statement, 3, note);
    }
  return change (self, statement, id, error);
}

gboolean
fettle_run_store_delete (FettleRunStore *self, gint64 id, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return change (self,
                 fettle_run_database_prepare (self->database,
                                              "DELETE FROM run WHERE id = ?1", error),
                 id, error);
}
