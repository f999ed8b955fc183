/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-calibrate.c: ranges that are chosen by what they do to the output. */
#include "graphs.h"

#include <string.h>

#define N_SAMPLES 200

#define STEPS(method)                                                                    \
  "[{\"step\":\"calibrate\",\"method\":\"" method "\",\"outliers\":10000},"              \
  "{\"step\":\"quantize\"}]"

/* The second channel of the input, and WEIGHT times the first. */
static FettleGraph *
make_graph (float weight)
{
  const float weights[] = { weight, 1.0f, weight, -0.5f };
  TestGraph builder = test_graph_new (1, 1, 2);

  test_graph_add_conv (&builder, "conv", 2, weights, NULL);
  return test_graph_finish (&builder);
}

/* Between -1 and 1, but for one value of the first channel in the middle of all samples. */
static FettleSamples *
make_samples (FettleGraph *graph, float outlier)
{
  float values[2 * N_SAMPLES];

  for (guint i = 0; i < 2 * N_SAMPLES; i++)
    values[i] = (float)(i * 37 % 201) / 100.0f - 1.0f;
  /* Even places are tried, odd ones prove. */
  values[2 * (N_SAMPLES / 2)] = values[2 * (N_SAMPLES / 2) + 2] = outlier;
  return test_samples_new (graph, N_SAMPLES, values);
}

static double
find_input_scale (float weight, const char *steps)
{
  g_autoptr (FettleGraph) graph = make_graph (weight);
  g_autoptr (FettleSamples) samples = make_samples (graph, 20.0f);
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleProject) tuned = test_tune (graph, steps, samples, &error);
  float scale;

  g_assert_no_error (error);
  fettle_tensor_get_scale (test_find_tensor (tuned->graph, "input"), &scale, NULL);
  return (double)scale;
}

/* Nobody reads the channel with the outlier: the output is best without it. */
static void
test_harmless_outlier (void)
{
  g_assert_cmpfloat (find_input_scale (0.0f, STEPS ("min-max")), >, 20.0 / 255.0);
  g_assert_cmpfloat (find_input_scale (0.0f, STEPS ("auto")), <, 2.2 / 255.0);
}

/* The output consists of it: it is kept, though "percentile" alone would clip it. */
static void
test_outlier_that_matters (void)
{
  g_assert_cmpfloat (find_input_scale (4.0f, STEPS ("percentile")), <, 2.2 / 255.0);
  g_assert_cmpfloat (find_input_scale (4.0f, STEPS ("auto")), >, 20.0 / 255.0);
}

static void
test_methods_that_clip (void)
{
  /* One value in 200 is too many for OCTAV to clip, and too few for the divergence to keep. */
  g_assert_cmpfloat (find_input_scale (0.0f, STEPS ("octav")), >, 15.0 / 255.0);
  g_assert_cmpfloat (find_input_scale (0.0f, STEPS ("entropy")), <=,
                     find_input_scale (0.0f, STEPS ("min-max")));
}

/* The same bytes for any number of threads, whatever is chosen. */
static void
test_threads (void)
{
  static const char *const threads[] = { "1", "2", "7" };
  static const char *const recipes[] = { STEPS ("auto"), STEPS ("octav"),
                                         STEPS ("entropy") };
  g_autoptr (FettleGraph) graph = make_graph (0.0f);
  g_autoptr (FettleSamples) samples = make_samples (graph, 20.0f);

  for (gsize r = 0; r < G_N_ELEMENTS (recipes); r++)
    {
      g_autoptr (GBytes) first = NULL;

      for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
        {
          g_autoptr (FettleProject) tuned = NULL;
          g_autoptr (GBytes) bytes = NULL;
          g_autoptr (GError) error = NULL;

          g_setenv ("FETTLE_THREADS", threads[i], TRUE);
          tuned = test_tune (graph, recipes[r], samples, &error);
          g_unsetenv ("FETTLE_THREADS");
          g_assert_no_error (error);
          bytes = fettle_project_serialize (tuned);
          if (first == NULL)
            first = g_bytes_ref (bytes);
          g_assert_true (g_bytes_equal (bytes, first));
        }
    }
}

/* A RESHAPE has its input's scale: both ranges change together. */
static void
test_shared_scale (void)
{
  const float weights[] = { 0.0f, 1.0f, 0.0f, -0.5f };
  const gint32 flat[] = { 1, 1, 1, 2 };
  TestGraph builder = test_graph_new (1, 1, 2);
  gint32 shape = test_graph_add_integers (&builder, "shape", 4, flat);
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleSamples) samples = NULL;
  g_autoptr (FettleProject) tuned = NULL;
  g_autoptr (GError) error = NULL;
  float input, passed_on;

  test_graph_add (&builder, FETTLE_OPCODE_RESHAPE, "passed", 4, flat, &shape, 1);
  test_graph_add_conv (&builder, "conv", 2, weights, NULL);
  graph = test_graph_finish (&builder);
  samples = make_samples (graph, 20.0f);
  tuned = test_tune (graph, STEPS ("auto"), samples, &error);
  g_assert_no_error (error);
  fettle_tensor_get_scale (test_find_tensor (tuned->graph, "input"), &input, NULL);
  fettle_tensor_get_scale (test_find_tensor (tuned->graph, "passed"), &passed_on, NULL);
  g_assert_cmpfloat (input, ==, passed_on);
  g_assert_cmpfloat ((double)input, <, 2.2 / 255.0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tuner/calibrate/harmless-outlier", test_harmless_outlier);
  g_test_add_func ("/tuner/calibrate/outlier-that-matters", test_outlier_that_matters);
  g_test_add_func ("/tuner/calibrate/methods-that-clip", test_methods_that_clip);
  g_test_add_func ("/tuner/calibrate/threads", test_threads);
  g_test_add_func ("/tuner/calibrate/shared-scale", test_shared_scale);
  return g_test_run ();
}
