/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sensitivity.c: fettle-cli sensitivity, which layers cost the most and what other types would change. */
#include "config.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "model/model-file.h"
#include "tuner/sensitivity.h"

#include <glib/gi18n.h>
#include <math.h>

#define DEFAULT_SAMPLES 32

typedef struct
{
  char *model;
  char *data;
  char *labels;
  int n_samples;
  gboolean json;
  FettlePreprocessing preprocessing;
} Arguments;

static void
arguments_clear (Arguments *arguments)
{
  g_free (arguments->model);
  g_free (arguments->data);
  g_free (arguments->labels);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Arguments, arguments_clear)

static void
add_alternative (JsonBuilder *builder, const FettleAlternative *alternative,
                 gboolean has_labels)
{
  fettle_cli_add_double (builder, "output_sqnr_db", alternative->output.error.sqnr_db);
  fettle_cli_add_double (builder, "output_kl", alternative->output.divergence);
  fettle_cli_add_double (builder, "agreement", alternative->output.agreement);
  if (has_labels)
    fettle_cli_add_int (builder, "correct", alternative->correct);
  fettle_cli_add_int (builder, "image_bytes", alternative->image_bytes);
  fettle_cli_add_int (builder, "arena_bytes", alternative->arena_bytes);
}

static void
add_layer (JsonBuilder *builder, FettleGraph *graph, const FettleLayerSensitivity *layer,
           gboolean has_labels)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer->layer);

  json_builder_begin_object (builder);
  fettle_cli_add_int (builder, "index", layer->layer);
  fettle_cli_add_string (builder, "name", operator_->name);
  fettle_cli_add_string (builder, "op", fettle_opcode_get_name (operator_->opcode));
  fettle_cli_add_int (builder, "macs", fettle_graph_count_macs (graph, layer->layer));
  fettle_cli_add_double (builder, "cost_db", layer->cost_db);
  json_builder_set_member_name (builder, "alternatives");
  json_builder_begin_array (builder);
  for (guint i = 0; i < FETTLE_N_ALTERNATIVES; i++)
    if (layer->alternatives[i].is_possible)
      {
        json_builder_begin_object (builder);
        fettle_cli_add_string (builder, "type", fettle_alternative_get_name (i));
        add_alternative (builder, &layer->alternatives[i], has_labels);
        json_builder_end_object (builder);
      }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
print_json (FettleGraph *graph, const FettleSensitivity *sensitivity, gboolean has_labels)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  fettle_cli_add_int (builder, "n", sensitivity->n_samples);
  json_builder_set_member_name (builder, "present");
  json_builder_begin_object (builder);
  add_alternative (builder, &sensitivity->present, has_labels);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "layers");
  json_builder_begin_array (builder);
  for (guint i = 0; i < sensitivity->layers->len; i++)
    add_layer (builder, graph,
               &g_array_index (sensitivity->layers, FettleLayerSensitivity, i),
               has_labels);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  fettle_cli_print_json (builder);
}

/* What changes, against PRESENT. */
static void
add_cells (FettleCliTable *table, const FettleAlternative *alternative,
           const FettleAlternative *present, gboolean has_labels)
{
  gint64 image = (gint64)alternative->image_bytes - (gint64)present->image_bytes;
  gint64 arena = (gint64)alternative->arena_bytes - (gint64)present->arena_bytes;

  fettle_cli_table_add (
      table, "%+.2f", alternative->output.error.sqnr_db - present->output.error.sqnr_db);
  if (has_labels)
    fettle_cli_table_add (table, "%+d",
                          (int)alternative->correct - (int)present->correct);
  else if (isnan (alternative->output.agreement))
    fettle_cli_table_add (table, "–");
  else
    fettle_cli_table_add (
        table, "%+.1f",
        100.0 * (alternative->output.agreement - present->output.agreement));
  fettle_cli_table_add (table, "%+" G_GINT64_FORMAT, image);
  fettle_cli_table_add (table, "%+" G_GINT64_FORMAT, arena);
}

