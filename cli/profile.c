/* SPDX-License-Identifier: GPL-3.0-or-later */
/* profile.c: fettle-cli profile, each layer measured on a board. */
#include "config.h"
#include "cli/board-session.h"
#include "cli/commands.h"
#include "cli/keep-run.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/profile-validation.h"
#include "cli/tensor-data.h"
#include "model/model-file.h"

#include <glib/gi18n.h>

#define DEFAULT_RUNS 5

typedef struct
{
  char *model;
  char *board;
  char *input;
  char *rounding;
  int runs;
  gboolean continuous;
  gboolean validate;
  gboolean keep;
  char *tags;
  gboolean json;
  FettlePreprocessing preprocessing;
} Arguments;

static void
arguments_clear (Arguments *arguments)
{
  g_free (arguments->model);
  g_free (arguments->board);
  g_free (arguments->input);
  g_free (arguments->rounding);
  g_free (arguments->tags);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Arguments, arguments_clear)

static gboolean
parse (int argc, char **argv, Arguments *arguments, GError **error)
{
  const GOptionEntry entries[] = {
    { "board", 0, 0, G_OPTION_ARG_STRING, &arguments->board,
      N_ ("Board to measure on (see “fettle-cli boards”)"), "ID" },
    { "runs", 0, 0, G_OPTION_ARG_INT, &arguments->runs,
      N_ ("How many inferences to measure (default 5)"), "N" },
    { "input", 0, 0, G_OPTION_ARG_FILENAME, &arguments->input,
      N_ ("Input; of several samples the first (default: all zero points)"),
      "X.(npy|bin)" },
    { "continuous", 0, 0, G_OPTION_ARG_NONE, &arguments->continuous,
      N_ ("Measure until interrupted (Ctrl+C), then print"), NULL },
    { "validate", 0, 0, G_OPTION_ARG_NONE, &arguments->validate,
      N_ ("Compare each layer's output with this computer's"), NULL },
    { "keep", 0, 0, G_OPTION_ARG_NONE, &arguments->keep,
      N_ ("Keep the run (see “fettle-cli runs”)"), NULL },
    { "tags", 0, 0, G_OPTION_ARG_STRING, &arguments->tags,
      N_ ("Keep it with these tags, with blanks between them"), "TAGS" },
    FETTLE_CLI_ROUNDING_ENTRY (&arguments->rounding),
    FETTLE_CLI_PREPROCESSING_ENTRIES (&arguments->preprocessing),
    FETTLE_CLI_JSON_ENTRY (&arguments->json),
    G_OPTION_ENTRY_NULL
  };

  if (!fettle_cli_parse (argc, argv, entries, _ ("Measures each layer on a board."),
                         "MODEL", &arguments->model, error)
      || !fettle_cli_require (arguments->board, "--board", error)
      || !fettle_cli_check_preprocessing (&arguments->preprocessing, error))
    return FALSE;
  return fettle_cli_check_count (arguments->runs, "--runs", error);
}

static const char *
describe_unit (FettleUnit unit)
{
  switch (unit)
    {
    case FETTLE_UNIT_INSTRUCTIONS:
      return _ ("executed instructions, not cycles");
    case FETTLE_UNIT_NANOSECONDS:
      return _ ("time where the agent runs, not cycles");
    case FETTLE_UNIT_CYCLES:
    default:
      return _ ("of the core's clock");
    }
}

static guint64
get_retries (FettleCliSession *session)
{
  return fettle_session_get_retries (fettle_cli_session_get_session (session));
}

static void
add_layers (JsonBuilder *builder, FettleGraph *graph, FettleTrace *trace)
{
  json_builder_set_member_name (builder, "layers");
  json_builder_begin_array (builder);
  for (guint i = 0; i < fettle_trace_get_n_layers (trace); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);
      FettleStatistics statistics = fettle_trace_get_layer (trace, i);

      json_builder_begin_object (builder);
      fettle_cli_add_int (builder, "index", i);
      fettle_cli_add_string (builder, "name", operator_->name);
      fettle_cli_add_string (builder, "op", fettle_opcode_get_name (operator_->opcode));
      fettle_cli_add_int (builder, "min", statistics.minimum);
      fettle_cli_add_int (builder, "median", statistics.median);
      fettle_cli_add_int (builder, "max", statistics.maximum);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
print_json (FettleGraph *graph, FettleCliSession *session, FettleRunResult *result,
            FettleCliValidation *validation)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  const FettleBoardInfo *info = fettle_cli_session_get_info (session);
  FettleTrace *trace = result->trace;

  json_builder_begin_object (builder);
  fettle_cli_add_string (builder, "board",
                         fettle_board_get_id (fettle_cli_session_get_board (session)));
  fettle_cli_add_string (builder, "core", info->core);
  fettle_cli_add_string (builder, "kernels", info->kernels);
  fettle_cli_add_string (builder, "unit",
                         fettle_unit_get_name (fettle_trace_get_unit (trace)));
  fettle_cli_add_int (builder, "runs", fettle_trace_get_n_runs (trace));
  fettle_cli_add_int (builder, "dropped", fettle_trace_get_dropped (trace));
  fettle_cli_add_int (builder, "total", fettle_trace_get_total (trace).median);
  fettle_cli_add_int (builder, "arena_bytes",
                      fettle_cli_session_get_arena_size (session));
  fettle_cli_add_int (builder, "stack_bytes", result->stack_bytes);
  fettle_cli_add_int (builder, "retries", get_retries (session));
  add_layers (builder, graph, trace);
  if (validation != NULL)
    fettle_cli_validation_add_json (validation, graph, builder);
  json_builder_end_object (builder);
  fettle_cli_print_json (builder);
}

