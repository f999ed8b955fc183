/* SPDX-License-Identifier: GPL-3.0-or-later */
/* error.c: fettle-cli error, what each layer's quantization costs. */
#include "config.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "model/model-file.h"
#include "tuner/layer-errors.h"

#include <glib/gi18n.h>
#include <math.h>

#define DEFAULT_SAMPLES 32

static void
add_figures (JsonBuilder *builder, const FettleErrorFigures *figures)
{
  fettle_cli_add_double (builder, "sqnr_db", figures->sqnr_db);
  fettle_cli_add_double (builder, "mse", figures->mean_square_error);
  fettle_cli_add_double (builder, "cosine", figures->cosine);
  fettle_cli_add_double (builder, "max_error", figures->maximum_error);
  fettle_cli_add_double (builder, "clipped_share", figures->clipped_share);
}

static void
add_layer_figures (JsonBuilder *builder, const char *key,
                   const FettleErrorFigures *figures)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
  add_figures (builder, figures);
  json_builder_end_object (builder);
}

static void
add_output_figures (JsonBuilder *builder, const FettleOutputFigures *figures)
{
  json_builder_set_member_name (builder, "output");
  json_builder_begin_object (builder);
  add_figures (builder, &figures->error);
  fettle_cli_add_double (builder, "kl", figures->divergence);
  fettle_cli_add_double (builder, "agreement", figures->agreement);
  json_builder_end_object (builder);
}

static void
add_way (JsonBuilder *builder, const char *key, const FettleMixedErrors *errors)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
  add_layer_figures (builder, "layer", &errors->layer);
  add_output_figures (builder, &errors->output);
  json_builder_end_object (builder);
}

static void
add_layer (JsonBuilder *builder, FettleGraph *graph, guint layer,
           const FettleLayerErrors *errors)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);

  json_builder_begin_object (builder);
  fettle_cli_add_int (builder, "index", layer);
  fettle_cli_add_string (builder, "name", operator_->name);
  fettle_cli_add_string (builder, "op", fettle_opcode_get_name (operator_->opcode));
  json_builder_set_member_name (builder, "known");
  json_builder_add_boolean_value (builder, errors->is_known);
  if (errors->is_known)
    {
      add_layer_figures (builder, "standing", &errors->standing);
      add_way (builder, "only", &errors->only);
      add_way (builder, "all_but", &errors->all_but);
    }
  json_builder_end_object (builder);
}

static void
print_json (FettleGraph *graph, const FettleErrorReport *report)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  fettle_cli_add_int (builder, "n", report->n_samples);
  add_output_figures (builder, &report->output);
  json_builder_set_member_name (builder, "layers");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->layers->len; i++)
    add_layer (builder, graph, i, &g_array_index (report->layers, FettleLayerErrors, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  fettle_cli_print_json (builder);
}

static void
add_decibels (FettleCliTable *table, double decibels)
{
  fettle_cli_table_add (table, isinf (decibels) ? _ ("exact") : "%.1f", decibels);
}

static void
add_row (FettleCliTable *table, FettleGraph *graph, guint layer,
         const FettleLayerErrors *errors)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);

  fettle_cli_table_add (table, "%u", layer);
  fettle_cli_table_add (table, "%s", operator_->name);
  fettle_cli_table_add (table, "%s", fettle_opcode_get_name (operator_->opcode));
  if (!errors->is_known)
    {
      for (guint i = 0; i < 6; i++)
        fettle_cli_table_add (table, "–");
      return;
    }
  add_decibels (table, errors->standing.sqnr_db);
  fettle_cli_table_add (table, "%.5f", errors->standing.cosine);
  fettle_cli_table_add (table, "%.2f", 100.0 * errors->standing.clipped_share);
  add_decibels (table, errors->only.layer.sqnr_db);
  add_decibels (table, errors->only.output.error.sqnr_db);
  add_decibels (table, errors->all_but.output.error.sqnr_db);
}

