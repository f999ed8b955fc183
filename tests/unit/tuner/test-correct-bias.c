/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-correct-bias.c: the step "correct-bias" without data: what it expects is what happens. */
#include "graphs.h"
#include "tuner/graph-moments.h"
#include "tuner/random-numbers.h"

#include <math.h>
#include <string.h>

#define MEAN      0.4
#define DEVIATION 1.3
#define QUANTIZE  "{\"step\":\"calibrate\"},{\"step\":\"quantize\",\"weights\":\"int4\"}"
#define ANALYTIC                                                                         \
  "{\"step\":\"correct-bias\",\"method\":\"analytic\",\"mean\":0.4,\"deviation\":1.3}"

static void
test_normal (void)
{
  for (double z = -8.0; z <= 8.0; z += 0.125)
    g_assert_cmpfloat_with_epsilon (fettle_normal_distribution (z),
                                    0.5 * erfc (-z / sqrt (2.0)), 1.5e-7);
}

/* Mean and variance of a clamped normal value, by summing up. */
static FettleMoments
integrate (FettleMoments moments, double lower, double upper)
{
  const int n = 200000;
  double deviation = sqrt (moments.variance), sum = 0.0, squares = 0.0, weights = 0.0;

  for (int i = 0; i <= n; i++)
    {
      double z = -9.0 + 18.0 * i / n, weight = exp (-z * z / 2.0);
      double value = CLAMP (moments.mean + deviation * z, lower, upper);

      weights += weight;
      sum += weight * value;
      squares += weight * value * value;
    }
  sum /= weights;
  return (FettleMoments){ sum, squares / weights - sum * sum };
}

static void
test_clamp (void)
{
  static const double limits[][2] = {
    { 0.0, INFINITY }, { 0.0, 6.0 }, { -1.0, 1.0 }, { -INFINITY, INFINITY }
  };
  static const FettleMoments cases[] = { { 0.0, 1.0 },  { 3.0, 4.0 },   { -2.0, 0.5 },
                                         { 6.5, 2.25 }, { -9.0, 1e-3 }, { 5.0, 1e-3 } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (limits); k++)
      {
        FettleMoments found = fettle_normal_clamp (cases[i], limits[k][0], limits[k][1]);
        FettleMoments expected = integrate (cases[i], limits[k][0], limits[k][1]);

        g_assert_cmpfloat_with_epsilon (found.mean, expected.mean, 2e-6);
        g_assert_cmpfloat_with_epsilon (found.variance, expected.variance, 2e-5);
      }
}

static gint32
add_values (TestGraph *builder, FettleRandom *random, guint rank, const gint32 *shape,
            double size)
{
  g_autofree float *values = NULL;
  gsize n = 1;

  for (guint i = 0; i < rank; i++)
    n *= (gsize)shape[i];
  values = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    values[i] = (float)(size * fettle_random_normal (random));
  return test_graph_add_floats (builder, "values", rank, shape, values);
}

/* 3×3, SAME padding: near the border the means are others. */
static void
add_window (TestGraph *builder, FettleRandom *random, FettleOpcode opcode,
            FettleActivation activation, gint32 n_out)
{
  const FettleTensor *input =
      fettle_graph_get_tensor (builder->graph, (guint)builder->last);
  gboolean is_depthwise = opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D;
  const gint32 weights[] = { is_depthwise ? 1 : n_out, 3, 3,
                             is_depthwise ? n_out : input->shape[3] };
  const gint32 shape[] = { 1, input->shape[1], input->shape[2], n_out };
  gint32 n_in = input->shape[3], extra[2];
  FettleOptions *options;

  extra[0] = add_values (builder, random, 4, weights, 0.4);
  extra[1] = add_values (builder, random, 1, &n_out, 0.5);
  options = &test_graph_add (builder, opcode, fettle_opcode_get_name (opcode), 4, shape,
                             extra, 2)
                 ->options;
  options->padding = FETTLE_PADDING_SAME;
  options->stride_height = options->stride_width = 1;
  options->dilation_height = options->dilation_width = 1;
  options->depth_multiplier = is_depthwise ? n_out / n_in : 0;
  options->activation = activation;
}

static void
add_dense (TestGraph *builder, FettleRandom *random, gint32 n_out)
{
  gint32 n_in = (gint32)fettle_tensor_get_n_elements (
      fettle_graph_get_tensor (builder->graph, (guint)builder->last));
  const gint32 weights[] = { n_out, n_in }, shape[] = { 1, n_out };
  gint32 extra[2];

  extra[0] = add_values (builder, random, 2, weights, 0.2);
  extra[1] = add_values (builder, random, 1, &n_out, 0.5);
  test_graph_add (builder, FETTLE_OPCODE_FULLY_CONNECTED, "dense", 2, shape, extra, 2);
}

