/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-round.c: the steps "round" and "correct-bias" on small graphs. */
#include "graphs.h"

#include <math.h>
#include <string.h>

#define QUANTIZE_INT4                                                                    \
  "{\"step\":\"calibrate\"},{\"step\":\"quantize\",\"weights\":\"int4\"}"
#define QUANTIZE_INT8 "{\"step\":\"calibrate\"},{\"step\":\"quantize\"}"

static float *
make_values (GRand *random, gsize n, double size)
{
  float *values = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    values[i] = (float)g_rand_double_range (random, -size, size);
  return values;
}

/* A 3×3 layer that keeps height and width. */
static void
add_window (TestGraph *builder, FettleOpcode opcode, const char *name, gint32 n_in,
            gint32 n_out, gint32 groups, GRand *random)
{
  const FettleTensor *input =
      fettle_graph_get_tensor (builder->graph, (guint)builder->last);
  gboolean is_depthwise = opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D;
  const gint32 weight_shape[] = { is_depthwise ? 1 : n_out, 3, 3,
                                  is_depthwise ? n_out : n_in / groups };
  const gint32 shape[] = { 1, input->shape[1], input->shape[2], n_out };
  gsize n = 9 * (gsize)weight_shape[0] * (gsize)weight_shape[3];
  g_autofree float *weights = make_values (random, n, 1.0);
  g_autofree float *bias = make_values (random, (gsize)n_out, 0.5);
  g_autofree char *weight_name = g_strconcat (name, "/weights", NULL);
  g_autofree char *bias_name = g_strconcat (name, "/bias", NULL);
  const gint32 extra[] = { test_graph_add_floats (builder, weight_name, 4, weight_shape,
                                                  weights),
                           test_graph_add_floats (builder, bias_name, 1, &n_out, bias) };
  FettleOperator *operator_ = test_graph_add (builder, opcode, name, 4, shape, extra, 2);

  operator_->options.padding = FETTLE_PADDING_SAME;
  operator_->options.stride_height = operator_->options.stride_width = 1;
  operator_->options.dilation_height = operator_->options.dilation_width = 1;
  operator_->options.depth_multiplier = is_depthwise ? n_out / n_in : 0;
  operator_->options.activation = FETTLE_ACTIVATION_RELU;
}

/* One layer of each kind that has weights. */
static FettleGraph *
make_graph (guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  TestGraph builder = test_graph_new (6, 6, 2);
  const gint32 weight_shape[] = { 3, 6 * 6 * 8 }, shape[] = { 1, 3 }, n_classes = 3;
  const float bias[] = { 0.5f, 0.0f, -0.5f };
  g_autofree float *weights = make_values (random, 3 * 6 * 6 * 8, 0.2);
  gint32 extra[2];

  add_window (&builder, FETTLE_OPCODE_CONV_2D, "conv", 2, 4, 1, random);
  add_window (&builder, FETTLE_OPCODE_DEPTHWISE_CONV_2D, "depthwise", 4, 8, 1, random);
  add_window (&builder, FETTLE_OPCODE_CONV_2D, "grouped", 8, 8, 2, random);
  extra[0] = test_graph_add_floats (&builder, "dense/weights", 2, weight_shape, weights);
  extra[1] = test_graph_add_floats (&builder, "dense/bias", 1, &n_classes, bias);
  test_graph_add (&builder, FETTLE_OPCODE_FULLY_CONNECTED, "dense", 2, shape, extra, 2);
  return test_graph_finish (&builder);
}

static FettleProject *
tune (FettleGraph *graph, guint n_samples, const char *steps)
{
  g_autoptr (FettleSamples) samples =
      test_samples_new_noise (graph, n_samples, -1.0f, 1.0f);
  g_autoptr (GError) error = NULL;
  FettleProject *tuned = test_tune (graph, steps, samples, &error);

  g_assert_no_error (error);
  return tuned;
}

/* Mean square error of the output on samples that tuning did not see. */
static double
measure (FettleGraph *graph, FettleProject *tuned)
{
  g_autoptr (FettleSamples) samples = test_samples_new_noise (graph, 120, -1.0f, 1.0f);
  double sum = 0.0;

  for (guint i = 90; i < 120; i++)
    {
      float expected[3], found[3];

      test_run_sample (graph, samples, i, expected);
      test_run_sample (tuned->graph, samples, i, found);
      for (guint k = 0; k < 3; k++)
        sum += pow ((double)expected[k] - (double)found[k], 2.0);
    }
  return sum;
}

