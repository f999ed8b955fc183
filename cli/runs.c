/* SPDX-License-Identifier: GPL-3.0-or-later */
/* runs.c: fettle-cli runs, the runs that were kept: list, show, tag, delete, export. */
#include "config.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/output.h"
#include "profiler/run-text.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  char *store;
  char *search;
  char *tags;
  char *note;
  char *output;
  gboolean json;
  gint64 id; /* of the run that is meant */
} Arguments;

static void
arguments_clear (Arguments *arguments)
{
  g_free (arguments->store);
  g_free (arguments->search);
  g_free (arguments->tags);
  g_free (arguments->note);
  g_free (arguments->output);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Arguments, arguments_clear)

static gboolean
list (FettleRunStore *store, const Arguments *arguments, GError **error)
{
  const char *const titles[] = { _ ("ID"),   _ ("Time"), _ ("Board"), _ ("Model"),
                                 _ ("Runs"), _ ("Unit"), _ ("Total"), _ ("Tags") };
  g_autoptr (FettleCliTable) table = fettle_cli_table_new ("rlllrlrl", titles);
  g_autoptr (GPtrArray) runs = fettle_run_store_search (store, arguments->search, error);
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (runs == NULL)
    return FALSE;
  json_builder_begin_array (builder);
  for (guint i = 0; i < runs->len; i++)
    {
      FettleRun *run = runs->pdata[i];
      g_autofree char *time = fettle_run_format_time (run);

      fettle_run_add_json (run, builder);
      fettle_cli_table_add (table, "%" G_GINT64_FORMAT, run->id);
      fettle_cli_table_add (table, "%s", time);
      fettle_cli_table_add (table, "%s", run->board);
      fettle_cli_table_add (table, "%s", run->model);
      fettle_cli_table_add (table, "%" G_GUINT64_FORMAT, run->total.n);
      fettle_cli_table_add (table, "%s", fettle_unit_get_name (run->unit));
      fettle_cli_table_add (table, "%" G_GUINT64_FORMAT,
                            fettle_run_statistics_get_median (&run->total));
      fettle_cli_table_add (table, "%s", run->tags);
    }
  json_builder_end_array (builder);
  if (arguments->json)
    fettle_cli_print_json (builder);
  else
    fettle_cli_table_print (table);
  return TRUE;
}

static void
print_layers (FettleRun *run)
{
  const char *const titles[] = { "#",          _ ("Layer"), _ ("Operator"), _ ("Min"),
                                 _ ("Median"), _ ("95 %"),  _ ("Max") };
  g_autoptr (FettleCliTable) table = fettle_cli_table_new ("rllrrrr", titles);

  for (guint i = 0; i < run->layers->len; i++)
    {
      const FettleRunLayer *layer = &g_array_index (run->layers, FettleRunLayer, i);
      const guint64 *quantiles = layer->time.quantiles;

      fettle_cli_table_add (table, "%u", i);
      fettle_cli_table_add (table, "%s", layer->name);
      fettle_cli_table_add (table, "%s", layer->operator_);
      fettle_cli_table_add (table, "%" G_GUINT64_FORMAT, quantiles[0]);
      fettle_cli_table_add (table, "%" G_GUINT64_FORMAT, quantiles[4]);
      fettle_cli_table_add (table, "%" G_GUINT64_FORMAT, quantiles[6]);
      fettle_cli_table_add (table, "%" G_GUINT64_FORMAT, quantiles[8]);
    }
  fettle_cli_table_print (table);
}

static gboolean
show (FettleRunStore *store, const Arguments *arguments, GError **error)
{
  g_autoptr (FettleRun) run = fettle_run_store_get (store, arguments->id, error);
  g_autoptr (JsonBuilder) builder = NULL;
  g_autofree char *time = NULL;

  if (run == NULL)
    return FALSE;
  if (arguments->json)
    {
      builder = json_builder_new ();
      fettle_run_add_json (run, builder);
      fettle_cli_print_json (builder);
      return TRUE;
    }
  time = fettle_run_format_time (run);
  fettle_cli_print (_ ("Run %" G_GINT64_FORMAT " of %s, %s\n"), run->id, run->model,
                    time);
  fettle_cli_print (_ ("Board: %s (%s), %s\n"), run->board, run->core, run->firmware);
  fettle_cli_print (
      _ ("Unit: %s, median of %" G_GUINT64_FORMAT " inferences: %" G_GUINT64_FORMAT "\n"),
      fettle_unit_get_name (run->unit), run->total.n,
      fettle_run_statistics_get_median (&run->total));
  if (*run->tags != '\0')
    fettle_cli_print (_ ("Tags: %s\n"), run->tags);
  if (*run->note != '\0')
    fettle_cli_print ("%s\n", run->note);
  fettle_cli_print ("\n");
  print_layers (run);
  return TRUE;
}