static void
print_text (FettleGraph *graph, const FettleErrorReport *report)
{
  const char *const titles[] = { "#",
                                 _ ("layer"),
                                 _ ("operator"),
                                 _ ("SQNR dB"),
                                 _ ("cosine"),
                                 _ ("clipped %"),
                                 _ ("only it: layer dB"),
                                 _ ("output dB"),
                                 _ ("all but it: output dB") };
  g_autoptr (FettleCliTable) table = fettle_cli_table_new ("rllrrrrrr", titles);

  for (guint i = 0; i < report->layers->len; i++)
    add_row (table, graph, i, &g_array_index (report->layers, FettleLayerErrors, i));
  fettle_cli_table_print (table);
  fettle_cli_print (_ ("Output, all layers quantized: SQNR %.1f dB over %u samples"),
                    report->output.error.sqnr_db, report->n_samples);
  if (report->kind != FETTLE_OUTPUT_VALUES)
    fettle_cli_print (_ (", divergence %.3g nats, same class as float in %.2f %%"),
                      report->output.divergence, 100.0 * report->output.agreement);
  fettle_cli_print ("\n");
}

static FettleErrorReport *
measure (FettleProject *project, const char *data, const char *labels,
         const FettlePreprocessing *preprocessing, guint n_samples, GError **error)
{
  FettleGraph *reference = fettle_cli_require_reference (project, error);
  g_autoptr (FettleSamples) samples = NULL;
  FettleErrorReport *report;

  if (reference == NULL)
    return NULL;
  samples = fettle_cli_open_samples (data, labels, reference, preprocessing, error);
  if (samples == NULL)
    return NULL;
  fettle_cli_compare_range (samples, project->graph);
  fettle_cli_compare_preprocessing (project, preprocessing);
  report = fettle_measure_layer_errors (
      reference, project->graph, samples, n_samples, fettle_cli_get_progress (),
      (gpointer)_ ("Measuring layers"), fettle_cli_progress_begin (), error);
  fettle_cli_progress_end ();
  return report;
}

gboolean
fettle_cli_error (int argc, char **argv, GError **error)
{
  g_autofree char *model = NULL;
  g_autofree char *data = NULL;
  g_autofree char *labels = NULL;
  gboolean json = FALSE;
  int n_samples = DEFAULT_SAMPLES;
  FettlePreprocessing preprocessing = { .scale = 1.0 };
  g_autoptr (FettleProject) project = NULL;
  g_autoptr (FettleErrorReport) report = NULL;
  const GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &data,
      N_ ("Samples: .npy, .csv, or a folder of pictures or sounds"), "X" },
    FETTLE_CLI_IGNORED_LABELS_ENTRY (&labels),
    { "samples", 0, 0, G_OPTION_ARG_INT, &n_samples,
      N_ ("How many of them to measure on, evenly spread (default 32)"), "N" },
    FETTLE_CLI_PREPROCESSING_ENTRIES (&preprocessing),
    FETTLE_CLI_PROGRESS_ENTRY,
    FETTLE_CLI_JSON_ENTRY (&json),
    G_OPTION_ENTRY_NULL
  };

  if (!fettle_cli_parse (
          argc, argv, entries,
          _ ("Measures what quantization costs in each layer: as the model "
             "stands, with only this layer quantized, and with all but this "
             "layer quantized."),
          "MODEL.fettle", &model, error)
      || !fettle_cli_require (data, "--data", error)
      || !fettle_cli_check_count (n_samples, "--samples", error)
      || !fettle_cli_check_preprocessing (&preprocessing, error))
    return FALSE;
  project = fettle_model_file_load (model, error);
  if (project == NULL)
    return FALSE;
  report = measure (project, data, labels, &preprocessing, (guint)n_samples, error);
  if (report == NULL)
    return FALSE;
  if (json)
    print_json (project->graph, report);
  else
    print_text (project->graph, report);
  return TRUE;
}