static void
test_less_error (void)
{
  double before = 0.0, after = 0.0;

  for (guint32 seed = 20; seed < 24; seed++)
    {
      g_autoptr (FettleGraph) graph = make_graph (seed);
      g_autoptr (FettleProject) nearest = tune (graph, 80, "[" QUANTIZE_INT4 "]");
      g_autoptr (FettleProject) rounded =
          tune (graph, 80, "[" QUANTIZE_INT4 ",{\"step\":\"round\"}]");

      before += measure (graph, nearest);
      after += measure (graph, rounded);
    }
  g_test_message ("error of the output %g, rounded to nearest %g", after, before);
  g_assert_cmpfloat (after, <, 0.7 * before);
}

/* The mean error of each output channel, on the samples that TUNED has seen. */
static double
measure_mean_error (FettleGraph *graph, FettleProject *tuned, guint n)
{
  g_autoptr (FettleSamples) samples = test_samples_new_noise (graph, n, -1.0f, 1.0f);
  double means[3] = { 0.0 };

  for (guint i = 0; i < n; i++)
    {
      float expected[3], found[3];

      test_run_sample (graph, samples, i, expected);
      test_run_sample (tuned->graph, samples, i, found);
      for (guint k = 0; k < 3; k++)
        means[k] += ((double)expected[k] - (double)found[k]) / n;
    }
  return fabs (means[0]) + fabs (means[1]) + fabs (means[2]);
}

static void
test_bias (void)
{
  double before = 0.0, after = 0.0;

  for (guint32 seed = 40; seed < 44; seed++)
    {
      g_autoptr (FettleGraph) graph = make_graph (seed);
      g_autoptr (FettleProject) nearest = tune (graph, 60, "[" QUANTIZE_INT4 "]");
      g_autoptr (FettleProject) corrected =
          tune (graph, 60, "[" QUANTIZE_INT4 ",{\"step\":\"correct-bias\"}]");

      g_assert_true (
          g_bytes_equal (test_find_tensor (nearest->graph, "conv/weights")->data,
                         test_find_tensor (corrected->graph, "conv/weights")->data));
      before += measure_mean_error (graph, nearest, 60);
      after += measure_mean_error (graph, corrected, 60);
    }
  g_test_message ("mean error %g, before %g", after, before);
  g_assert_cmpfloat (after, <, 0.4 * before);
}

static void
assert_same_bytes (FettleGraph *graph, const char *steps, const char *n_threads)
{
  g_autoptr (FettleProject) one = NULL;
  g_autoptr (FettleProject) many = NULL;
  g_autoptr (GBytes) one_file = NULL;
  g_autoptr (GBytes) many_file = NULL;

  g_setenv ("FETTLE_THREADS", "1", TRUE);
  one = tune (graph, 20, steps);
  g_setenv ("FETTLE_THREADS", n_threads, TRUE);
  many = tune (graph, 20, steps);
  g_unsetenv ("FETTLE_THREADS");
  one_file = fettle_project_serialize (one);
  many_file = fettle_project_serialize (many);
  g_assert_true (g_bytes_equal (one_file, many_file));
}

static void
test_threads (void)
{
  g_autoptr (FettleGraph) graph = make_graph (30);

  for (guint i = 0; i < 2; i++)
    {
      const char *steps =
          i == 0 ? "[" QUANTIZE_INT4 ",{\"step\":\"round\"},{\"step\":\"correct-bias\"}]"
                 : "[" QUANTIZE_INT8 ",{\"step\":\"round\"},{\"step\":\"correct-bias\"}]";

      assert_same_bytes (graph, steps, "2");
      assert_same_bytes (graph, steps, "7");
    }
}

/* With one sample nothing tells whether a choice holds beyond it. */
static void
test_one_sample (void)
{
  g_autoptr (FettleGraph) graph = make_graph (31);
  g_autoptr (FettleProject) nearest = tune (graph, 1, "[" QUANTIZE_INT4 "]");
  g_autoptr (FettleProject) rounded =
      tune (graph, 1, "[" QUANTIZE_INT4 ",{\"step\":\"round\"}]");

  g_assert_true (
      g_bytes_equal (test_find_tensor (nearest->graph, "grouped/weights")->data,
                     test_find_tensor (rounded->graph, "grouped/weights")->data));
}