static void
print_layers (FettleGraph *graph, FettleTrace *trace)
{
  const char *const titles[] = { "#",          _ ("Layer"), _ ("Operator"), _ ("Min"),
                                 _ ("Median"), _ ("Max"),   _ ("Share") };
  g_autoptr (FettleCliTable) table = fettle_cli_table_new ("rllrrrr", titles);
  guint64 total = fettle_trace_get_total (trace).median;

  for (guint i = 0; i < fettle_trace_get_n_layers (trace); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);
      FettleStatistics statistics = fettle_trace_get_layer (trace, i);
      double share = total > 0 ? 100.0 * (double)statistics.median / (double)total : 0.0;

      fettle_cli_table_add (table, "%u", i);
      fettle_cli_table_add (table, "%s", operator_->name);
      fettle_cli_table_add (table, "%s", fettle_opcode_get_name (operator_->opcode));
      fettle_cli_table_add (table, "%" G_GUINT64_FORMAT, statistics.minimum);
      fettle_cli_table_add (table, "%" G_GUINT64_FORMAT, statistics.median);
      fettle_cli_table_add (table, "%" G_GUINT64_FORMAT, statistics.maximum);
      fettle_cli_table_add (table, "%.1f %%", share);
    }
  fettle_cli_table_print (table);
}

static void
print_losses (FettleCliSession *session, FettleTrace *trace)
{
  guint64 dropped = fettle_trace_get_dropped (trace), retries = get_retries (session);

  if (dropped > 0)
    fettle_cli_print (_ ("%" G_GUINT64_FORMAT " records were lost on the way.\n"),
                      dropped);
  if (retries > 0)
    fettle_cli_print (_ ("Because of bytes lost on the way, something was sent again "
                         "%" G_GUINT64_FORMAT " times.\n"),
                      retries);
}

static void
print_text (FettleGraph *graph, FettleCliSession *session, FettleRunResult *result,
            FettleCliValidation *validation)
{
  FettleBoard *board = fettle_cli_session_get_board (session);
  FettleUnit unit = fettle_trace_get_unit (result->trace);
  g_autofree char *arena =
      fettle_cli_format_size (fettle_cli_session_get_arena_size (session));

  fettle_cli_print (_ ("Board: %s, kernels %s\n"), fettle_board_get_name (board),
                    fettle_cli_session_get_info (session)->kernels);
  fettle_cli_print (_ ("Unit: %s (%s: %s)\n\n"), fettle_unit_get_name (unit),
                    fettle_board_get_id (board), describe_unit (unit));
  print_layers (graph, result->trace);
  fettle_cli_print (
      _ ("\nTotal: %" G_GUINT64_FORMAT " %s per inference (median of %u), arena %s\n"),
      fettle_trace_get_total (result->trace).median, fettle_unit_get_name (unit),
      fettle_trace_get_n_runs (result->trace), arena);
  print_losses (session, result->trace);
  if (validation != NULL)
    fettle_cli_validation_print (validation, graph);
}

static GBytes *
read_input (const Arguments *arguments, FettleProject *project, GError **error)
{
  g_autoptr (FettleCliInputs) inputs = fettle_cli_inputs_open (
      arguments->input, project->graph, &arguments->preprocessing, error);

  return inputs != NULL ? fettle_cli_inputs_get (inputs, 0, error) : NULL;
}

static gboolean
measure (const Arguments *arguments, FettleProject *project, FettleCliSession *session,
         GBytes *input, GError **error)
{
  FettleGraph *graph = project->graph;
  FettleRunRequest request = { .repetitions = (guint)arguments->runs,
                               .until_stopped = arguments->continuous,
                               .keep_checksums = arguments->validate,
                               .input = input };
  g_autoptr (FettleCliValidation) validation = NULL;
  g_autoptr (FettleRunResult) result = NULL;

  if (arguments->validate
      && (validation = fettle_cli_validation_new (session, input, error)) == NULL)
    return FALSE;
  result = fettle_cli_session_run (session, &request, error);
  if (result == NULL)
    return FALSE;
  if (validation != NULL)
    fettle_cli_validation_take (validation, result);
  if (arguments->json)
    print_json (graph, session, result, validation);
  else
    print_text (graph, session, result, validation);
  if ((arguments->keep || arguments->tags != NULL)
      && !fettle_cli_keep_run (session, project, arguments->model, result->trace,
                               arguments->tags, error))
    return FALSE;
  return validation == NULL || fettle_cli_validation_check (validation, graph, error);
}

gboolean
fettle_cli_profile (int argc, char **argv, GError **error)
{
  g_auto (Arguments)
      arguments = { .runs = DEFAULT_RUNS, .preprocessing = { .scale = 1.0 } };
  g_autoptr (FettleProject) project = NULL;
  g_autoptr (FettleCliSession) session = NULL;
  g_autoptr (GBytes) input = NULL;
  FettleRounding rounding;

  if (!parse (argc, argv, &arguments, error))
    return FALSE;
  project = fettle_model_file_load (arguments.model, error);
  if (project == NULL)
    return FALSE;
  if (arguments.input != NULL
      && (input = read_input (&arguments, project, error)) == NULL)
    return FALSE;
  if (!fettle_cli_read_rounding (arguments.rounding, &rounding, error))
    return FALSE;
  session = fettle_cli_session_open (arguments.board, project->graph, rounding, error);
  return session != NULL && measure (&arguments, project, session, input, error);
}
