/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run.c: fettle-cli run, a model on data, here or on a board. */
#include "config.h"
#include "cli/board-session.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/tensor-data.h"
#include "model/model-file.h"
#include "model/runner.h"
#include "tuner/evaluate.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char *model;
  char *input;
  char *output;
  char *layers; /* directory */
  char *board;
  char *target;
  char *rounding;
  gboolean json;
  FettlePreprocessing preprocessing;
} Arguments;

/* What the invocations have given. */
typedef struct
{
  GByteArray *outputs;
  GPtrArray
      *layers; /* GBytes of each layer of the first invocation; NULL if not wanted */
} Results;

static void
arguments_clear (Arguments *arguments)
{
  g_free (arguments->model);
  g_free (arguments->input);
  g_free (arguments->output);
  g_free (arguments->layers);
  g_free (arguments->board);
  g_free (arguments->target);
  g_free (arguments->rounding);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Arguments, arguments_clear)

static void
results_clear (Results *results)
{
  g_clear_pointer (&results->outputs, g_byte_array_unref);
  g_clear_pointer (&results->layers, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Results, results_clear)

static gboolean
parse (int argc, char **argv, Arguments *arguments, GError **error)
{
  const GOptionEntry entries[] = {
    { "input", 0, 0, G_OPTION_ARG_FILENAME, &arguments->input,
      N_ ("Samples of real numbers (.npy), or raw bytes of all inputs (.bin)"),
      "X.(npy|bin)" },
    { "output", 0, 0, G_OPTION_ARG_FILENAME, &arguments->output,
      N_ ("Outputs to write: float32 (.npy) or raw bytes (.bin)"), "Y.(npy|bin)" },
    { "dump-layers", 0, 0, G_OPTION_ARG_FILENAME, &arguments->layers,
      N_ ("Write each layer's output for the first sample to DIR/NNN.bin"), "DIR" },
    { "board", 0, 0, G_OPTION_ARG_STRING, &arguments->board,
      N_ ("Run on this board instead of here (see “fettle-cli boards”)"), "ID" },
    { "target", 0, 0, G_OPTION_ARG_STRING, &arguments->target,
      N_ ("Run here with the layers lowered for this core (default: desktop)"), "NAME" },
    FETTLE_CLI_ROUNDING_ENTRY (&arguments->rounding),
    FETTLE_CLI_PREPROCESSING_ENTRIES (&arguments->preprocessing),
    FETTLE_CLI_JSON_ENTRY (&arguments->json),
    G_OPTION_ENTRY_NULL
  };

  return fettle_cli_parse (argc, argv, entries, _ ("Runs a model on data."), "MODEL",
                           &arguments->model, error)
         && fettle_cli_require (arguments->input, "--input", error)
         && fettle_cli_require (arguments->output, "--output", error)
         && fettle_cli_check_preprocessing (&arguments->preprocessing, error);
}

static void
keep_layer (guint layer, gconstpointer output, gsize size, gpointer user_data)
{
  g_ptr_array_add (user_data, g_bytes_new (output, size));
}

static void
write_inputs (FettleRunner *runner, GBytes *raw)
{
  const guint8 *bytes = g_bytes_get_data (raw, NULL);

  for (guint i = 0; i < fettle_runner_get_n_inputs (runner); i++)
    {
      gsize size;
      gpointer input = fettle_runner_get_input (runner, i, &size);

      memcpy (input, bytes, size);
      bytes += size;
    }
}

static void
read_outputs (FettleRunner *runner, GByteArray *outputs)
{
  for (guint i = 0; i < fettle_runner_get_n_outputs (runner); i++)
    {
      gsize size;
      gconstpointer output = fettle_runner_get_output (runner, i, &size);

      g_byte_array_append (outputs, output, (guint)size);
    }
}

static gboolean
run_here (FettleGraph *graph, const FettleLowerOptions *options, FettleCliInputs *inputs,
          Results *results, GError **error)
{
  g_autoptr (FettleLowered) lowered = fettle_lower (graph, options, error);
  g_autoptr (FettleRunner) runner =
      lowered != NULL ? fettle_runner_new (lowered->image, error) : NULL;

  if (runner == NULL)
    return FALSE;
  for (guint i = 0; i < fettle_cli_inputs_get_n (inputs); i++)
    {
      g_autoptr (GBytes) raw = fettle_cli_inputs_get (inputs, i, error);
      gboolean is_kept = i == 0 && results->layers != NULL;

      if (raw == NULL)
        return FALSE;
      if (fettle_cli_inputs_are_independent (inputs))
        fettle_runner_reset (runner);
      write_inputs (runner, raw);
      if (!fettle_runner_run (runner, is_kept ? keep_layer : NULL, results->layers, NULL,
                              error))
        return FALSE;
      read_outputs (runner, results->outputs);
    }
  return TRUE;
}

static gboolean
run_on_board (const char *id, FettleGraph *graph, FettleRounding rounding,
              FettleCliInputs *inputs, Results *results, GError **error)
{
  g_autoptr (FettleCliSession) session =
      fettle_cli_session_open (id, graph, rounding, error);

  if (session == NULL)
    return FALSE;
  for (guint i = 0; i < fettle_cli_inputs_get_n (inputs); i++)
    {
      g_autoptr (GBytes) raw = fettle_cli_inputs_get (inputs, i, error);
      g_autoptr (FettleRunResult) result = NULL;
      FettleRunRequest request = { .repetitions = 1, .input = raw };

      if (raw == NULL)
        return FALSE;
      request.keep_layers = i == 0 && results->layers != NULL;
      request.is_continued = i > 0 && !fettle_cli_inputs_are_independent (inputs);
      result = fettle_cli_session_run (session, &request, error);
      if (result == NULL)
        return FALSE;
      g_byte_array_append (results->outputs, g_bytes_get_data (result->output, NULL),
                           (guint)g_bytes_get_size (result->output));
      for (guint k = 0; request.keep_layers && k < result->layers->len; k++)
        g_ptr_array_add (results->layers,
                         g_bytes_ref (g_ptr_array_index (result->layers, k)));
    }
  return TRUE;
}

static gboolean
write_layers (const char *directory, GPtrArray *layers, GError **error)
{
  if (g_mkdir_with_parents (directory, 0777) != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   _ ("The directory %s cannot be made: %s."), directory,
                   g_strerror (errno));
      return FALSE;
    }
  for (guint i = 0; i < layers->len; i++)
    {
      g_autofree char *name = g_strdup_printf ("%03u.bin", i);
      g_autofree char *path = g_build_filename (directory, name, NULL);

      if (!fettle_cli_write_file (path, g_ptr_array_index (layers, i), error))
        return FALSE;
    }
  return TRUE;
}