static void
test_no_data (void)
{
  g_autoptr (FettleGraph) graph = make_graph (35);
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleProject) nearest =
      test_tune (graph, "[" QUANTIZE_INT4 "]", NULL, &error);
  g_autoptr (FettleProject) rounded = test_tune (
      graph, "[" QUANTIZE_INT4 ",{\"step\":\"round\"},{\"step\":\"correct-bias\"}]", NULL,
      &error);

  g_assert_no_error (error);
  g_assert_true (
      g_bytes_equal (test_find_tensor (nearest->graph, "grouped/weights")->data,
                     test_find_tensor (rounded->graph, "grouped/weights")->data));
}

#define N_LONG  2500
#define N_KNOWN 60
#define N_NEW   20

/* Rows too long for their moments, which are worked on in blocks. The inputs are mixtures of four patterns, and
 * some noise. */
static float *
make_mixtures (GRand *random)
{
  g_autofree float *patterns = make_values (random, 4 * N_LONG, 1.0);
  float *values = make_values (random, (N_KNOWN + N_NEW) * N_LONG, 0.05);

  for (guint i = 0; i < N_KNOWN + N_NEW; i++)
    for (guint pattern = 0; pattern < 4; pattern++)
      {
        float share = (float)g_rand_double_range (random, -1.0, 1.0);

        for (guint k = 0; k < N_LONG; k++)
          values[i * N_LONG + k] += share * patterns[pattern * N_LONG + k];
      }
  return values;
}

/* On samples that tuning has not seen. */
static double
measure_new (FettleGraph *graph, FettleProject *tuned, FettleSamples *samples)
{
  double sum = 0.0;

  for (guint i = N_KNOWN; i < N_KNOWN + N_NEW; i++)
    {
      float expected[3], found[3];

      test_run_sample (graph, samples, i, expected);
      test_run_sample (tuned->graph, samples, i, found);
      for (guint k = 0; k < 3; k++)
        sum += pow ((double)expected[k] - (double)found[k], 2.0);
    }
  return sum;
}

static void
test_long_rows (void)
{
  static const struct
  {
    const char *nearest, *rounded;
    double most; /* left of the error; of int8 that of the activations is left */
  } kinds[] = {
    { "[" QUANTIZE_INT4 "]", "[" QUANTIZE_INT4 ",{\"step\":\"round\"}]", 0.2 },
    { "[" QUANTIZE_INT8 "]", "[" QUANTIZE_INT8 ",{\"step\":\"round\"}]", 1.0 },
  };
  g_autoptr (GRand) random = g_rand_new_with_seed (36);
  TestGraph builder = test_graph_new (25, 25, 4);
  const gint32 weight_shape[] = { 3, N_LONG }, shape[] = { 1, 3 };
  g_autofree float *weights = make_values (random, 3 * N_LONG, 1.0);
  g_autofree float *values = make_mixtures (random);
  gint32 extra[] = {
    test_graph_add_floats (&builder, "weights", 2, weight_shape, weights), -1
  };
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleSamples) known = NULL;
  g_autoptr (FettleSamples) all = NULL;

  test_graph_add (&builder, FETTLE_OPCODE_FULLY_CONNECTED, "dense", 2, shape, extra, 2);
  graph = test_graph_finish (&builder);
  known = test_samples_new (graph, N_KNOWN, values);
  all = test_samples_new (graph, N_KNOWN + N_NEW, values);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (FettleProject) nearest =
          test_tune (graph, kinds[i].nearest, known, NULL);
      g_autoptr (FettleProject) rounded =
          test_tune (graph, kinds[i].rounded, known, NULL);
      double before = measure_new (graph, nearest, all);
      double after = measure_new (graph, rounded, all);

      g_test_message ("error of the output %g, rounded to nearest %g", after, before);
      g_assert_cmpfloat (after, <, kinds[i].most * before);
    }
}

