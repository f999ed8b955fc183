/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-evaluate.c: accuracy, and the error of each layer. */
#include "graphs.h"
#include "tuner/metrics.h"
#include "tuner/quantization-error.h"

#include <math.h>
#include <string.h>

/* Output 0 is the input, output 1 its negative, output 2 the input again. */
static FettleGraph *
make_graph (void)
{
  const float weights[] = { 1.0f, -1.0f, 1.0f };
  TestGraph builder = test_graph_new (1, 1, 1);

  test_graph_add_conv (&builder, "conv", 3, weights, NULL);
  return test_graph_finish (&builder);
}

static FettleNpy *
make_labels (guint n, const float *values)
{
  const gsize shape[] = { n, 1 };
  g_autoptr (GBytes) bytes = fettle_npy_write_float32 (shape, 2, values);

  return fettle_npy_parse (bytes, "labels.npy", NULL);
}

static gboolean
evaluate (FettleGraph *graph, FettleSamples *samples, FettleNpy *labels,
          FettleAccuracy *accuracy, GError **error)
{
  g_autoptr (FettleEvaluation) evaluation =
      fettle_evaluate (graph, NULL, samples, NULL, NULL, NULL, error);

  g_assert_nonnull (evaluation);
  return fettle_measure_accuracy (evaluation, labels, accuracy, error);
}

/* A positive input makes outputs 0 and 2 equal: the prediction is 0. At 0 all are equal. */
static void
test_ties (void)
{
  const float inputs[] = { 1.0f, 1.0f, -1.0f, 0.0f, 0.5f, 0.25f };
  const float classes[] = { 0.0f, 2.0f, 1.0f, 0.0f, 1.0f, 0.0f };
  g_autoptr (FettleGraph) graph = make_graph ();
  g_autoptr (FettleSamples) samples = test_samples_new (graph, 6, inputs);
  g_autoptr (FettleNpy) labels = make_labels (6, classes);
  static const char *const threads[] = { "1", "2", "5" };

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_autoptr (GError) error = NULL;
      FettleAccuracy accuracy;

      g_setenv ("FETTLE_THREADS", threads[i], TRUE);
      evaluate (graph, samples, labels, &accuracy, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (accuracy.n, ==, 6);
      g_assert_cmpuint (accuracy.correct, ==, 4);
    }
  g_unsetenv ("FETTLE_THREADS");
}

static void
test_quantized (void)
{
  const float inputs[] = { 1.0f, -1.0f, 0.5f, -0.25f };
  const float classes[] = { 0.0f, 1.0f, 0.0f, 1.0f };
  g_autoptr (FettleGraph) graph = make_graph ();
  g_autoptr (FettleSamples) samples = test_samples_new (graph, 4, inputs);
  g_autoptr (FettleNpy) labels = make_labels (4, classes);
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleProject) tuned = test_tune (graph, NULL, samples, &error);
  FettleAccuracy accuracy;

  g_assert_no_error (error);
  evaluate (tuned->graph, samples, labels, &accuracy, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (accuracy.correct, ==, 4);
}

static void
assert_labels_refused (guint n, const float *classes, const char *reason)
{
  const float inputs[] = { 1.0f, 1.0f };
  g_autoptr (FettleGraph) graph = make_graph ();
  g_autoptr (FettleSamples) samples = test_samples_new (graph, 2, inputs);
  g_autoptr (FettleNpy) labels = make_labels (n, classes);
  g_autoptr (GError) error = NULL;
  FettleAccuracy accuracy;

  g_assert_false (evaluate (graph, samples, labels, &accuracy, &error));
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, reason));
}

static void
test_labels (void)
{
  const float too_large[] = { 0.0f, 3.0f }, negative[] = { -1.0f, 0.0f };
  const float broken[] = { 0.0f, 0.5f }, absent[] = { NAN, 0.0f };
  const float three[] = { 0.0f, 1.0f, 2.0f };

  assert_labels_refused (2, too_large, "sample 1 is 3");
  assert_labels_refused (2, negative, "sample 0 is -1");
  assert_labels_refused (2, broken, "sample 1 is 0.5");
  assert_labels_refused (2, absent, "sample 0");
  assert_labels_refused (3, three, "3×1");
}