/* The class that output 0 of each invocation names. */
static void
add_predictions (JsonBuilder *builder, FettleGraph *graph, GBytes *raw, guint n)
{
  const FettleTensor *tensor =
      fettle_graph_get_tensor (graph, fettle_graph_get_output (graph, 0));
  gsize n_values = fettle_tensor_get_n_elements (tensor);
  g_autofree float *values = g_new (float, n_values);
  const guint8 *bytes = g_bytes_get_data (raw, NULL);

  json_builder_set_member_name (builder, "predictions");
  json_builder_begin_array (builder);
  for (guint i = 0; i < n; i++)
    {
      fettle_tensor_decode (tensor, bytes + i * fettle_cli_outputs_size (graph), values,
                            n_values);
      json_builder_add_int_value (builder, fettle_argmax (values, n_values));
    }
  json_builder_end_array (builder);
}

static void
print_results (const Arguments *arguments, FettleGraph *graph, GBytes *raw, guint n)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *size = fettle_cli_format_size (g_bytes_get_size (raw));

  if (!arguments->json)
    {
      fettle_cli_print (g_dngettext (GETTEXT_PACKAGE,
                                     "Wrote %s: outputs of %u invocation, %s\n",
                                     "Wrote %s: outputs of %u invocations, %s\n", n),
                        arguments->output, n, size);
      return;
    }
  json_builder_begin_object (builder);
  fettle_cli_add_string (builder, "output", arguments->output);
  fettle_cli_add_string (builder, "board", arguments->board);
  fettle_cli_add_int (builder, "n", n);
  add_predictions (builder, graph, raw, n);
  json_builder_end_object (builder);
  fettle_cli_print_json (builder);
}

static gboolean
read_target (const Arguments *arguments, FettleTarget *target, GError **error)
{
  *target = FETTLE_TARGET_DESKTOP;
  if (arguments->target == NULL)
    return TRUE;
  if (arguments->board == NULL)
    return fettle_target_from_name (arguments->target, target, error);
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       _ ("--target and --board exclude each other: a board says itself "
                          "what it is."));
  return FALSE;
}

static gboolean
run (const Arguments *arguments, FettleProject *project, FettleCliInputs *inputs,
     GError **error)
{
  g_auto (Results) results = { .outputs = g_byte_array_new () };
  g_autoptr (GBytes) raw = NULL;
  guint n = fettle_cli_inputs_get_n (inputs);
  FettleLowerOptions options = { 0 };

  if (!read_target (arguments, &options.target, error)
      || !fettle_cli_read_rounding (arguments->rounding, &options.rounding, error))
    return FALSE;
  if (arguments->layers != NULL)
    results.layers = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  if (!(arguments->board != NULL
            ? run_on_board (arguments->board, project->graph, options.rounding, inputs,
                            &results, error)
            : run_here (project->graph, &options, inputs, &results, error)))
    return FALSE;
  if (results.layers != NULL && !write_layers (arguments->layers, results.layers, error))
    return FALSE;
  raw = g_byte_array_free_to_bytes (g_steal_pointer (&results.outputs));
  if (!fettle_cli_outputs_write (arguments->output, project->graph, raw, n, error))
    return FALSE;
  print_results (arguments, project->graph, raw, n);
  return TRUE;
}

gboolean
fettle_cli_run (int argc, char **argv, GError **error)
{
  g_auto (Arguments) arguments = { .preprocessing = { .scale = 1.0 } };
  g_autoptr (FettleProject) project = NULL;
  g_autoptr (FettleCliInputs) inputs = NULL;

  if (!parse (argc, argv, &arguments, error))
    return FALSE;
  project = fettle_model_file_load (arguments.model, error);
  if (project == NULL
      || !fettle_cli_outputs_check (arguments.output, project->graph, error))
    return FALSE;
  inputs = fettle_cli_inputs_open (arguments.input, project->graph,
                                   &arguments.preprocessing, error);
  if (inputs == NULL)
    return FALSE;
  if (fettle_cli_inputs_are_independent (inputs))
    fettle_cli_compare_preprocessing (project, &arguments.preprocessing);
  return run (&arguments, project, inputs, error);
}