static FettleSamples *
draw_samples (FettleGraph *graph, guint n_samples)
{
  const FettleTensor *input =
      fettle_graph_get_tensor (graph, fettle_graph_get_input (graph, 0));
  gsize n = n_samples * fettle_tensor_get_n_elements (input);
  g_autofree float *values = g_new (float, n);
  FettleRandom random = { 77 };

  for (gsize i = 0; i < n; i++)
    values[i] = (float)(MEAN + DEVIATION * fettle_random_normal (&random));
  return test_samples_new (graph, n_samples, values);
}

/* What is expected of the output of GRAPH, one layer on normal inputs, and what N random inputs make of it: means
 * within five standard errors, variances within TOLERANCE. */
static void
assert_moments (FettleGraph *graph, double tolerance)
{
  const guint n_samples = 3000;
  const FettleMoments inputs = { MEAN, DEVIATION * DEVIATION };
  guint n_tensors = fettle_graph_get_n_tensors (graph);
  guint output = fettle_graph_get_output (graph, 0);
  gsize n = fettle_tensor_get_n_elements (fettle_graph_get_tensor (graph, output));
  g_autoptr (GArray) ranges =
      g_array_sized_new (FALSE, FALSE, sizeof (FettleRange), n_tensors);
  g_autoptr (FettleSamples) samples = draw_samples (graph, n_samples);
  g_autofree double *sums = g_new0 (double, n);
  g_autofree double *squares = g_new0 (double, n);
  g_autofree float *values = g_new (float, n);
  g_autoptr (GArray) all = NULL;
  const FettleTensorMoments *found;
  double variance = 0.0, expected = 0.0;

  for (guint i = 0; i < n_tensors; i++)
    g_array_append_val (ranges, ((FettleRange){ -INFINITY, INFINITY }));
  all = fettle_graph_moments_new (graph, ranges, &inputs, NULL, NULL);
  found = &g_array_index (all, FettleTensorMoments, output);
  for (guint i = 0; i < n_samples; i++)
    {
      test_run_sample (graph, samples, i, values);
      for (gsize k = 0; k < n; k++)
        {
          sums[k] += (double)values[k] / n_samples;
          squares[k] += (double)values[k] * (double)values[k] / n_samples;
        }
    }
  for (gsize k = 0; k < n; k++)
    {
      double measured = squares[k] - sums[k] * sums[k];

      g_assert_cmpfloat_with_epsilon ((double)found->means[k], sums[k],
                                      5.0 * sqrt (measured / n_samples) + 1e-3);
      variance += measured;
      expected += (double)found->variances[k];
    }
  g_assert_cmpfloat_with_epsilon (expected / variance, 1.0, tolerance);
}

static void
test_weighted_layers (void)
{
  static const FettleActivation activations[] = { FETTLE_ACTIVATION_NONE,
                                                  FETTLE_ACTIVATION_RELU,
                                                  FETTLE_ACTIVATION_RELU6,
                                                  FETTLE_ACTIVATION_RELU_N1_TO_1 };
  FettleRandom random = { 5 };

  for (gsize i = 0; i < G_N_ELEMENTS (activations); i++)
    for (guint is_depthwise = 0; is_depthwise < 2; is_depthwise++)
      {
        TestGraph builder = test_graph_new (4, 5, 3);
        g_autoptr (FettleGraph) graph = NULL;

        add_window (&builder, &random,
                    is_depthwise ? FETTLE_OPCODE_DEPTHWISE_CONV_2D
                                 : FETTLE_OPCODE_CONV_2D,
                    activations[i], 6);
        graph = test_graph_finish (&builder);
        assert_moments (graph, 0.03);
      }
}

static void
test_other_layers (void)
{
  static const FettleOpcode opcodes[] = { FETTLE_OPCODE_RELU6, FETTLE_OPCODE_LOGISTIC,
                                          FETTLE_OPCODE_TANH, FETTLE_OPCODE_SOFTMAX,
                                          FETTLE_OPCODE_HARD_SWISH };

  for (gsize i = 0; i < G_N_ELEMENTS (opcodes); i++)
    {
      const gint32 shape[] = { 1, 4, 4, 8 };
      TestGraph builder = test_graph_new (4, 4, 8);
      g_autoptr (FettleGraph) graph = NULL;

      test_graph_add (&builder, opcodes[i], "layer", 4, shape, NULL, 0)->options.beta =
          1.0f;
      graph = test_graph_finish (&builder);
      assert_moments (graph, 0.05);
    }
}

/* The biases of layer NAME's channels, real numbers. */
static double *
read_bias (FettleGraph *graph, const char *name, guint *n)
{
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);
      const FettleTensor *bias;
      const gint32 *steps;
      double *values;

      if (!g_str_equal (operator_->name, name))
        continue;
      bias = fettle_graph_get_operator_input (graph, operator_, 2);
      steps = g_bytes_get_data (bias->data, NULL);
      *n = (guint)bias->shape[0];
      values = g_new (double, *n);
      for (guint c = 0; c < *n; c++)
        values[c] =
            steps[c]
            * (double)
                  bias->quantization.scales[bias->quantization.n_channels > 1 ? c : 0];
      return values;
    }
  g_assert_not_reached ();
}

