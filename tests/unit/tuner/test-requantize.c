/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-requantize.c: quantized graphs back to float, and to int8 again. */
#include "graphs.h"
#include "random-graphs.h"

#include <string.h>

#define BACK  "[{\"step\":\"requantize\"}]"
#define AGAIN "[{\"step\":\"requantize\"},{\"step\":\"quantize\"}]"
#define FRESH                                                                            \
  "[{\"step\":\"requantize\"},{\"step\":\"equalize\"},{\"step\":\"calibrate\"},"         \
  "{\"step\":\"quantize\",\"granularity\":\"per-tensor\"}]"

static FettleGraph *
tune (FettleGraph *graph, const char *steps, FettleSamples *samples)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleProject) tuned = test_tune (graph, steps, samples, &error);

  g_assert_no_error (error);
  return g_object_ref (tuned->graph);
}

/* Convolution, ReLU, convolution; of weights that no number of steps hits. */
static FettleGraph *
make_float (void)
{
  const float first[] = { 0.31f, -0.77f, 0.5f, 0.013f, 1.1f, -0.4f };
  const float second[] = { 0.9f, -0.2f, 0.35f, -0.61f, 0.07f, 0.44f };
  const float bias[] = { 0.1f, -0.2f, 0.3f };
  TestGraph builder = test_graph_new (4, 4, 2);

  test_graph_add_conv (&builder, "first", 3, first, bias)->options.activation =
      FETTLE_ACTIVATION_RELU;
  test_graph_add_conv (&builder, "second", 2, second, NULL);
  return test_graph_finish (&builder);
}

static void
test_parameters (void)
{
  g_autoptr (FettleGraph) graph = make_float ();
  g_autoptr (FettleSamples) samples = test_samples_new_noise (graph, 8, -4.0f, 4.0f);
  g_autoptr (FettleGraph) quantized = tune (graph, NULL, samples);
  g_autoptr (FettleGraph) back = tune (quantized, BACK, NULL);
  const FettleTensor *steps = test_find_tensor (quantized, "first/weights");
  const gint8 *stored = g_bytes_get_data (steps->data, NULL);
  const float *values =
      g_bytes_get_data (test_find_tensor (back, "first/weights")->data, NULL);
  const float *bias =
      g_bytes_get_data (test_find_tensor (back, "first/bias")->data, NULL);

  for (guint i = 0; i < 6; i++)
    g_assert_cmpfloat (values[i], ==, steps->quantization.scales[i / 2] * stored[i]);
  g_assert_cmpfloat_with_epsilon (bias[0], 0.1f, 1e-3f);
  g_assert_cmpfloat_with_epsilon (bias[1], -0.2f, 1e-3f);
  /* Half a step of 127 on each weight. */
  for (guint32 seed = 0; seed < 8; seed++)
    g_assert_true (test_computes_same (graph, back, seed, 0.02f));
}

/* In its own ranges a model comes back with the scales that it had, but for the last bits. */
static void
test_again (void)
{
  g_autoptr (FettleGraph) graph = make_float ();
  g_autoptr (FettleSamples) samples = test_samples_new_noise (graph, 8, -4.0f, 4.0f);
  g_autoptr (FettleGraph) quantized = tune (graph, NULL, samples);
  g_autoptr (FettleGraph) again = tune (quantized, AGAIN, NULL);

  for (guint i = 0; i < fettle_graph_get_n_tensors (quantized); i++)
    {
      const FettleTensor *before = fettle_graph_get_tensor (quantized, i);
      const FettleTensor *after = test_find_tensor (again, before->name);
      float scale, scale_after;
      gint32 zero_point, zero_point_after;

      fettle_tensor_get_scale (before, &scale, &zero_point);
      fettle_tensor_get_scale (after, &scale_after, &zero_point_after);
      g_assert_cmpint (after->type, ==, before->type);
      g_assert_cmpfloat_with_epsilon (scale_after, scale, 1e-5f * scale + 1e-12f);
      g_assert_cmpint (zero_point_after, ==, zero_point);
    }
  for (guint32 seed = 0; seed < 16; seed++)
    {
      g_autoptr (GBytes) expected = test_run (quantized, seed);
      g_autoptr (GBytes) actual = test_run (again, seed);
      const gint8 *x = g_bytes_get_data (expected, NULL);
      const gint8 *y = g_bytes_get_data (actual, NULL);

      for (gsize i = 0; i < g_bytes_get_size (expected); i++)
        g_assert_cmpint (ABS (x[i] - y[i]), <=, 1);
    }
}

/* With data the whole pipeline is open again. */
static void
test_fresh (void)
{
  g_autoptr (FettleGraph) graph = make_float ();
  g_autoptr (FettleSamples) samples = test_samples_new_noise (graph, 8, -4.0f, 4.0f);
  g_autoptr (FettleGraph) quantized = tune (graph, NULL, samples);
  g_autoptr (FettleGraph) fresh = tune (quantized, FRESH, samples);

  g_assert_cmpuint (test_find_tensor (fresh, "first/weights")->quantization.n_channels,
                    ==, 1);
}

/* Whatever the layers are: a float graph, or a sentence that says why not. */
static void
test_random (void)
{
  guint n_float = 0;

  for (guint32 seed = 0; seed < 80; seed++)
    {
      g_autoptr (FettleGraph) graph = random_graph_new (
          seed, seed % 3 == 0 ? FETTLE_TYPE_INT16 : FETTLE_TYPE_INT8, 10);
      g_autoptr (FettleProject) tuned = NULL;
      g_autoptr (GError) error = NULL;

      if (graph == NULL)
        continue;
      tuned = test_tune (graph, BACK, NULL, &error);
      g_assert_true ((tuned == NULL) == (error != NULL));
      if (tuned == NULL)
        continue;
      n_float++;
      for (guint i = 0; i < fettle_graph_get_n_tensors (tuned->graph); i++)
        g_assert_cmpuint (
            fettle_graph_get_tensor (tuned->graph, i)->quantization.n_channels, ==, 0);
      g_bytes_unref (test_run (tuned->graph, seed));
    }
  g_assert_cmpuint (n_float, >, 60);
}

static void
test_refused (void)
{
  g_autoptr (FettleGraph) graph = make_float ();
  g_autoptr (GError) error = NULL;

  g_assert_null (test_tune (graph, BACK, NULL, &error));
  g_assert_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_MODEL);
  g_assert_nonnull (strstr (error->message, "requantize"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tuner/requantize/parameters", test_parameters);
  g_test_add_func ("/tuner/requantize/again", test_again);
  g_test_add_func ("/tuner/requantize/fresh", test_fresh);
  g_test_add_func ("/tuner/requantize/random", test_random);
  g_test_add_func ("/tuner/requantize/refused", test_refused);
  return g_test_run ();
}
