/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-metrics.c: accuracy and AUC of a model, beside its float model. */
#include "graphs.h"
#include "tuner/metrics.h"

#include <math.h>
#include <string.h>

#define N_SAMPLES 60

static FettleNpy *
make_npy (guint n, const float *values)
{
  const gsize shape[] = { n };
  g_autoptr (GBytes) bytes = fettle_npy_write_float32 (shape, 1, values);

  return fettle_npy_parse (bytes, "values.npy", NULL);
}

/* Two scores, of which the last is the input times WEIGHT. */
static FettleGraph *
make_classifier (float weight)
{
  const float weights[] = { 0.0f, weight };
  TestGraph builder = test_graph_new (1, 1, 1);

  test_graph_add_conv (&builder, "conv", 2, weights, NULL);
  return test_graph_finish (&builder);
}

static FettleEvaluation *
evaluate (FettleGraph *graph, FettleGraph *reference, guint n, const float *inputs)
{
  g_autoptr (FettleSamples) samples = test_samples_new (graph, n, inputs);
  g_autoptr (GError) error = NULL;
  FettleEvaluation *evaluation =
      fettle_evaluate (graph, reference, samples, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return evaluation;
}

static void
test_auc_of_a_classifier (void)
{
  const float inputs[] = { 0.9f, 0.8f, 0.8f,  0.4f, 0.7f, 0.55f,
                           0.1f, 0.4f, 0.35f, 0.8f, 0.2f };
  const float classes[] = { 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0 };
  g_autoptr (FettleGraph) graph = make_classifier (1.0f);
  g_autoptr (FettleGraph) inverse = make_classifier (-2.0f);
  g_autoptr (FettleEvaluation) evaluation = evaluate (graph, inverse, 11, inputs);
  g_autoptr (FettleNpy) labels = make_npy (11, classes);
  g_autoptr (GError) error = NULL;
  FettleAuc auc;

  g_assert_true (fettle_measure_auc (evaluation, labels, NULL, &auc, &error));
  g_assert_cmpuint (auc.n_positive, ==, 6);
  g_assert_cmpuint (auc.n_negative, ==, 5);
  g_assert_cmpfloat_with_epsilon (auc.auc.value, 0.85, 1e-12);
  g_assert_cmpfloat_with_epsilon (auc.auc.low, 0.5814221526680234, 1e-12);
  g_assert_cmpfloat_with_epsilon (auc.reference_auc.value, 0.15, 1e-12);
}

/* The mean squared difference from the input: an autoencoder that gives back half of it. */
static void
test_score_of_an_autoencoder (void)
{
  const float weights[] = { 0.5f, 0.0f, 0.0f, 0.5f }, inputs[] = { 2.0f, -4.0f };
  TestGraph builder = test_graph_new (1, 1, 2);
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleEvaluation) evaluation = NULL;

  test_graph_add_conv (&builder, "conv", 2, weights, NULL);
  graph = test_graph_finish (&builder);
  evaluation = evaluate (graph, NULL, 1, inputs);
  g_assert_cmpint (evaluation->kind, ==, FETTLE_OUTPUT_VALUES);
  g_assert_cmpfloat (g_array_index (evaluation->outcomes, FettleOutcome, 0).model.score,
                     ==, (1.0 + 4.0) / 2.0);
}

static void
test_groups (void)
{
  const float inputs[] = { 1.0f, 5.0f, 2.0f, 0.0f, 4.0f, 3.0f };
  /* Means: 7 is 2.5 (1, 4), -3 is 4 (5, 3), 20 is 1 (2, 0); one positive is above both. */
  const float ids[] = { 7.0f, -3.0f, 20.0f, 20.0f, 7.0f, -3.0f };
  const float classes[] = { 0.0f, 1.0f, 1.0f, 1.0f, 0.0f, 1.0f };
  const float mixed[] = { 0.0f, 1.0f, 1.0f, 1.0f, 1.0f, 1.0f };
  g_autoptr (FettleGraph) graph = make_classifier (1.0f);
  g_autoptr (FettleEvaluation) evaluation = evaluate (graph, NULL, 6, inputs);
  g_autoptr (FettleNpy) labels = make_npy (6, classes);
  g_autoptr (FettleNpy) mixed_labels = make_npy (6, mixed);
  g_autoptr (FettleNpy) groups = make_npy (6, ids);
  g_autoptr (FettleNpy) too_few = make_npy (5, ids);
  g_autoptr (GError) error = NULL;
  FettleAuc auc;

  g_assert_true (fettle_measure_auc (evaluation, labels, groups, &auc, &error));
  g_assert_cmpuint (auc.n_positive, ==, 2);
  g_assert_cmpuint (auc.n_negative, ==, 1);
  g_assert_cmpfloat (auc.auc.value, ==, 0.5);
  g_assert_cmpfloat (auc.reference_auc.value, ==, 0.0);

  g_assert_false (fettle_measure_auc (evaluation, mixed_labels, groups, &auc, &error));
  g_assert_nonnull (strstr (error->message, "Samples 0 and 4"));
  g_clear_error (&error);
  g_assert_false (fettle_measure_auc (evaluation, labels, too_few, &auc, &error));
  g_assert_nonnull (strstr (error->message, "6 samples"));
}

static void
test_one_kind (void)
{
  const float inputs[] = { 1.0f, 2.0f }, ones[] = { 1.0f, 1.0f }, twos[] = { 1.0f, 2.0f };
  g_autoptr (FettleGraph) graph = make_classifier (1.0f);
  g_autoptr (FettleEvaluation) evaluation = evaluate (graph, NULL, 2, inputs);
  g_autoptr (FettleNpy) same = make_npy (2, ones);
  g_autoptr (FettleNpy) wrong = make_npy (2, twos);
  g_autoptr (GError) error = NULL;
  FettleAuc auc;

  g_assert_false (fettle_measure_auc (evaluation, same, NULL, &auc, &error));
  g_assert_nonnull (strstr (error->message, "same"));
  g_clear_error (&error);
  g_assert_false (fettle_measure_auc (evaluation, wrong, NULL, &auc, &error));
  g_assert_nonnull (strstr (error->message, "sample 1 is 2"));
}