static FettleProject *
tune (FettleGraph *graph, FettleSamples *samples, const char *steps)
{
  g_autoptr (GError) error = NULL;
  FettleProject *tuned = test_tune (graph, steps, samples, &error);

  g_assert_no_error (error);
  return tuned;
}

/* How far the biases of layer NAME are from those that data give, as a share of what data change. */
static double
compare_biases (FettleGraph *before, FettleGraph *empirical, FettleGraph *analytic,
                const char *name)
{
  guint n;
  g_autofree double *uncorrected = read_bias (before, name, &n);
  g_autofree double *expected = read_bias (empirical, name, &n);
  g_autofree double *found = read_bias (analytic, name, &n);
  double error = 0.0, change = 0.0;

  for (guint c = 0; c < n; c++)
    {
      error += pow (found[c] - expected[c], 2.0);
      change += pow (expected[c] - uncorrected[c], 2.0);
    }
  g_test_message ("%s: %.1f %% of what data change", name, 100.0 * sqrt (error / change));
  return sqrt (error / change);
}

/* On normal inputs of known moments it corrects what the empirical method does: exactly in the first layer, but for
 * the number of samples; the layers behind are not quite independent and normal. */
static void
test_against_data (void)
{
  FettleRandom random = { 9 };

  for (guint i = 0; i < 4; i++)
    {
      TestGraph builder = test_graph_new (6, 6, 3);
      g_autoptr (FettleGraph) graph = NULL;
      g_autoptr (FettleSamples) samples = NULL;
      g_autoptr (FettleProject) before = NULL;
      g_autoptr (FettleProject) empirical = NULL;
      g_autoptr (FettleProject) analytic = NULL;

      add_window (&builder, &random, FETTLE_OPCODE_CONV_2D, FETTLE_ACTIVATION_RELU, 8);
      add_window (&builder, &random, FETTLE_OPCODE_DEPTHWISE_CONV_2D,
                  FETTLE_ACTIVATION_RELU6, 8);
      add_dense (&builder, &random, 5);
      graph = test_graph_finish (&builder);
      samples = draw_samples (graph, 500);
      before = tune (graph, samples, "[" QUANTIZE "]");
      empirical = tune (graph, samples, "[" QUANTIZE ",{\"step\":\"correct-bias\"}]");
      analytic = tune (graph, samples, "[" QUANTIZE "," ANALYTIC "]");
      g_assert_cmpfloat (
          compare_biases (before->graph, empirical->graph, analytic->graph, "CONV_2D"), <,
          0.1);
      g_assert_cmpfloat (compare_biases (before->graph, empirical->graph, analytic->graph,
                                         "DEPTHWISE_CONV_2D"),
                         <, 0.5);
      g_assert_cmpfloat (
          compare_biases (before->graph, empirical->graph, analytic->graph, "dense"), <,
          0.5);
    }
}

/* Neither calibration nor correction have any; done twice it is done once. */
static void
test_without_data (void)
{
  FettleRandom random = { 21 };
  TestGraph builder = test_graph_new (6, 6, 3);
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleProject) before = NULL;
  g_autoptr (FettleProject) once = NULL;
  g_autoptr (FettleProject) twice = NULL;
  g_autofree double *old = NULL;
  g_autofree double *new = NULL;
  g_autofree double *newer = NULL;
  guint n;

  add_window (&builder, &random, FETTLE_OPCODE_CONV_2D, FETTLE_ACTIVATION_RELU, 8);
  add_dense (&builder, &random, 5);
  graph = test_graph_finish (&builder);
  before = tune (graph, NULL, "[" QUANTIZE "]");
  once = tune (graph, NULL, "[" QUANTIZE "," ANALYTIC "]");
  twice = tune (graph, NULL, "[" QUANTIZE "," ANALYTIC "," ANALYTIC "]");
  old = read_bias (before->graph, "dense", &n);
  new = read_bias (once->graph, "dense", &n);
  newer = read_bias (twice->graph, "dense", &n);
  g_assert_cmpmem (new, n * sizeof *new, newer, n * sizeof *newer);
  g_assert_cmpint (memcmp (old, new, n * sizeof *new), !=, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tuner/correct-bias/normal", test_normal);
  g_test_add_func ("/tuner/correct-bias/clamp", test_clamp);
  g_test_add_func ("/tuner/correct-bias/weighted-layers", test_weighted_layers);
  g_test_add_func ("/tuner/correct-bias/other-layers", test_other_layers);
  g_test_add_func ("/tuner/correct-bias/against-data", test_against_data);
  g_test_add_func ("/tuner/correct-bias/without-data", test_without_data);
  return g_test_run ();
}
