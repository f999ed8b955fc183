/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-run-store.c: runs kept, found, changed; older, newer, damaged and locked files. */
#include "profiler/run-store.h"
#include "profiler/run-text.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("fettle-runs-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "new", "runs.sqlite", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *inner = g_path_get_dirname (fixture->path);

  g_remove (fixture->path);
  g_rmdir (inner);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static FettleRunStore *
open_store (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  FettleRunStore *store = fettle_run_store_open (fixture->path, &error);

  g_assert_no_error (error);
  return store;
}

/* N inferences of two layers, which take 0, 1, 2 … and a hundred times that. */
static FettleRun *
make_run (const char *board, guint n)
{
  g_autoptr (FettleTrace) trace = fettle_trace_new (2, FETTLE_UNIT_INSTRUCTIONS, 40);
  FettleRun *run = fettle_run_new ();
  const FettleRunStatistics none = { 0 };

  for (guint i = 0; i < n; i++)
    {
      fettle_trace_add (trace, i, 0, i);
      fettle_trace_add (trace, i, 1, 100 * i);
      fettle_trace_add_total (trace, i, 101 * i);
    }
  fettle_run_add_layer (run, "conv, \"first\"", "CONV_2D", &none);
  fettle_run_add_layer (run, "dense", "FULLY_CONNECTED", &none);
  fettle_run_set_trace (run, trace);
  run->time = 1763753400 * (gint64)G_USEC_PER_SEC;
  g_free (run->board);
  run->board = g_strdup (board);
  g_free (run->model);
  run->model = g_strdup ("100%_real.tflite");
  g_free (run->model_hash);
  run->model_hash = g_strdup ("abc123");
  return run;
}

/* Adds a run and returns its id. */
static gint64
add (FettleRunStore *store, const char *board, const char *tags)
{
  g_autoptr (FettleRun) run = make_run (board, 101);
  g_autoptr (GError) error = NULL;

  g_free (run->tags);
  run->tags = g_strdup (tags);
  fettle_run_store_add (store, run, &error);
  g_assert_no_error (error);
  return run->id;
}

static void
assert_found (FettleRunStore *store, const char *text, guint n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) runs = fettle_run_store_search (store, text, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (runs->len, ==, n);
}

static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FettleRunStore) store = open_store (fixture);
  g_autoptr (FettleRunStore) again = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleRun) run = NULL;
  gint64 id = add (store, "virtual-m4", " b a,b ");
  const FettleRunLayer *layer;

  again = open_store (fixture);
  run = fettle_run_store_get (again, id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (run->board, ==, "virtual-m4");
  g_assert_cmpstr (run->tags, ==, "a b");
  g_assert_cmpint (run->unit, ==, FETTLE_UNIT_INSTRUCTIONS);
  g_assert_cmpfloat (run->resolution, ==, 40);
  g_assert_cmpuint (run->total.n, ==, 101);
  g_assert_cmpuint (fettle_run_statistics_get_median (&run->total), ==, 5050);
  g_assert_cmpuint (run->layers->len, ==, 2);
  layer = &g_array_index (run->layers, FettleRunLayer, 1);
  g_assert_cmpstr (layer->name, ==, "dense");
  g_assert_cmpuint (layer->time.quantiles[0], ==, 0);
  g_assert_cmpuint (layer->time.quantiles[6], ==, 9500);
  g_assert_cmpuint (layer->time.quantiles[8], ==, 10000);
}

static void
test_search (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FettleRunStore) store = open_store (fixture);

  add (store, "virtual-m4", "before");
  add (store, "virtual-m7", "after slow");
  assert_found (store, NULL, 2);
  assert_found (store, "", 2);
  assert_found (store, "virtual", 2);
  assert_found (store, "m7 slow", 1);
  assert_found (store, "m4 slow", 0);
  assert_found (store, "abc1", 2);
  assert_found (store, "c123", 0);
  assert_found (store, "100%_", 2);
  assert_found (store, "%", 2);
  assert_found (store, "1000", 0);
  assert_found (store, "' OR 1 --", 0);
}