/* What the first layer computes reaches the others through a variable only. */
static FettleGraph *
make_stateful_graph (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (37);
  TestGraph builder = test_graph_new (6, 6, 2);
  const gint32 weight_shape[] = { 3, 6 * 6 * 8 }, shape[] = { 1, 3 }, n_classes = 3;
  const gint32 state_shape[] = { 1, 6, 6, 4 };
  const float bias[] = { 0.5f, 0.0f, -0.5f };
  g_autofree float *weights = make_values (random, 3 * 6 * 6 * 8, 0.2);
  gint32 variable, extra[2];

  variable = (gint32)fettle_graph_add_tensor (builder.graph, "state", FETTLE_TYPE_FLOAT32,
                                              4, state_shape);
  fettle_graph_get_tensor (builder.graph, (guint)variable)->is_variable = TRUE;
  add_window (&builder, FETTLE_OPCODE_CONV_2D, "conv", 2, 4, 1, random);
  fettle_graph_add_operator (builder.graph, FETTLE_OPCODE_ASSIGN_VARIABLE, "assign",
                             &builder.last, 1, &variable, 1);
  builder.last = variable;
  test_graph_add (&builder, FETTLE_OPCODE_READ_VARIABLE, "read", 4, state_shape, NULL, 0);
  add_window (&builder, FETTLE_OPCODE_CONV_2D, "second", 4, 8, 1, random);
  extra[0] = test_graph_add_floats (&builder, "dense/weights", 2, weight_shape, weights);
  extra[1] = test_graph_add_floats (&builder, "dense/bias", 1, &n_classes, bias);
  test_graph_add (&builder, FETTLE_OPCODE_FULLY_CONNECTED, "dense", 2, shape, extra, 2);
  return test_graph_finish (&builder);
}

static void
test_state (void)
{
  static const char steps[] =
      "[" QUANTIZE_INT4 ",{\"step\":\"round\"},{\"step\":\"correct-bias\"}]";
  g_autoptr (FettleGraph) graph = make_stateful_graph ();
  g_autoptr (FettleProject) nearest = tune (graph, 80, "[" QUANTIZE_INT4 "]");
  g_autoptr (FettleProject) rounded = tune (graph, 80, steps);
  double before = measure (graph, nearest), after = measure (graph, rounded);

  g_test_message ("error of the output %g, rounded to nearest %g", after, before);
  g_assert_cmpfloat (after, <, 0.5 * before);
  assert_same_bytes (graph, steps, "7");
}

static void
test_silent_inputs (void)
{
  g_autoptr (FettleGraph) graph = make_graph (32);
  g_autofree float *values = g_new0 (float, 20 * 6 * 6 * 2);
  g_autoptr (FettleSamples) samples = test_samples_new (graph, 20, values);
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleProject) nearest =
      test_tune (graph, "[" QUANTIZE_INT4 "]", samples, &error);
  g_autoptr (FettleProject) rounded =
      test_tune (graph, "[" QUANTIZE_INT4 ",{\"step\":\"round\"}]", samples, &error);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (test_find_tensor (nearest->graph, "conv/weights")->data,
                                test_find_tensor (rounded->graph, "conv/weights")->data));
}

/* Cancels towards the end. */
typedef struct
{
  GCancellable *cancellable;
  double last;
} Canceller;

static void
cancel_late (const char *step, double fraction, gpointer user_data)
{
  Canceller *canceller = user_data;

  canceller->last = fraction;
  if (fraction > 0.8)
    g_cancellable_cancel (canceller->cancellable);
}

static void
test_cancel (void)
{
  g_autoptr (FettleGraph) graph = make_graph (33);
  g_autoptr (FettleSamples) samples = test_samples_new_noise (graph, 20, -1.0f, 1.0f);
  g_autoptr (FettleProject) project = fettle_project_new (graph);
  g_autoptr (FettleProject) tuned = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleRecipe) recipe = fettle_recipe_parse (
      "{\"fettle-recipe\":1,\"steps\":[" QUANTIZE_INT4 ",{\"step\":\"round\"}]}", &error);
  Canceller canceller = { cancellable, 0.0 };

  g_assert_no_error (error);
  tuned = fettle_tune (project, recipe, samples, NULL, cancel_late, &canceller,
                       cancellable, NULL, &error);
  g_assert_null (tuned);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpfloat (canceller.last, >, 0.8);
}

static void
test_order (void)
{
  g_autoptr (FettleGraph) graph = make_graph (34);
  g_autoptr (FettleSamples) samples = test_samples_new_noise (graph, 4, -1.0f, 1.0f);
  g_autoptr (GError) error = NULL;

  g_assert_null (test_tune (graph, "[{\"step\":\"round\"}]", samples, &error));
  g_assert_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_RECIPE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/round/less-error", test_less_error);
  g_test_add_func ("/round/bias", test_bias);
  g_test_add_func ("/round/threads", test_threads);
  g_test_add_func ("/round/one-sample", test_one_sample);
  g_test_add_func ("/round/no-data", test_no_data);
  g_test_add_func ("/round/long-rows", test_long_rows);
  g_test_add_func ("/round/state", test_state);
  g_test_add_func ("/round/silent-inputs", test_silent_inputs);
  g_test_add_func ("/round/cancel", test_cancel);
  g_test_add_func ("/round/order", test_order);
  return g_test_run ();
}