static void
print_text (FettleGraph *graph, const FettleSensitivity *sensitivity, gboolean has_labels)
{
  const char *const titles[] = { "#",
                                 _ ("layer"),
                                 _ ("operator"),
                                 _ ("MACs"),
                                 _ ("as"),
                                 _ ("output dB"),
                                 has_labels ? _ ("correct") : _ ("agreement %"),
                                 _ ("image bytes"),
                                 _ ("arena bytes") };
  g_autoptr (FettleCliTable) table = fettle_cli_table_new ("rllrlrrrr", titles);

  for (guint i = 0; i < sensitivity->layers->len; i++)
    {
      const FettleLayerSensitivity *layer =
          &g_array_index (sensitivity->layers, FettleLayerSensitivity, i);
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer->layer);

      for (guint k = 0; k < FETTLE_N_ALTERNATIVES; k++)
        {
          if (!layer->alternatives[k].is_possible)
            continue;
          fettle_cli_table_add (table, "%u", layer->layer);
          fettle_cli_table_add (table, "%s", operator_->name);
          fettle_cli_table_add (table, "%s", fettle_opcode_get_name (operator_->opcode));
          fettle_cli_table_add (table, "%" G_GUINT64_FORMAT,
                                fettle_graph_count_macs (graph, layer->layer));
          fettle_cli_table_add (table, "%s", fettle_alternative_get_name (k));
          add_cells (table, &layer->alternatives[k], &sensitivity->present, has_labels);
        }
    }
  fettle_cli_table_print (table);
  fettle_cli_print (
      _ ("Changes against the model as it stands, the costliest layer first: "
         "output SQNR %.1f dB over %u samples\n"),
      sensitivity->present.output.error.sqnr_db, sensitivity->n_samples);
}

static FettleSensitivity *
measure (const Arguments *arguments, FettleProject *project, GError **error)
{
  FettleGraph *reference = fettle_cli_require_reference (project, error);
  g_autoptr (FettleSamples) samples = NULL;
  g_autoptr (FettleNpy) labels = NULL;
  FettleSensitivity *sensitivity;

  if (reference == NULL)
    return NULL;
  samples =
      arguments->labels != NULL
          ? fettle_samples_open_labelled (arguments->data, arguments->labels, reference,
                                          &arguments->preprocessing, &labels, error)
          : fettle_samples_open (arguments->data, reference, &arguments->preprocessing,
                                 error);
  if (samples == NULL)
    return NULL;
  fettle_cli_compare_range (samples, project->graph);
  fettle_cli_compare_preprocessing (project, &arguments->preprocessing);
  sensitivity = fettle_measure_sensitivity (
      reference, project->graph, samples, labels, (guint)arguments->n_samples,
      fettle_cli_get_progress (), (gpointer)_ ("Trying other types"),
      fettle_cli_progress_begin (), error);
  fettle_cli_progress_end ();
  return sensitivity;
}

gboolean
fettle_cli_sensitivity (int argc, char **argv, GError **error)
{
  g_auto (Arguments)
      arguments = { .n_samples = DEFAULT_SAMPLES, .preprocessing = { .scale = 1.0 } };
  g_autoptr (FettleProject) project = NULL;
  g_autoptr (FettleSensitivity) sensitivity = NULL;
  const GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &arguments.data,
      N_ ("Samples: .npy, .csv, or a folder of pictures or sounds"), "X" },
    { "labels", 0, 0, G_OPTION_ARG_FILENAME, &arguments.labels,
      N_ ("The right class of each sample, as for “eval”; counts right predictions too"),
      "Y" },
    { "samples", 0, 0, G_OPTION_ARG_INT, &arguments.n_samples,
      N_ ("How many of them to measure on, evenly spread (default 32)"), "N" },
    FETTLE_CLI_PREPROCESSING_ENTRIES (&arguments.preprocessing),
    FETTLE_CLI_PROGRESS_ENTRY,
    FETTLE_CLI_JSON_ENTRY (&arguments.json),
    G_OPTION_ENTRY_NULL
  };

  if (!fettle_cli_parse (
          argc, argv, entries,
          _ ("Ranks layers by what their quantization costs, and tries other "
             "types for each: float32, int16, int4 and int8."),
          "MODEL.fettle", &arguments.model, error)
      || !fettle_cli_require (arguments.data, "--data", error)
      || !fettle_cli_check_count (arguments.n_samples, "--samples", error)
      || !fettle_cli_check_preprocessing (&arguments.preprocessing, error))
    return FALSE;
  project = fettle_model_file_load (arguments.model, error);
  if (project == NULL)
    return FALSE;
  sensitivity = measure (&arguments, project, error);
  if (sensitivity == NULL)
    return FALSE;
  (arguments.json ? print_json : print_text) (project->graph, sensitivity,
                                              arguments.labels != NULL);
  return TRUE;
}
