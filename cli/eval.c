/* SPDX-License-Identifier: GPL-3.0-or-later */
/* eval.c: fettle-cli eval, a model's accuracy on labelled data. */
#include "config.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/output.h"
#include "model/model-file.h"
#include "tuner/evaluate.h"

#include <glib/gi18n.h>

static void
print_json (const FettleAccuracy *accuracy)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  fettle_cli_add_int (builder, "n", accuracy->n);
  fettle_cli_add_int (builder, "correct", accuracy->correct);
  json_builder_set_member_name (builder, "accuracy");
  json_builder_add_double_value (builder, (double)accuracy->correct / accuracy->n);
  json_builder_end_object (builder);
  fettle_cli_print_json (builder);
}

static gboolean
evaluate (const char *model, const char *data, const char *label_file,
          const FettlePreprocessing *preprocessing, FettleAccuracy *accuracy,
          GError **error)
{
  g_autoptr (FettleProject) project = fettle_model_file_load (model, error);
  g_autoptr (FettleSamples) samples = NULL;
  g_autoptr (FettleNpy) labels = NULL;

  if (project == NULL)
    return FALSE;
  samples = fettle_samples_open (data, project->graph, preprocessing, error);
  if (samples == NULL)
    return FALSE;
  labels = fettle_npy_open (label_file, error);
  if (labels == NULL)
    return FALSE;
  fettle_cli_compare_preprocessing (project, preprocessing);
  return fettle_evaluate (project->graph, samples, labels, NULL, accuracy, error);
}

gboolean
fettle_cli_eval (int argc, char **argv, GError **error)
{
  g_autofree char *model = NULL;
  g_autofree char *data = NULL;
  g_autofree char *labels = NULL;
  gboolean json = FALSE;
  FettlePreprocessing preprocessing = { 1.0, 0.0 };
  FettleAccuracy accuracy;
  const GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &data, N_ ("Samples, along the first axis"),
      "X.npy" },
    { "labels", 0, 0, G_OPTION_ARG_FILENAME, &labels,
      N_ ("The right class of each sample, a whole number from 0"), "Y.npy" },
    FETTLE_CLI_PREPROCESSING_ENTRIES (&preprocessing),
    FETTLE_CLI_JSON_ENTRY (&json),
    G_OPTION_ENTRY_NULL
  };

  if (!fettle_cli_parse (argc, argv, entries,
                         _ ("Measures a model's accuracy: a prediction is the largest "
                            "output, ties to the lowest index."),
                         "MODEL", &model, error)
      || !fettle_cli_require (data, "--data", error)
      || !fettle_cli_require (labels, "--labels", error)
      || !fettle_cli_check_preprocessing (&preprocessing, error)
      || !evaluate (model, data, labels, &preprocessing, &accuracy, error))
    return FALSE;
  if (json)
    print_json (&accuracy);
  else
    fettle_cli_print (_ ("%u of %u correct: %.2f %%\n"), accuracy.correct, accuracy.n,
                      100.0 * accuracy.correct / accuracy.n);
  return TRUE;
}