static gboolean
tag (FettleRunStore *store, const Arguments *arguments, GError **error)
{
  if (arguments->tags != NULL || arguments->note != NULL)
    return fettle_run_store_annotate (store, arguments->id, arguments->tags,
                                      arguments->note, error);
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                       _ ("say --tags, --note or both"));
  return FALSE;
}

static gboolean delete (FettleRunStore *store, const Arguments *arguments, GError **error)
{
  return fettle_run_store_delete (store, arguments->id, error);
}

static gboolean export(FettleRunStore *store, const Arguments *arguments, GError **error)
{
  g_autoptr (FettleRun) run = fettle_run_store_get (store, arguments->id, error);
  g_autoptr (GBytes) bytes = NULL;
  char *text;

  if (run == NULL)
    return FALSE;
  text = arguments->json ? fettle_run_format_json (run) : fettle_run_format_csv (run);
  bytes = g_bytes_new_take (text, strlen (text));
  if (arguments->output != NULL)
    return fettle_cli_write_file (arguments->output, bytes, error);
  fettle_cli_print ("%s", text);
  return TRUE;
}

static const struct
{
  const char *name;
  gboolean needs_id;
  const char *summary;
  gboolean (*run) (FettleRunStore *store, const Arguments *arguments, GError **error);
} actions[] = {
  { "list", FALSE, N_ ("Lists the runs that were kept, the latest first."), list },
  { "show", TRUE, N_ ("Shows a run, layer by layer."), show },
  { "tag", TRUE, N_ ("Gives a run other tags, or another note."), tag },
  { "delete", TRUE, N_ ("Deletes a run."), delete },
  { "export", TRUE, N_ ("Writes a run as CSV, or with --json as JSON."), export },
};

static gboolean
read_id (const char *text, gint64 *id, GError **error)
{
  if (g_ascii_string_to_signed (text, 10, 1, G_MAXINT64, id, NULL))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _ ("“%s” is not the number of a run"), text);
  return FALSE;
}

static gboolean
run_action (guint action, int argc, char **argv, GError **error)
{
  g_auto (Arguments) arguments = { NULL };
  g_autoptr (FettleRunStore) store = NULL;
  g_autofree char *id = NULL;
  const GOptionEntry entries[] = {
    { "search", 0, 0, G_OPTION_ARG_STRING, &arguments.search,
      N_ ("list: those with these words in board, model, tags or note"), "TEXT" },
    { "tags", 0, 0, G_OPTION_ARG_STRING, &arguments.tags,
      N_ ("tag: words with blanks between them"), "TAGS" },
    { "note", 0, 0, G_OPTION_ARG_STRING, &arguments.note, N_ ("tag: what to remember"),
      "TEXT" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &arguments.output,
      N_ ("export: file to write"), "FILE" },
    { "store", 0, 0, G_OPTION_ARG_FILENAME, &arguments.store,
      N_ ("File with the runs (default: the user's)"), "RUNS.sqlite" },
    FETTLE_CLI_JSON_ENTRY (&arguments.json),
    G_OPTION_ENTRY_NULL
  };

  if (!fettle_cli_parse (argc, argv, entries, _ (actions[action].summary),
                         actions[action].needs_id ? "ID" : NULL, &id, error)
      || (id != NULL && !read_id (id, &arguments.id, error)))
    return FALSE;
  store = fettle_run_store_open (arguments.store, error);
  return store != NULL && actions[action].run (store, &arguments, error);
}

gboolean
fettle_cli_runs (int argc, char **argv, GError **error)
{
  const char *name = argc > 1 && argv[1][0] != '-' ? argv[1] : NULL;

  if (name == NULL)
    return run_action (0, argc, argv, error);
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_str_equal (actions[i].name, name))
      return run_action (i, argc - 1, argv + 1, error);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
               _ ("“%s” is not list, show, tag, delete or export"), name);
  return FALSE;
}
