/* SPDX-License-Identifier: GPL-3.0-or-later */
/* eval.c: fettle-cli eval, how good a model is on labelled data. */
#include "config.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "model/model-file.h"
#include "tuner/metrics.h"

#include <glib/gi18n.h>

typedef struct
{
  char *model;
  char *data;
  char *labels;
  char *metric;
  char *groups;
  gboolean json;
  FettlePreprocessing preprocessing;
} Arguments;

static void
arguments_clear (Arguments *arguments)
{
  g_free (arguments->model);
  g_free (arguments->data);
  g_free (arguments->labels);
  g_free (arguments->metric);
  g_free (arguments->groups);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Arguments, arguments_clear)

static gboolean
is_auc (const Arguments *arguments)
{
  return g_strcmp0 (arguments->metric, "auc") == 0;
}

static gboolean
check_metric (const Arguments *arguments, GError **error)
{
  if (arguments->metric != NULL && !is_auc (arguments)
      && !g_str_equal (arguments->metric, "accuracy"))
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _ ("there is no metric “%s”; known are “accuracy” and “auc”"),
                 arguments->metric);
  else if (arguments->groups != NULL && !is_auc (arguments))
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                         _ ("--groups is for --metric auc only"));
  else
    return TRUE;
  return FALSE;
}

static void
add_interval (JsonBuilder *builder, const FettleEstimate *estimate)
{
  json_builder_set_member_name (builder, "confidence_95");
  json_builder_begin_array (builder);
  json_builder_add_double_value (builder, estimate->low);
  json_builder_add_double_value (builder, estimate->high);
  json_builder_end_array (builder);
}

static void
add_float_comparison (JsonBuilder *builder, const FettleEvaluation *evaluation)
{
  FettleFloatComparison comparison = fettle_compare_with_float (evaluation);

  fettle_cli_add_double (builder, "agreement", comparison.agreement);
  fettle_cli_add_double (builder, "output_kl", comparison.divergence);
  fettle_cli_add_double (builder, "output_sqnr_db", comparison.sqnr_db);
}

static void
print_float_comparison (const FettleEvaluation *evaluation)
{
  FettleFloatComparison comparison = fettle_compare_with_float (evaluation);

  if (evaluation->kind != FETTLE_OUTPUT_VALUES)
    fettle_cli_print (
        _ ("Same class as the float model: %.2f %%; divergence %.3g nats\n"),
        100.0 * comparison.agreement, comparison.divergence);
  fettle_cli_print (_ ("Output against the float model: SQNR %.1f dB\n"),
                    comparison.sqnr_db);
}

static void
print_accuracy_json (const FettleEvaluation *evaluation, const FettleAccuracy *accuracy)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  fettle_cli_add_int (builder, "n", accuracy->n);
  fettle_cli_add_int (builder, "correct", accuracy->correct);
  fettle_cli_add_double (builder, "accuracy", accuracy->share.value);
  fettle_cli_add_string (builder, "metric", "accuracy");
  add_interval (builder, &accuracy->share);
  if (evaluation->has_reference)
    {
      add_float_comparison (builder, evaluation);
      fettle_cli_add_int (builder, "float_correct", accuracy->reference_correct);
      json_builder_set_member_name (builder, "mcnemar");
      json_builder_begin_object (builder);
      fettle_cli_add_int (builder, "model_only", accuracy->model_only);
      fettle_cli_add_int (builder, "float_only", accuracy->reference_only);
      fettle_cli_add_double (builder, "p_value", accuracy->p_value);
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
  fettle_cli_print_json (builder);
}

static void
print_accuracy (const FettleEvaluation *evaluation, const FettleAccuracy *accuracy)
{
  fettle_cli_print (_ ("%u of %u correct: %.2f %%\n"), accuracy->correct, accuracy->n,
                    100.0 * accuracy->share.value);
  fettle_cli_print (_ ("95 %% confidence: %.2f %% to %.2f %%\n"),
                    100.0 * accuracy->share.low, 100.0 * accuracy->share.high);
  if (!evaluation->has_reference)
    return;
  fettle_cli_print (_ ("Float model: %u correct; %u only by it, %u only by this model "
                       "(McNemar's test: p = %.3g)\n"),
                    accuracy->reference_correct, accuracy->reference_only,
                    accuracy->model_only, accuracy->p_value);
  print_float_comparison (evaluation);
}

