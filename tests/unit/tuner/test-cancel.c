/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-cancel.c: work that is cancelled, at every place where it looks whether it is.
 *
 * GIO's two functions by which work looks are replaced by ones that count and cancel at a chosen count. So a cancel is tried
 * at each of them, without a clock. Leaks are AddressSanitizer's to find. */
#include "graphs.h"
#include "tuner/evaluate.h"
#include "tuner/layer-errors.h"
#include "tuner/sensitivity.h"
#include "tuner/tensor-histograms.h"

#define N_SAMPLES 24

static gint n_checks; /* atomic */
static gint fuse;     /* the check that cancels; 0: none does */

static gboolean
check (GCancellable *cancellable)
{
  gint place = g_atomic_int_add (&n_checks, 1) + 1;

  return fuse > 0 && place >= fuse;
}

gboolean
g_cancellable_is_cancelled (GCancellable *cancellable)
{
  return cancellable != NULL && check (cancellable);
}

gboolean
g_cancellable_set_error_if_cancelled (GCancellable *cancellable, GError **error)
{
  if (cancellable == NULL || !check (cancellable))
    return FALSE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  return TRUE;
}

typedef struct
{
  FettleGraph *graph;
  FettleSamples *samples;
  FettleProject *tuned;
  GCancellable *cancellable;
} Fixture;

/* A convolution with long rows, a depthwise layer and a dense one, with a ReLU6 that nothing reaches. */
static FettleGraph *
make_graph (void)
{
  const gint32 hidden[] = { 1, 2, 2, 24 }, filter[] = { 1, 3, 3, 24 };
  g_autofree float *weights = g_new (float, 24 * 24);
  TestGraph builder = test_graph_new (2, 2, 24);
  gint32 depthwise;
  FettleOperator *layer;

  for (guint i = 0; i < 24 * 24; i++)
    weights[i] = (float)((i * 7919u) % 199u) / 990.0f - 0.1f;
  test_graph_add_conv (&builder, "first", 24, weights, NULL);
  test_graph_add (&builder, FETTLE_OPCODE_RELU6, "relu", 4, hidden, NULL, 0);
  depthwise = test_graph_add_floats (&builder, "depthwise/weights", 4, filter, weights);
  layer = test_graph_add (&builder, FETTLE_OPCODE_DEPTHWISE_CONV_2D, "depthwise", 4,
                          hidden, &depthwise, 1);
  layer->options.stride_height = layer->options.stride_width = 1;
  layer->options.dilation_height = layer->options.dilation_width = 1;
  layer->options.depth_multiplier = 1;
  test_graph_add_conv (&builder, "last", 10, weights, NULL);
  return test_graph_finish (&builder);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_atomic_int_set (&fuse, 0);
  g_setenv ("FETTLE_THREADS", "2", TRUE);
  fixture->graph = make_graph ();
  fixture->samples = test_samples_new_noise (fixture->graph, N_SAMPLES, -1.0f, 1.0f);
  fixture->tuned = test_tune (fixture->graph, NULL, fixture->samples, &error);
  g_assert_no_error (error);
  fixture->cancellable = g_cancellable_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  fettle_project_free (fixture->tuned);
  fettle_samples_free (fixture->samples);
  g_object_unref (fixture->graph);
  g_object_unref (fixture->cancellable);
}

/* TRUE if the work came to its end. */
typedef gboolean (*WorkFunc) (const Fixture *fixture, const char *steps, GError **error);

/* Runs WORK once to count its checks, and then cancels at about 15 of them, the first and the last included. At least
 * LEAST must be there. */
