/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-layer-columns.c: weight rows times input columns give what the runtime computes. */
#include "graphs.h"
#include "model/lower.h"
#include "model/runner.h"
#include "tuner/layer-targets.h"
#include "tuner/matrix.h"

#include <math.h>

static float *
make_values (GRand *random, gsize n)
{
  float *values = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    values[i] = (float)g_rand_double_range (random, -1.0, 1.0);
  return values;
}

static gsize
count (const gint32 *shape, guint rank)
{
  gsize n = 1;

  for (guint i = 0; i < rank; i++)
    n *= (gsize)shape[i];
  return n;
}

static gint32
count_outputs (gint32 input, gint32 filter, gint32 stride, gint32 dilation,
               FettlePadding padding)
{
  gint32 covered = (filter - 1) * dilation + 1;

  return padding == FETTLE_PADDING_SAME ? (input + stride - 1) / stride
                                        : (input - covered) / stride + 1;
}

/* The layer's outputs, per position and channel, from its columns. */
static void
compare (FettleGraph *graph, const float *input, const float *weights)
{
  const FettleTensor *output =
      fettle_graph_get_tensor (graph, fettle_graph_get_output (graph, 0));
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleLowered) lowered = fettle_lower (graph, NULL, &error);
  g_autoptr (FettleRunner) runner = NULL;
  FettleLayerColumns columns;
  g_autofree float *column = NULL;
  g_autofree double *row = NULL;
  const float *outputs;
  gsize size;
  guint n;

  g_assert_no_error (error);
  runner = fettle_runner_new (lowered->image, &error);
  g_assert_no_error (error);
  fettle_tensor_encode (
      fettle_graph_get_tensor (graph, fettle_graph_get_input (graph, 0)), input,
      fettle_runner_get_input (runner, 0, &size),
      fettle_tensor_get_n_elements (
          fettle_graph_get_tensor (graph, fettle_graph_get_input (graph, 0))));
  fettle_runner_run (runner, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  outputs = fettle_runner_get_output (runner, 0, &size);

  g_assert_true (fettle_layer_columns_init (&columns, graph, 0));
  n = fettle_layer_columns_count_channels (&columns);
  g_assert_cmpuint (columns.n_positions * n, ==, fettle_tensor_get_n_elements (output));
  column = g_new (float, columns.n_columns);
  row = g_new (double, columns.n_columns);
  for (gsize position = 0; position < columns.n_positions; position++)
    for (guint c = 0; c < n; c++)
      {
        fettle_layer_columns_read (&columns, input, c / columns.n_rows, position, column);
        for (guint k = 0; k < columns.n_columns; k++)
          row[k] = (double)weights[fettle_layer_columns_get_weight (&columns, c, k)];
        g_assert_cmpfloat_with_epsilon (fettle_dot_float (row, column, columns.n_columns),
                                        (double)outputs[position * n + c], 1e-4);
      }
}

static void
try_window (GRand *random, gboolean is_depthwise)
{
  gint32 groups = is_depthwise ? 1 : g_rand_int_range (random, 1, 4);
  gint32 channels = groups * g_rand_int_range (random, 1, 4);
  gint32 multiplier = g_rand_int_range (random, 1, 4);
  gint32 height = g_rand_int_range (random, 7, 12), width = height + 2;
  gint32 filter_height = g_rand_int_range (random, 1, 4);
  gint32 filter_width = g_rand_int_range (random, 1, 4);
  gint32 stride = g_rand_int_range (random, 1, 4);
  gint32 dilation = stride == 1 ? g_rand_int_range (random, 1, 3) : 1;
  FettlePadding padding =
      g_rand_boolean (random) ? FETTLE_PADDING_SAME : FETTLE_PADDING_VALID;
  gint32 n_out = (is_depthwise ? channels : groups) * multiplier;
  const gint32 weight_shape[] = { is_depthwise ? 1 : n_out, filter_height, filter_width,
                                  is_depthwise ? n_out : channels / groups };
  const gint32 shape[] = {
    1, count_outputs (height, filter_height, stride, dilation, padding),
    count_outputs (width, filter_width, stride, dilation, padding), n_out
  };
  g_autofree float *weights = make_values (random, count (weight_shape, 4));
  g_autofree float *input =
      make_values (random, (gsize)height * (gsize)width * (gsize)channels);
  TestGraph builder = test_graph_new (height, width, channels);
  gint32 extra[] = {
    test_graph_add_floats (&builder, "weights", 4, weight_shape, weights), -1
  };
  FettleOperator *operator_ = test_graph_add (
      &builder, is_depthwise ? FETTLE_OPCODE_DEPTHWISE_CONV_2D : FETTLE_OPCODE_CONV_2D,
      "layer", 4, shape, extra, 2);
  g_autoptr (FettleGraph) graph = NULL;

  operator_->options.padding = padding;
  operator_->options.stride_height = operator_->options.stride_width = stride;
  operator_->options.dilation_height = operator_->options.dilation_width = dilation;
  operator_->options.depth_multiplier = is_depthwise ? multiplier : 0;
  graph = test_graph_finish (&builder);
  compare (graph, input, weights);
}

static void
test_windows (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (9);

  for (guint t = 0; t < 30; t++)
    {
      try_window (random, FALSE);
      try_window (random, TRUE);
    }
}

static void
test_fully_connected (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (10);
  const gint32 weight_shape[] = { 5, 4 }, shape[] = { 6, 5 };
  g_autofree float *weights = make_values (random, 20);
  g_autofree float *input = make_values (random, 24);
  TestGraph builder = test_graph_new (2, 3, 4);
  gint32 extra[] = {
    test_graph_add_floats (&builder, "weights", 2, weight_shape, weights), -1
  };
  g_autoptr (FettleGraph) graph = NULL;

  test_graph_add (&builder, FETTLE_OPCODE_FULLY_CONNECTED, "layer", 2, shape, extra, 2);
  graph = test_graph_finish (&builder);
  compare (graph, input, weights);
}

/* Means over all positions are those of the sums. */
static void
test_means (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (11);
  const float identity[] = { 1, 0, 0, 1 };
  const double weights[] = { 1, 0, 0, 1 };
  g_autofree float *input = make_values (random, 24);
  TestGraph builder = test_graph_new (3, 4, 2);
  g_autoptr (FettleGraph) graph = NULL;
  FettleLayerColumns columns;
  double sums[2], expected[2] = { 0.0 };

  test_graph_add_conv (&builder, "layer", 2, identity, NULL);
  graph = test_graph_finish (&builder);
  g_assert_true (fettle_layer_columns_init (&columns, graph, 0));
  fettle_layer_columns_mean_sums (&columns, weights, input, sums);
  for (guint i = 0; i < 24; i++)
    expected[i % 2] += (double)input[i] / 12.0;
  g_assert_cmpfloat_with_epsilon (sums[0], expected[0], 1e-9);
  g_assert_cmpfloat_with_epsilon (sums[1], expected[1], 1e-9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layer-columns/windows", test_windows);
  g_test_add_func ("/layer-columns/fully-connected", test_fully_connected);
  g_test_add_func ("/layer-columns/means", test_means);
  return g_test_run ();
}
