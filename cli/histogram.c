/* SPDX-License-Identifier: GPL-3.0-or-later */
/* histogram.c: fettle-cli histogram, how weights and activations are spread, in float and as integers. */
#include "config.h"
#include "cli/commands.h"
#include "cli/histogram-output.h"
#include "cli/histogram-picture.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "model/model-file.h"

#include <glib/gi18n.h>

#define DEFAULT_SAMPLES 32

typedef struct
{
  char *model;
  char *data;
  char *labels;
  char *layer;
  char *picture;
  int channel;
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
  g_free (arguments->layer);
  g_free (arguments->picture);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Arguments, arguments_clear)

/* The layer that NAME names, by its name or its number; -1 for none. */
static gboolean
find_layer (FettleGraph *graph, const char *name, int *layer, GError **error)
{
  guint n_layers = fettle_graph_get_n_operators (graph);
  guint64 number;

  *layer = -1;
  if (name == NULL)
    return TRUE;
  for (guint i = 0; i < n_layers && *layer < 0; i++)
    if (g_str_equal (fettle_graph_get_operator (graph, i)->name, name))
      *layer = (int)i;
  if (*layer < 0 && n_layers > 0
      && g_ascii_string_to_unsigned (name, 10, 0, n_layers - 1, &number, NULL))
    *layer = (int)number;
  if (*layer >= 0)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _ ("the model has no layer “%s”; “fettle-cli inspect” lists them"), name);
  return FALSE;
}

static gboolean
check_channel (const Arguments *arguments, const FettleSpreadReport *report,
               GError **error)
{
  guint n_channels = 0;

  for (guint i = 0; i < report->tensors->len; i++)
    {
      const FettleTensorSpread *spread = g_ptr_array_index (report->tensors, i);

      n_channels = MAX (n_channels, spread->n_channels);
    }
  if (arguments->channel < (int)n_channels)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _ ("--channel is %d, but layer “%s” has channels 0 to %d"),
               arguments->channel, arguments->layer, (int)n_channels - 1);
  return FALSE;
}

static FettleSpreadReport *
measure (const Arguments *arguments, FettleProject *project, int layer, GError **error)
{
  FettleGraph *reference = fettle_cli_require_reference (project, error);
  g_autoptr (FettleSamples) samples = NULL;
  FettleSpreadReport *report;

  if (reference == NULL)
    return NULL;
  if (arguments->data != NULL)
    {
      samples = fettle_cli_open_samples (arguments->data, arguments->labels, reference,
                                         &arguments->preprocessing, error);
      if (samples == NULL)
        return NULL;
      fettle_cli_compare_range (samples, project->graph);
      fettle_cli_compare_preprocessing (project, &arguments->preprocessing);
    }
  report = fettle_measure_spread (
      reference, project->graph, samples, (guint)arguments->n_samples, layer,
      fettle_cli_get_progress (), (gpointer)_ ("Counting values"),
      fettle_cli_progress_begin (), error);
  fettle_cli_progress_end ();
  return report;
}

static gboolean
parse (int argc, char **argv, Arguments *arguments, GError **error)
{
  const GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &arguments->data,
      N_ ("Samples: .npy, .csv, or a folder of pictures or sounds (default: weights "
          "only)"),
      "X" },
    FETTLE_CLI_IGNORED_LABELS_ENTRY (&arguments->labels),
    { "samples", 0, 0, G_OPTION_ARG_INT, &arguments->n_samples,
      N_ ("How many of them to measure on, evenly spread (default 32)"), "N" },
    { "layer", 0, 0, G_OPTION_ARG_STRING, &arguments->layer,
      N_ ("Only this layer, by name or number, with its channels"), "NAME" },
    { "channel", 0, 0, G_OPTION_ARG_INT, &arguments->channel,
      N_ ("Only this channel of the layer, from 0"), "N" },
    { "picture", 0, 0, G_OPTION_ARG_FILENAME, &arguments->picture,
      N_ ("Also draw the layer's histograms: a .png, .svg or .pdf to write"), "FILE" },
    FETTLE_CLI_PREPROCESSING_ENTRIES (&arguments->preprocessing),
    FETTLE_CLI_PROGRESS_ENTRY,
    FETTLE_CLI_JSON_ENTRY (&arguments->json),
    G_OPTION_ENTRY_NULL
  };

  if (!fettle_cli_parse (
          argc, argv, entries,
          _ ("Shows how the values of weights and activations are spread: in the float "
             "model, and as the integers that stand for them."),
          "MODEL.fettle", &arguments->model, error)
      || !fettle_cli_check_count (arguments->n_samples, "--samples", error)
      || !fettle_cli_check_preprocessing (&arguments->preprocessing, error))
    return FALSE;
  if ((arguments->channel < 0 && arguments->picture == NULL) || arguments->layer != NULL)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _ ("%s needs --layer, to say of which layer"),
               arguments->picture != NULL ? "--picture" : "--channel");
  return FALSE;
}

gboolean
fettle_cli_histogram (int argc, char **argv, GError **error)
{
  g_auto (Arguments) arguments = { .channel = -1,
                                   .n_samples = DEFAULT_SAMPLES,
                                   .preprocessing = { .scale = 1.0 } };
  g_autoptr (FettleProject) project = NULL;
  g_autoptr (FettleSpreadReport) report = NULL;
  int layer;

  if (!parse (argc, argv, &arguments, error))
    return FALSE;
  project = fettle_model_file_load (arguments.model, error);
  if (project == NULL || !find_layer (project->graph, arguments.layer, &layer, error))
    return FALSE;
  report = measure (&arguments, project, layer, error);
  if (report == NULL || !check_channel (&arguments, report, error)
      || (arguments.picture != NULL
          && !fettle_cli_write_spread_picture (arguments.picture, report,
                                               arguments.channel, error)))
    return FALSE;
  if (arguments.json)
    fettle_cli_print_spread_json (project->graph, report, layer, arguments.channel);
  else if (layer < 0)
    fettle_cli_print_spread_table (project->graph, report);
  else
    fettle_cli_print_spread_layer (project->graph, report, arguments.channel);
  return TRUE;
}