static void
test_error_of_itself (void)
{
  g_autoptr (FettleGraph) graph = make_graph ();
  g_autoptr (FettleSamples) samples = test_samples_new_noise (graph, 4, -1.0f, 1.0f);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) errors =
      fettle_quantization_error (graph, graph, samples, 4, NULL, &error);
  const FettleLayerError *layer;

  g_assert_no_error (error);
  g_assert_cmpuint (errors->len, ==, 1);
  layer = &g_array_index (errors, FettleLayerError, 0);
  g_assert_true (layer->is_known);
  g_assert_true (isinf (layer->sqnr_db));
  g_assert_cmpfloat (layer->maximum_error, ==, 0.0);
}

/* Rounding to int8 leaves about 40 dB of a uniform signal over the whole range. */
static void
test_error (void)
{
  g_autoptr (FettleGraph) graph = make_graph ();
  g_autoptr (FettleSamples) samples = test_samples_new_noise (graph, 200, -1.0f, 1.0f);
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleProject) tuned = test_tune (graph, NULL, samples, &error);
  g_autoptr (GArray) errors =
      fettle_quantization_error (graph, tuned->graph, samples, 200, NULL, &error);
  const FettleLayerError *layer = &g_array_index (errors, FettleLayerError, 0);

  g_assert_no_error (error);
  g_assert_cmpfloat (layer->sqnr_db, >, 35.0);
  g_assert_cmpfloat (layer->sqnr_db, <, 55.0);
  g_assert_cmpfloat (layer->mean_square_error, >, 0.0);
  g_assert_cmpfloat (layer->maximum_error, <, 0.02);
  g_assert_cmpfloat (layer->clipped_share, ==, 0.0);
}

/* Calibrated on half of the range that it is measured on. */
static void
test_clipped (void)
{
  g_autoptr (FettleGraph) graph = make_graph ();
  g_autoptr (FettleSamples) narrow = test_samples_new_noise (graph, 50, -0.5f, 0.5f);
  g_autoptr (FettleSamples) wide = test_samples_new_noise (graph, 400, -1.0f, 1.0f);
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleProject) tuned = test_tune (graph, NULL, narrow, &error);
  g_autoptr (GArray) errors =
      fettle_quantization_error (graph, tuned->graph, wide, 400, NULL, &error);
  const FettleLayerError *layer = &g_array_index (errors, FettleLayerError, 0);

  g_assert_no_error (error);
  g_assert_cmpfloat (layer->clipped_share, >, 0.4);
  g_assert_cmpfloat (layer->clipped_share, <, 0.6);
}

static void
test_unknown_layer (void)
{
  const float weights[] = { 1.0f };
  TestGraph builder = test_graph_new (1, 1, 1);
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleSamples) samples = NULL;
  g_autoptr (FettleProject) tuned = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) errors = NULL;
  FettleTensor *inner;

  test_graph_add_conv (&builder, "conv", 1, weights, NULL);
  test_graph_add_conv (&builder, "last", 1, weights, NULL);
  graph = test_graph_finish (&builder);
  samples = test_samples_new_noise (graph, 4, -1.0f, 1.0f);
  tuned = test_tune (graph, NULL, samples, &error);
  inner = test_find_tensor (tuned->graph, "conv");
  g_free (inner->name);
  inner->name = g_strdup ("renamed");
  errors = fettle_quantization_error (graph, tuned->graph, samples, 4, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (g_array_index (errors, FettleLayerError, 0).is_known);
  g_assert_true (g_array_index (errors, FettleLayerError, 1).is_known);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tuner/evaluate/ties", test_ties);
  g_test_add_func ("/tuner/evaluate/quantized", test_quantized);
  g_test_add_func ("/tuner/evaluate/labels", test_labels);
  g_test_add_func ("/tuner/quantization-error/itself", test_error_of_itself);
  g_test_add_func ("/tuner/quantization-error/quantized", test_error);
  g_test_add_func ("/tuner/quantization-error/clipped", test_clipped);
  g_test_add_func ("/tuner/quantization-error/unknown-layer", test_unknown_layer);
  return g_test_run ();
}