static void
cancel_everywhere (const Fixture *fixture, WorkFunc work, const char *steps, gint least)
{
  g_autoptr (GError) error = NULL;
  gint n, step;

  g_atomic_int_set (&n_checks, 0);
  g_atomic_int_set (&fuse, 0);
  g_assert_true (work (fixture, steps, &error));
  g_assert_no_error (error);
  n = g_atomic_int_get (&n_checks);
  g_assert_cmpint (n, >=, least);
  step = MAX (n / 15, 1);
  for (gint place = 1; place <= n; place += step)
    {
      g_autoptr (GError) cause = NULL;

      g_atomic_int_set (&n_checks, 0);
      g_atomic_int_set (&fuse, place + step > n ? n : place);
      g_assert_false (work (fixture, steps, &cause));
      g_assert_error (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
  g_atomic_int_set (&fuse, 0);
}

static gboolean
tune (const Fixture *fixture, const char *steps, GError **error)
{
  g_autofree char *json = g_strdup_printf ("{\"fettle-recipe\":1,\"steps\":%s}", steps);
  g_autoptr (FettleRecipe) recipe = fettle_recipe_parse (json, NULL);
  g_autoptr (FettleProject) project = fettle_project_new (fixture->graph);
  g_autoptr (FettleProject) tuned = NULL;
  g_autoptr (GPtrArray) report = NULL;

  g_assert_nonnull (recipe);
  tuned = fettle_tune (project, recipe, fixture->samples, NULL, NULL, NULL,
                       fixture->cancellable, &report, error);
  /* All or nothing. */
  g_assert_true ((tuned != NULL) == (report != NULL));
  return tuned != NULL;
}

static gboolean
requantize (const Fixture *fixture, const char *steps, GError **error)
{
  g_autoptr (FettleProject) bare = fettle_project_new (fixture->tuned->graph);
  g_autoptr (FettleRecipe) recipe =
      fettle_recipe_parse ("{\"fettle-recipe\":1,\"steps\":[{\"step\":\"requantize\"},{"
                           "\"step\":\"calibrate\"},"
                           "{\"step\":\"quantize\"}]}",
                           NULL);
  g_autoptr (FettleProject) tuned =
      fettle_tune (bare, recipe, fixture->samples, NULL, NULL, NULL, fixture->cancellable,
                   NULL, error);

  return tuned != NULL;
}

static void
test_steps (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *steps;
    gint least; /* checks: at least one per sample or layer, where there is such a loop */
  } cases[] = {
    { "[{\"step\":\"fold\"}]", 2 },
    { "[{\"step\":\"remove-dead\"}]", 2 },
    { "[{\"step\":\"equalize\"}]", 2 * N_SAMPLES },
    { "[{\"step\":\"equalize\",\"method\":\"activations\"}]", 2 * N_SAMPLES },
    { "[{\"step\":\"absorb\"}]", N_SAMPLES },
    { "[{\"step\":\"calibrate\"}]", N_SAMPLES },
    { "[{\"step\":\"calibrate\",\"method\":\"entropy\"}]", N_SAMPLES },
    { "[{\"step\":\"calibrate\",\"method\":\"auto\"}]", 2 * N_SAMPLES },
    { "[{\"step\":\"calibrate\"},{\"step\":\"quantize\"}]", N_SAMPLES },
    { "[{\"step\":\"calibrate\"},{\"step\":\"quantize\",\"weights\":\"int4\"},"
      "{\"step\":\"round\"}]",
      /* Each scale of each channel of two convolutions. */
      N_SAMPLES + 34 * 24 },
    { "[{\"step\":\"calibrate\"},{\"step\":\"quantize\"},{\"step\":\"round\",\"method\":"
      "\"exact\"}]",
      3 * N_SAMPLES },
    { "[{\"step\":\"calibrate\"},{\"step\":\"quantize\"},{\"step\":\"correct-bias\"}]",
      3 * N_SAMPLES },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    cancel_everywhere (fixture, tune, cases[i].steps, cases[i].least);
  cancel_everywhere (fixture, requantize, NULL, N_SAMPLES);
}

static gboolean
measure_errors (const Fixture *fixture, const char *steps, GError **error)
{
  g_autoptr (FettleErrorReport) report = fettle_measure_layer_errors (
      fettle_project_get_reference (fixture->tuned), fixture->tuned->graph,
      fixture->samples, 8, NULL, NULL, fixture->cancellable, error);

  return report != NULL;
}

static gboolean
measure_spread (const Fixture *fixture, const char *steps, GError **error)
{
  g_autoptr (FettleSpreadReport) report = fettle_measure_spread (
      fettle_project_get_reference (fixture->tuned), fixture->tuned->graph,
      fixture->samples, 8, -1, NULL, NULL, fixture->cancellable, error);

  return report != NULL;
}

static gboolean
measure_sensitivity (const Fixture *fixture, const char *steps, GError **error)
{
  g_autoptr (FettleSensitivity) report = fettle_measure_sensitivity (
      fettle_project_get_reference (fixture->tuned), fixture->tuned->graph,
      fixture->samples, NULL, 8, NULL, NULL, fixture->cancellable, error);

  return report != NULL;
}

static gboolean
evaluate (const Fixture *fixture, const char *steps, GError **error)
{
  g_autoptr (FettleEvaluation) evaluation =
      fettle_evaluate (fixture->tuned->graph, fixture->graph, fixture->samples, NULL,
                       NULL, fixture->cancellable, error);

  return evaluation != NULL;
}

static void
test_measurements (Fixture *fixture, gconstpointer data)
{
  cancel_everywhere (fixture, measure_errors, NULL, 3 * 8);
  cancel_everywhere (fixture, measure_spread, NULL, 4 * 8);
  cancel_everywhere (fixture, measure_sensitivity, NULL, 3 * 8);
  cancel_everywhere (fixture, evaluate, NULL, 2 * N_SAMPLES);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/cancel/steps", Fixture, NULL, set_up, test_steps, tear_down);
  g_test_add ("/cancel/measurements", Fixture, NULL, set_up, test_measurements,
              tear_down);
  return g_test_run ();
}