static void
test_changes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FettleRunStore) store = open_store (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleRun) run = NULL;
  gint64 id = add (store, "virtual-m4", "one");

  g_assert_true (fettle_run_store_annotate (store, id, NULL, "as ordered", &error));
  g_assert_true (fettle_run_store_annotate (store, id, "two", NULL, &error));
  run = fettle_run_store_get (store, id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (run->tags, ==, "two");
  g_assert_cmpstr (run->note, ==, "as ordered");
  g_assert_true (fettle_run_store_delete (store, id, &error));
  g_assert_false (fettle_run_store_delete (store, id, &error));
  g_assert_error (error, FETTLE_RUN_STORE_ERROR, FETTLE_RUN_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (fettle_run_store_annotate (store, id, "x", NULL, &error));
  g_assert_error (error, FETTLE_RUN_STORE_ERROR, FETTLE_RUN_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (fettle_run_store_get (store, id, &error));
  g_assert_error (error, FETTLE_RUN_STORE_ERROR, FETTLE_RUN_STORE_ERROR_NOT_FOUND);
}

static void
execute (const char *path, const char *sql)
{
  sqlite3 *database;

  g_assert_cmpint (sqlite3_open (path, &database), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (database, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (database);
}

/* A file as version 1 left it, without tags and notes. */
static void
test_migration (Fixture *fixture, gconstpointer data)
{
  g_autofree char *inner = g_path_get_dirname (fixture->path);
  g_autoptr (FettleRunStore) store = NULL;
  g_autoptr (GPtrArray) runs = NULL;

  g_mkdir (inner, 0700);
  execute (
      fixture->path,
      "CREATE TABLE run (id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT "
      "NULL, board TEXT NOT NULL, core TEXT NOT NULL, firmware TEXT NOT NULL, "
      "clock_hz INTEGER NOT NULL, unit TEXT NOT NULL, resolution REAL NOT NULL, "
      "model TEXT NOT NULL, model_hash TEXT NOT NULL, recipe_hash TEXT NOT NULL, "
      "image_bytes INTEGER NOT NULL, arena_bytes INTEGER NOT NULL, "
      "dropped INTEGER NOT NULL, n INTEGER NOT NULL, quantiles BLOB NOT NULL);"
      "CREATE TABLE layer (run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, "
      "number INTEGER NOT NULL, name TEXT NOT NULL, operator TEXT NOT NULL, "
      "n INTEGER NOT NULL, quantiles BLOB NOT NULL, PRIMARY KEY (run, number)) "
      "WITHOUT ROWID;"
      "INSERT INTO run VALUES (NULL, 5, 'old board', '', '', 0, 'cycles', 1, '', '', "
      "'', 1, 2, 0, 3, 'too short');"
      "PRAGMA user_version = 1");
  store = open_store (fixture);
  runs = fettle_run_store_search (store, "old", NULL);
  g_assert_cmpuint (runs->len, ==, 1);
  g_assert_cmpstr (((FettleRun *)runs->pdata[0])->tags, ==, "");
  g_assert_cmpuint (((FettleRun *)runs->pdata[0])->total.n, ==, 0);
  add (store, "new board", "tagged");
  assert_found (store, "board", 2);
}

static void
assert_refused (Fixture *fixture, FettleRunStoreError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (fettle_run_store_open (fixture->path, &error));
  g_assert_error (error, FETTLE_RUN_STORE_ERROR, (int)code);
  g_assert_true (g_str_has_suffix (error->message, "."));
  g_assert_nonnull (strstr (error->message, fixture->path));
}

static void
test_newer (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&(FettleRunStore *){ open_store (fixture) }, fettle_run_store_free);
  execute (fixture->path, "PRAGMA user_version = 99");
  assert_refused (fixture, FETTLE_RUN_STORE_ERROR_NEWER);
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *inner = g_path_get_dirname (fixture->path);

  g_mkdir (inner, 0700);
  g_assert_true (
      g_file_set_contents (fixture->path, "this is no database, is it?", -1, NULL));
  assert_refused (fixture, FETTLE_RUN_STORE_ERROR_DAMAGED);
}

static void
test_locked (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FettleRunStore) store = open_store (fixture);
  g_autoptr (FettleRun) run = make_run ("virtual-m4", 1);
  g_autoptr (GError) error = NULL;
  sqlite3 *other;

  g_assert_cmpint (sqlite3_open (fixture->path, &other), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (other, "BEGIN EXCLUSIVE", NULL, NULL, NULL), ==,
                   SQLITE_OK);
  g_assert_false (fettle_run_store_add (store, run, &error));
  g_assert_error (error, FETTLE_RUN_STORE_ERROR, FETTLE_RUN_STORE_ERROR_BUSY);
  sqlite3_close (other);
  g_clear_error (&error);
  g_assert_true (fettle_run_store_add (store, run, &error));
  g_assert_no_error (error);
}

/* Ten million records take what a hundred take. */
static void
test_size_is_bounded (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FettleRunStore) store = open_store (fixture);
  guint n = g_test_thorough () ? 5000000 : 50000;
  g_autoptr (FettleRun) few = make_run ("few", 100);
  g_autoptr (FettleRun) many = make_run ("many", n);
  GStatBuf before, between, after;

  g_assert_cmpint (g_stat (fixture->path, &before), ==, 0);
  for (guint i = 0; i < 50; i++)
    g_assert_true (fettle_run_store_add (store, few, NULL));
  g_assert_cmpint (g_stat (fixture->path, &between), ==, 0);
  for (guint i = 0; i < 50; i++)
    g_assert_true (fettle_run_store_add (store, many, NULL));
  g_assert_cmpint (g_stat (fixture->path, &after), ==, 0);
  g_assert_cmpint (after.st_size - between.st_size, <=,
                   between.st_size - before.st_size + 16384);
}

static void
test_text (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FettleRun) run = make_run ("virtual-m4", 3);
  g_autofree char *csv = fettle_run_format_csv (run);
  g_autofree char *json = fettle_run_format_json (run);
  g_autofree char *time = fettle_run_format_time (run);

  g_assert_cmpstr (
      csv, ==,
      "index,layer,op,unit,n,min,p1,p5,p25,median,p75,p95,p99,max\r\n"
      "0,\"conv, \"\"first\"\"\",CONV_2D,instructions,3,0,0,0,0,1,1,1,1,2\r\n"
      "1,dense,FULLY_CONNECTED,instructions,3,0,0,0,0,100,100,100,100,200\r\n"
      ",total,,instructions,3,0,0,0,0,101,101,101,101,202\r\n");
  g_assert_nonnull (strstr (json, "\"median\" : 101"));
  g_assert_cmpstr (time, ==, "2025-11-21T19:30:00Z");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                              \
  g_test_add ("/profiler/run-store/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("round-trip", test_round_trip);
  ADD ("search", test_search);
  ADD ("changes", test_changes);
  ADD ("migration", test_migration);
  ADD ("newer", test_newer);
  ADD ("damaged", test_damaged);
  ADD ("locked", test_locked);
  ADD ("bounded", test_size_is_bounded);
  ADD ("text", test_text);
  return g_test_run ();
}