/* The float model says 1 above 0, the other one below. */
static void
test_accuracy (void)
{
  const float inputs[] = { 1.0f, -1.0f, 2.0f, 3.0f, -2.0f, 4.0f, 5.0f };
  const float classes[] = { 1.0f, 0.0f, 1.0f, 1.0f, 0.0f, 0.0f, 1.0f };
  g_autoptr (FettleGraph) reference = make_classifier (1.0f);
  g_autoptr (FettleGraph) graph = make_classifier (-1.0f);
  g_autoptr (FettleEvaluation) evaluation = evaluate (graph, reference, 7, inputs);
  g_autoptr (FettleNpy) labels = make_npy (7, classes);
  g_autoptr (GError) error = NULL;
  FettleFloatComparison comparison = fettle_compare_with_float (evaluation);
  FettleAccuracy accuracy;

  g_assert_true (fettle_measure_accuracy (evaluation, labels, &accuracy, &error));
  g_assert_cmpuint (accuracy.correct, ==, 1);
  g_assert_cmpuint (accuracy.reference_correct, ==, 6);
  g_assert_cmpuint (accuracy.model_only, ==, 1);
  g_assert_cmpuint (accuracy.reference_only, ==, 6);
  g_assert_cmpfloat_with_epsilon (accuracy.p_value, 16.0 / 128.0, 1e-12);
  g_assert_cmpfloat (comparison.agreement, ==, 0.0);
  g_assert_cmpfloat_with_epsilon (comparison.sqnr_db, 10.0 * log10 (0.25), 1e-12);
  g_assert_cmpfloat (comparison.divergence, >, 1.0);
}

static void
test_beside_itself (void)
{
  const float inputs[] = { 1.0f, -1.0f, 2.0f }, classes[] = { 1.0f, 0.0f, 0.0f };
  g_autoptr (FettleGraph) graph = make_classifier (1.0f);
  g_autoptr (FettleEvaluation) evaluation = evaluate (graph, graph, 3, inputs);
  g_autoptr (FettleNpy) labels = make_npy (3, classes);
  FettleFloatComparison comparison = fettle_compare_with_float (evaluation);
  FettleAccuracy accuracy;

  g_assert_true (fettle_measure_accuracy (evaluation, labels, &accuracy, NULL));
  g_assert_cmpfloat (accuracy.p_value, ==, 1.0);
  g_assert_cmpfloat (comparison.agreement, ==, 1.0);
  g_assert_cmpfloat (comparison.divergence, ==, 0.0);
  g_assert_true (isinf (comparison.sqnr_db));
}

/* A single probability has two classes. */
static void
test_single_probability (void)
{
  const float weights[] = { 1.0f }, inputs[] = { 1.0f, -1.0f, 3.0f };
  const float classes[] = { 1.0f, 0.0f, 0.0f };
  const gint32 shape[] = { 1, 1, 1, 1 };
  TestGraph builder = test_graph_new (1, 1, 1);
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleEvaluation) evaluation = NULL;
  g_autoptr (FettleNpy) labels = make_npy (3, classes);
  FettleAccuracy accuracy;

  test_graph_add_conv (&builder, "conv", 1, weights, NULL);
  test_graph_add (&builder, FETTLE_OPCODE_LOGISTIC, "sigmoid", 4, shape, NULL, 0);
  graph = test_graph_finish (&builder);
  evaluation = evaluate (graph, NULL, 3, inputs);
  g_assert_true (fettle_measure_accuracy (evaluation, labels, &accuracy, NULL));
  g_assert_cmpuint (accuracy.correct, ==, 2);
}

static void
test_threads (void)
{
  static const char *const threads[] = { "1", "2", "7" };
  g_autoptr (FettleGraph) graph = make_classifier (0.7f);
  g_autoptr (FettleSamples) samples =
      test_samples_new_noise (graph, N_SAMPLES, -1.0f, 1.0f);
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleProject) tuned = test_tune (graph, NULL, samples, &error);
  g_autoptr (FettleEvaluation) first = NULL;

  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_autoptr (FettleEvaluation) evaluation = NULL;

      g_setenv ("FETTLE_THREADS", threads[i], TRUE);
      evaluation =
          fettle_evaluate (tuned->graph, graph, samples, NULL, NULL, NULL, &error);
      g_unsetenv ("FETTLE_THREADS");
      g_assert_no_error (error);
      if (first == NULL)
        first = g_steal_pointer (&evaluation);
      else
        g_assert_cmpmem (evaluation->outcomes->data, N_SAMPLES * sizeof (FettleOutcome),
                         first->outcomes->data, N_SAMPLES * sizeof (FettleOutcome));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tuner/metrics/auc", test_auc_of_a_classifier);
  g_test_add_func ("/tuner/metrics/autoencoder", test_score_of_an_autoencoder);
  g_test_add_func ("/tuner/metrics/groups", test_groups);
  g_test_add_func ("/tuner/metrics/one-kind", test_one_kind);
  g_test_add_func ("/tuner/metrics/accuracy", test_accuracy);
  g_test_add_func ("/tuner/metrics/beside-itself", test_beside_itself);
  g_test_add_func ("/tuner/metrics/single-probability", test_single_probability);
  g_test_add_func ("/tuner/metrics/threads", test_threads);
  return g_test_run ();
}