static void
print_auc_json (const FettleEvaluation *evaluation, const FettleAuc *auc,
                gboolean is_grouped)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  fettle_cli_add_int (builder, "n", evaluation->outcomes->len);
  fettle_cli_add_string (builder, "metric", "auc");
  fettle_cli_add_double (builder, "auc", auc->auc.value);
  fettle_cli_add_int (builder, "positive", auc->n_positive);
  fettle_cli_add_int (builder, "negative", auc->n_negative);
  if (is_grouped)
    fettle_cli_add_int (builder, "groups", auc->n_positive + auc->n_negative);
  add_interval (builder, &auc->auc);
  if (evaluation->has_reference)
    {
      fettle_cli_add_double (builder, "float_auc", auc->reference_auc.value);
      add_float_comparison (builder, evaluation);
    }
  json_builder_end_object (builder);
  fettle_cli_print_json (builder);
}

static void
print_auc (const FettleEvaluation *evaluation, const FettleAuc *auc, gboolean is_grouped)
{
  fettle_cli_print (is_grouped
                        ? _ ("AUC %.4f over %u positive and %u negative groups\n")
                        : _ ("AUC %.4f over %u positive and %u negative samples\n"),
                    auc->auc.value, auc->n_positive, auc->n_negative);
  fettle_cli_print (_ ("95 %% confidence: %.4f to %.4f\n"), auc->auc.low, auc->auc.high);
  if (!evaluation->has_reference)
    return;
  fettle_cli_print (_ ("Float model: AUC %.4f\n"), auc->reference_auc.value);
  print_float_comparison (evaluation);
}

static gboolean
judge (const Arguments *arguments, const FettleEvaluation *evaluation, FettleNpy *labels,
       GError **error)
{
  g_autoptr (FettleNpy) groups = NULL;
  FettleAccuracy accuracy;
  FettleAuc auc;

  if (!is_auc (arguments))
    {
      if (!fettle_measure_accuracy (evaluation, labels, &accuracy, error))
        return FALSE;
      (arguments->json ? print_accuracy_json : print_accuracy) (evaluation, &accuracy);
      return TRUE;
    }
  if (arguments->groups != NULL
      && (groups = fettle_npy_open (arguments->groups, error)) == NULL)
    return FALSE;
  if (!fettle_measure_auc (evaluation, labels, groups, &auc, error))
    return FALSE;
  (arguments->json ? print_auc_json : print_auc) (evaluation, &auc, groups != NULL);
  return TRUE;
}

static gboolean
evaluate (const Arguments *arguments, GError **error)
{
  g_autoptr (FettleProject) project = fettle_model_file_load (arguments->model, error);
  g_autoptr (FettleSamples) samples = NULL;
  g_autoptr (FettleNpy) labels = NULL;
  g_autoptr (FettleEvaluation) evaluation = NULL;

  if (project == NULL)
    return FALSE;
  samples =
      fettle_samples_open_labelled (arguments->data, arguments->labels, project->graph,
                                    &arguments->preprocessing, &labels, error);
  if (samples == NULL)
    return FALSE;
  fettle_cli_compare_range (samples, project->graph);
  fettle_cli_compare_preprocessing (project, &arguments->preprocessing);
  evaluation =
      fettle_evaluate (project->graph, fettle_project_get_original (project), samples,
                       fettle_cli_get_progress (), (gpointer)_ ("Evaluating"),
                       fettle_cli_progress_begin (), error);
  fettle_cli_progress_end ();
  return evaluation != NULL && judge (arguments, evaluation, labels, error);
}

gboolean
fettle_cli_eval (int argc, char **argv, GError **error)
{
  g_auto (Arguments) arguments = { .preprocessing = { .scale = 1.0 } };
  const GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &arguments.data,
      N_ ("Samples: .npy, .csv, or a folder of pictures or sounds"), "X" },
    { "labels", 0, 0, G_OPTION_ARG_FILENAME, &arguments.labels,
      N_ ("The right class of each sample, from 0: a file, “folders”, “names” or "
          "“column:NAME”"),
      "Y" },
    { "metric", 0, 0, G_OPTION_ARG_STRING, &arguments.metric,
      N_ ("“accuracy” (the default) or “auc”"), "METRIC" },
    { "groups", 0, 0, G_OPTION_ARG_FILENAME, &arguments.groups,
      N_ ("With “auc”: a number per sample; scores with the same one are averaged"),
      "IDS.npy" },
    FETTLE_CLI_PREPROCESSING_ENTRIES (&arguments.preprocessing),
    FETTLE_CLI_PROGRESS_ENTRY,
    FETTLE_CLI_JSON_ENTRY (&arguments.json),
    G_OPTION_ENTRY_NULL
  };

  return fettle_cli_parse (
             argc, argv, entries,
             _ ("Measures how good a model is, and how far from its float model."),
             "MODEL", &arguments.model, error)
         && fettle_cli_require (arguments.data, "--data", error)
         && fettle_cli_require (arguments.labels, "--labels", error)
         && check_metric (&arguments, error)
         && fettle_cli_check_preprocessing (&arguments.preprocessing, error)
         && evaluate (&arguments, error);
}
