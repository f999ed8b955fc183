/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-random-networks.c: what must hold of every recipe, for networks that nobody has looked at. */
#include "graphs.h"
#include "random-networks.h"
#include "tuner/recipe-default.h"

#include <math.h>

#define N_NETWORKS 12
#define N_SAMPLES  24

/* A kind of result, and the SQNR that each network's output reaches at least, and the middle one of all. */
typedef struct
{
  const char *name;
  FettleRecipeGoal goal;
  double least, median;
} Kind;

static const Kind kinds[] = {
  { "int8", { FETTLE_TYPE_INT8, FALSE, FETTLE_TYPE_INT8 }, 20.0, 35.0 },
  { "int8-per-tensor", { FETTLE_TYPE_INT8, TRUE, FETTLE_TYPE_INT8 }, 18.0, 35.0 },
  { "int8-16", { FETTLE_TYPE_INT8, FALSE, FETTLE_TYPE_INT16 }, 33.0, 50.0 },
  { "int4", { FETTLE_TYPE_INT4, FALSE, FETTLE_TYPE_INT8 }, 10.0, 25.0 },
  { "int4-per-tensor", { FETTLE_TYPE_INT4, TRUE, FETTLE_TYPE_INT8 }, 6.0, 20.0 },
};

static FettleProject *
tune (FettleGraph *graph, FettleRecipe *recipe, FettleSamples *samples)
{
  g_autoptr (FettleProject) project = fettle_project_new (graph);
  g_autoptr (GError) error = NULL;
  FettleProject *tuned =
      fettle_tune (project, recipe, samples, NULL, NULL, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return tuned;
}

/* Of the output over all samples, in dB. */
static double
measure_sqnr (FettleGraph *graph, FettleGraph *tuned, FettleSamples *samples)
{
  gsize n = fettle_tensor_get_n_elements (
      fettle_graph_get_tensor (graph, fettle_graph_get_output (graph, 0)));
  g_autofree float *expected = g_new (float, n);
  g_autofree float *found = g_new (float, n);
  double signal = 0.0, noise = 0.0;

  for (guint i = 0; i < N_SAMPLES; i++)
    {
      test_run_sample (graph, samples, i, expected);
      test_run_sample (tuned, samples, i, found);
      for (gsize k = 0; k < n; k++)
        {
          double error = (double)expected[k] - (double)found[k];

          signal += (double)expected[k] * (double)expected[k];
          noise += error * error;
        }
    }
  return noise > 0.0 ? MIN (10.0 * log10 (signal / noise), 99.9) : 99.9;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  const double *x = a, *y = b;

  return *x < *y ? -1 : *x > *y;
}

static void
test_default_recipes (gconstpointer user_data)
{
  const Kind *kind = user_data;
  g_autoptr (FettleRecipe) recipe = fettle_recipe_new_for_goal (&kind->goal);
  double found[N_NETWORKS];

  for (guint32 seed = 0; seed < N_NETWORKS; seed++)
    {
      g_autoptr (FettleGraph) graph = random_network_new (seed);
      g_autoptr (FettleSamples) samples =
          test_samples_new_noise (graph, N_SAMPLES, -1.0f, 1.0f);
      g_autoptr (FettleProject) tuned = tune (graph, recipe, samples);

      found[seed] = measure_sqnr (graph, tuned->graph, samples);
      g_test_message ("network %u: %.1f dB", seed, found[seed]);
      g_assert_cmpfloat (found[seed], >=, kind->least);
    }
  qsort (found, N_NETWORKS, sizeof *found, compare_doubles);
  g_test_message ("median %.1f dB", found[N_NETWORKS / 2]);
  g_assert_cmpfloat (found[N_NETWORKS / 2], >=, kind->median);
}

/* Steps that leave a float model what it computes. */
static void
test_float_invariance (void)
{
  static const char steps[] =
      "[{\"step\":\"fold\"},{\"step\":\"remove-dead\"},{\"step\":\"equalize\"},"
      "{\"step\":\"remove-dead\",\"multiple\":4},{\"step\":\"fold\"}]";

  for (guint32 seed = 100; seed < 100 + N_NETWORKS; seed++)
    {
      g_autoptr (FettleGraph) graph = random_network_new (seed);
      g_autoptr (GError) error = NULL;
      g_autoptr (FettleProject) tuned = test_tune (graph, steps, NULL, &error);

      g_assert_no_error (error);
      for (guint32 input = 0; input < 8; input++)
        if (!test_computes_same (graph, tuned->graph, input, 1e-4f))
          g_error ("Network %u computes something else on input %u.", seed, input);
    }
}

/* And an int8 one, to the byte. */
static void
test_integer_invariance (void)
{
  for (guint32 seed = 200; seed < 200 + N_NETWORKS; seed++)
    {
      g_autoptr (FettleGraph) graph = random_network_new (seed);
      g_autoptr (FettleSamples) samples = test_samples_new_noise (graph, 8, -1.0f, 1.0f);
      g_autoptr (GError) error = NULL;
      g_autoptr (FettleProject) tuned = test_tune (graph, NULL, samples, &error);
      g_autoptr (FettleProject) lossless = NULL;

      g_assert_no_error (error);
      lossless = test_tune (tuned->graph,
                            "[{\"step\":\"fold\"},{\"step\":\"remove-dead\"},"
                            "{\"step\":\"fold\"}]",
                            NULL, &error);
      g_assert_no_error (error);
      for (guint32 input = 0; input < 8; input++)
        {
          g_autoptr (GBytes) expected = test_run (tuned->graph, input);
          g_autoptr (GBytes) actual = test_run (lossless->graph, input);

          if (!g_bytes_equal (expected, actual))
            g_error ("Network %u computes something else on input %u.", seed, input);
        }
    }
}

/* Every kind of step, with the parameters that go different ways. */
static const char *const recipes[] = {
  "[{\"step\":\"fold\"},{\"step\":\"remove-dead\"},{\"step\":\"equalize\",\"method\":"
  "\"activations\"},{\"step\":\"absorb\"},{\"step\":\"calibrate\"},"
  "{\"step\":\"quantize\",\"weights\":\"int4\"},{\"step\":\"round\"},"
  "{\"step\":\"correct-bias\"}]",
  "[{\"step\":\"fold\"},{\"step\":\"equalize\",\"relu6\":\"keep\"},"
  "{\"step\":\"calibrate\",\"method\":\"auto\"},{\"step\":\"quantize\"},"
  "{\"step\":\"round\",\"method\":\"coordinate-descent\"},"
  "{\"step\":\"correct-bias\",\"method\":\"analytic\"}]",
  "[{\"step\":\"calibrate\",\"method\":\"entropy\"},{\"step\":\"quantize\","
  "\"granularity\":\"per-tensor\"},{\"step\":\"round\",\"method\":\"gptq\"}]",
  "[{\"step\":\"calibrate\",\"method\":\"octav\"},{\"step\":\"quantize\",\"activations\":"
  "\"int16\"},{\"step\":\"round\",\"method\":\"nearest\"},{\"step\":\"correct-bias\"}]",
  "[{\"step\":\"calibrate\",\"method\":\"percentile\"},{\"step\":\"quantize\","
  "\"layers\":[{\"match\":\"type:CONV_2D\",\"weights\":\"int4\"},{\"match\":\"dense*\","
  "\"activations\":\"float32\"}]},{\"step\":\"round\"}]",
  "[{\"step\":\"calibrate\",\"method\":\"mse\"},{\"step\":\"quantize\"},"
  "{\"step\":\"remove-dead\"}]",
};

static void
assert_same_file (FettleProject *a, FettleProject *b)
{
  g_autoptr (GBytes) first = fettle_project_serialize (a);
  g_autoptr (GBytes) second = fettle_project_serialize (b);

  g_assert_true (g_bytes_equal (first, second));
}

/* STEPS, and what "requantize" makes of the result. */
static void
tune_twice (FettleGraph *graph, const char *steps, FettleSamples *samples,
            FettleProject **once, FettleProject **twice)
{
  g_autoptr (GError) error = NULL;

  *once = test_tune (graph, steps, samples, &error);
  g_assert_no_error (error);
  *twice = test_tune ((*once)->graph,
                      "[{\"step\":\"requantize\"},{\"step\":\"equalize\"},"
                      "{\"step\":\"calibrate\"},{\"step\":\"quantize\"},"
                      "{\"step\":\"round\"}]",
                      samples, &error);
  g_assert_no_error (error);
}

static void
test_threads (void)
{
  static const char *const threads[] = { "1", "2", "7" };

  for (gsize i = 0; i < G_N_ELEMENTS (recipes); i++)
    for (guint32 seed = 300; seed < 302; seed++)
      {
        g_autoptr (FettleGraph) graph = random_network_new (seed);
        g_autoptr (FettleSamples) samples =
            test_samples_new_noise (graph, 20, -1.0f, 1.0f);
        FettleProject *once[3], *twice[3];

        for (gsize k = 0; k < G_N_ELEMENTS (threads); k++)
          {
            g_setenv ("FETTLE_THREADS", threads[k], TRUE);
            tune_twice (graph, recipes[i], samples, &once[k], &twice[k]);
          }
        g_unsetenv ("FETTLE_THREADS");
        for (gsize k = 0; k < G_N_ELEMENTS (threads); k++)
          {
            assert_same_file (once[0], once[k]);
            assert_same_file (twice[0], twice[k]);
          }
        for (gsize k = 0; k < G_N_ELEMENTS (threads); k++)
          {
            fettle_project_free (once[k]);
            fettle_project_free (twice[k]);
          }
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *path =
          g_strconcat ("/tuner/random-networks/", kinds[i].name, NULL);

      g_test_add_data_func (path, &kinds[i], test_default_recipes);
    }
  g_test_add_func ("/tuner/random-networks/float-invariance", test_float_invariance);
  g_test_add_func ("/tuner/random-networks/integer-invariance", test_integer_invariance);
  g_test_add_func ("/tuner/random-networks/threads", test_threads);
  return g_test_run ();
}
