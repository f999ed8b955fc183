/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-equalize.c: scale moved between layers: the function stays, the channels end balanced. */
#include "graphs.h"
#include "model/runner.h"
#include "tuner/quantization-error.h"

#include <math.h>
#include <string.h>

#define BY_WEIGHTS     "[{\"step\":\"equalize\",\"method\":\"weights\"}]"
#define BY_ACTIVATIONS "[{\"step\":\"equalize\",\"method\":\"activations\"}]"

/* Reproducible weights from -1 to 1; each of N_CHANNELS, which alternate, has a size of its own, from
 * 1 down to 1/1000. */
static float *
make_imbalanced (gsize n, gsize n_channels, gsize run, GRand *random)
{
  float *values = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    {
      gsize channel = i / run % n_channels;
      double size =
          pow (10.0, -3.0 * (double)(channel * 7 % n_channels) / (double)n_channels);

      values[i] = (float)(size * g_rand_double_range (random, -1.0, 1.0));
    }
  return values;
}

static void
add_conv (TestGraph *builder, const char *name, guint n_in, guint n_out,
          FettleActivation activation, GRand *random)
{
  g_autofree float *weights = make_imbalanced ((gsize)n_in * n_out, n_out, n_in, random);
  g_autofree float *bias = make_imbalanced (n_out, n_out, 1, random);

  test_graph_add_conv (builder, name, (gint32)n_out, weights, bias)->options.activation =
      activation;
}

/* 3×3, with two output channels for each input channel. */
static void
add_depthwise (TestGraph *builder, const char *name, guint n_in, gint32 size,
               GRand *random)
{
  const gint32 n_out = 2 * (gint32)n_in;
  const gint32 weight_shape[] = { 1, 3, 3, n_out }, bias_shape[] = { n_out };
  const gint32 shape[] = { 1, size, size, n_out };
  g_autofree float *weights = make_imbalanced (9 * (gsize)n_out, (gsize)n_out, 1, random);
  g_autofree float *bias = make_imbalanced ((gsize)n_out, (gsize)n_out, 1, random);
  const gint32 extra[] = {
    test_graph_add_floats (builder, "filter", 4, weight_shape, weights),
    test_graph_add_floats (builder, "filter/bias", 1, bias_shape, bias)
  };
  FettleOperator *operator_ =
      test_graph_add (builder, FETTLE_OPCODE_DEPTHWISE_CONV_2D, name, 4, shape, extra, 2);

  operator_->options.padding = FETTLE_PADDING_SAME;
  operator_->options.stride_height = operator_->options.stride_width = 1;
  operator_->options.dilation_height = operator_->options.dilation_width = 1;
  operator_->options.depth_multiplier = 2;
  operator_->options.activation = FETTLE_ACTIVATION_RELU;
}

static void
add_max_pool (TestGraph *builder, gint32 size, gint32 n_channels)
{
  const gint32 shape[] = { 1, size, size, n_channels };
  FettleOperator *pool =
      test_graph_add (builder, FETTLE_OPCODE_MAX_POOL_2D, "pool", 4, shape, NULL, 0);

  pool->options.padding = FETTLE_PADDING_VALID;
  pool->options.stride_height = pool->options.stride_width = 2;
  pool->options.filter_height = pool->options.filter_width = 2;
}

/* Convolution, depthwise, convolution, pooling, flattening, fully connected: every kind of link. */
static FettleGraph *
make_chain (FettleActivation activation)
{
  const gint32 relu_shape[] = { 1, 4, 4, 6 }, flat[] = { 1, 24 }, logits[] = { 1, 5 };
  const gint32 dense_shape[] = { 5, 24 };
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  g_autofree float *dense = make_imbalanced (5 * 24, 24, 1, random);
  TestGraph builder = test_graph_new (4, 4, 3);
  gint32 extra[2] = { 0, -1 };

  add_conv (&builder, "first", 3, 4, activation, random);
  add_depthwise (&builder, "depthwise", 4, 4, random);
  add_conv (&builder, "last", 8, 6, FETTLE_ACTIVATION_NONE, random);
  test_graph_add (&builder, FETTLE_OPCODE_RELU, "relu", 4, relu_shape, NULL, 0);
  add_max_pool (&builder, 2, 6);
  test_graph_add (&builder, FETTLE_OPCODE_RESHAPE, "flat", 2, flat, NULL, 0);
  extra[0] = test_graph_add_floats (&builder, "dense/weights", 2, dense_shape, dense);
  test_graph_add (&builder, FETTLE_OPCODE_FULLY_CONNECTED, "dense", 2, logits, extra, 2);
  return test_graph_finish (&builder);
}

/* The outputs of GRAPH for sample INDEX. */
static float *
run (FettleGraph *graph, FettleSamples *samples, guint index, gsize *n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleLowered) lowered = fettle_lower (graph, NULL, &error);
  g_autoptr (FettleRunner) runner = NULL;
  gconstpointer output;
  gsize size;

  g_assert_no_error (error);
  runner = fettle_runner_new (lowered->image, &error);
  g_assert_no_error (error);
  fettle_samples_read (samples, index, fettle_runner_get_input (runner, 0, &size));
  fettle_runner_run (runner, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  output = fettle_runner_get_output (runner, 0, &size);
  *n = size / sizeof (float);
  return g_memdup2 (output, size);
}

static FettleProject *
tune (FettleGraph *graph, FettleSamples *samples, const char *steps)
{
  g_autoptr (GError) error = NULL;
  FettleProject *tuned = test_tune (graph, steps, samples, &error);

  g_assert_no_error (error);
  return tuned;
}

static void
assert_same_function (FettleGraph *before, FettleGraph *after, FettleSamples *samples)
{
  for (guint i = 0; i < fettle_samples_get_n (samples); i++)
    {
      gsize n;
      g_autofree float *expected = run (before, samples, i, &n);
      g_autofree float *actual = run (after, samples, i, &n);
      float largest = 0.0f;

      for (gsize k = 0; k < n; k++)
        largest = MAX (largest, fabsf (expected[k]));
      g_assert_cmpfloat (largest, >, 0.0f);
      for (gsize k = 0; k < n; k++)
        g_assert_cmpfloat_with_epsilon (expected[k], actual[k], 1e-4f * largest);
    }
}

static const float *
get_floats (FettleGraph *graph, const char *name)
{
  return g_bytes_get_data (test_find_tensor (graph, name)->data, NULL);
}

static void
test_function (gconstpointer steps)
{
  g_autoptr (FettleGraph) graph = make_chain (FETTLE_ACTIVATION_RELU);
  g_autoptr (FettleSamples) samples = test_samples_new_noise (graph, 8, -2.0f, 2.0f);
  g_autoptr (FettleProject) tuned = tune (graph, samples, steps);
  static const char *const changed[] = { "first/weights", "filter", "last/weights",
                                         "dense/weights" };

  assert_same_function (graph, tuned->graph, samples);
  for (gsize i = 0; i < G_N_ELEMENTS (changed); i++)
    g_assert_false (g_bytes_equal (test_find_tensor (graph, changed[i])->data,
                                   test_find_tensor (tuned->graph, changed[i])->data));
}

/* The largest weight among N, STRIDE apart. */
static float
find_range (const float *weights, gsize n, gsize stride)
{
  float range = 0.0f;

  for (gsize i = 0; i < n; i++)
    range = MAX (range, fabsf (weights[i * stride]));
  return range;
}

/* The reference's closed form for two layers: both ranges end at sqrt (r1 r2). */
static void
test_pair (void)
{
  const float first[] = { 1.0f, -4.0f, 0.01f, 0.02f }, bias[] = { 2.0f, 0.3f };
  const float second[] = { 0.25f, 8.0f, -1.0f, 2.0f };
  TestGraph builder = test_graph_new (2, 2, 2);
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleProject) tuned = NULL;

  test_graph_add_conv (&builder, "first", 2, first, bias);
  test_graph_add_conv (&builder, "second", 2, second, NULL);
  graph = test_graph_finish (&builder);
  tuned = tune (graph, NULL, BY_WEIGHTS);
  for (gsize c = 0; c < 2; c++)
    {
      double r1 = (double)find_range (first + 2 * c, 2, 1);
      double r2 = (double)find_range (second + c, 2, 2);
      const float *weights = get_floats (tuned->graph, "first/weights");
      const float *next = get_floats (tuned->graph, "second/weights");
      float expected = (float)sqrt (r1 * r2);

      g_assert_cmpfloat_with_epsilon (find_range (weights + 2 * c, 2, 1), expected,
                                      1e-4f);
      g_assert_cmpfloat_with_epsilon (find_range (next + c, 2, 2), expected, 1e-4f);
      g_assert_cmpfloat_with_epsilon (get_floats (tuned->graph, "first/bias")[c],
                                      bias[c] / (float)sqrt (r1 / r2), 1e-4f);
    }
}

/* ... and for a depthwise layer between two others, all three at the cube root of their product. */
static void
test_triple (void)
{
  const float first[] = { 1.0f, 0.01f }, last[] = { 0.5f, 3.0f };
  const float filter[] = { 4.0f, 0.2f };
  const gint32 filter_shape[] = { 1, 1, 1, 2 }, shape[] = { 1, 2, 2, 2 };
  TestGraph builder = test_graph_new (2, 2, 1);
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleProject) tuned = NULL;
  gint32 extra[2] = { 0, -1 };
  FettleOperator *depthwise;

  test_graph_add_conv (&builder, "first", 2, first, NULL);
  extra[0] = test_graph_add_floats (&builder, "filter", 4, filter_shape, filter);
  depthwise = test_graph_add (&builder, FETTLE_OPCODE_DEPTHWISE_CONV_2D, "depthwise", 4,
                              shape, extra, 2);
  depthwise->options.stride_height = depthwise->options.stride_width = 1;
  depthwise->options.dilation_height = depthwise->options.dilation_width = 1;
  depthwise->options.depth_multiplier = 1;
  test_graph_add_conv (&builder, "last", 1, last, NULL);
  graph = test_graph_finish (&builder);
  tuned = tune (graph, NULL, BY_WEIGHTS);
  for (gsize c = 0; c < 2; c++)
    {
      float expected = cbrtf (first[c] * filter[c] * last[c]);

      g_assert_cmpfloat_with_epsilon (get_floats (tuned->graph, "first/weights")[c],
                                      expected, 1e-3f * expected);
      g_assert_cmpfloat_with_epsilon (get_floats (tuned->graph, "filter")[c], expected,
                                      1e-3f * expected);
      g_assert_cmpfloat_with_epsilon (get_floats (tuned->graph, "last/weights")[c],
                                      expected, 1e-3f * expected);
    }
}

/* Beside activations, a depthwise layer's own scale per channel absorbs everything: the activation
 * channels before it end equal. */
static void
test_activations (void)
{
  g_autoptr (FettleGraph) graph = make_chain (FETTLE_ACTIVATION_RELU);
  g_autoptr (FettleSamples) samples = test_samples_new_noise (graph, 8, -2.0f, 2.0f);
  g_autoptr (FettleProject) tuned = tune (graph, samples, BY_ACTIVATIONS);
  gsize n = 3;
  float ranges[4] = { 0.0f };
  const float *weights = get_floats (tuned->graph, "first/weights");
  const float *bias = get_floats (tuned->graph, "first/bias");

  for (guint i = 0; i < 8; i++)
    {
      float sample[48];

      fettle_samples_read (samples, i, sample);
      for (gsize place = 0; place < 16; place++)
        for (gsize c = 0; c < 4; c++)
          {
            float sum = bias[c];

            for (gsize k = 0; k < n; k++)
              sum += weights[c * n + k] * sample[place * n + k];
            ranges[c] = MAX (ranges[c], sum);
          }
    }
  for (gsize c = 1; c < 4; c++)
    g_assert_cmpfloat_with_epsilon (ranges[c], ranges[0], 1e-3f * ranges[0]);
}

/* A clamp at 6 is not homogeneous; the layers around it stay as they are, and the others do not. */
static void
test_relu6 (void)
{
  g_autoptr (FettleGraph) graph = make_chain (FETTLE_ACTIVATION_RELU6);
  g_autoptr (FettleSamples) samples = test_samples_new_noise (graph, 8, -9.0f, 9.0f);
  g_autoptr (FettleProject) tuned = tune (graph, samples, BY_WEIGHTS);

  assert_same_function (graph, tuned->graph, samples);
  g_assert_true (g_bytes_equal (test_find_tensor (graph, "first/weights")->data,
                                test_find_tensor (tuned->graph, "first/weights")->data));
  g_assert_false (g_bytes_equal (test_find_tensor (graph, "filter")->data,
                                 test_find_tensor (tuned->graph, "filter")->data));
}

/* A clamp that no sample reaches lets scale pass, unless it is to be kept. */
static void
test_relaxed_relu6 (gconstpointer steps)
{
  g_autoptr (FettleGraph) graph = make_chain (FETTLE_ACTIVATION_RELU6);
  g_autoptr (FettleSamples) samples = test_samples_new_noise (graph, 8, -1.0f, 1.0f);
  g_autoptr (FettleProject) tuned = tune (graph, samples, steps);
  gboolean keeps = strstr (steps, "keep") != NULL;

  assert_same_function (graph, tuned->graph, samples);
  g_assert_cmpint (fettle_graph_get_operator (tuned->graph, 0)->options.activation, ==,
                   keeps ? FETTLE_ACTIVATION_RELU6 : FETTLE_ACTIVATION_RELU);
  g_assert_cmpint (g_bytes_equal (test_find_tensor (graph, "first/weights")->data,
                                  test_find_tensor (tuned->graph, "first/weights")->data),
                   ==, keeps);
}

/* Somebody else reads the channels: no scale may move. */
static void
test_second_reader (void)
{
  const float first[] = { 1.0f, 0.01f }, second[] = { 1.0f, 2.0f, 3.0f, 4.0f };
  const gint32 shape[] = { 1, 2, 2, 2 };
  TestGraph builder = test_graph_new (2, 2, 1);
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleProject) tuned = NULL;
  gint32 shared;

  test_graph_add_conv (&builder, "first", 2, first, NULL);
  shared = builder.last;
  test_graph_add_conv (&builder, "second", 2, second, NULL);
  test_graph_add (&builder, FETTLE_OPCODE_ADD, "add", 4, shape, &shared, 1);
  graph = test_graph_finish (&builder);
  tuned = tune (graph, NULL, BY_WEIGHTS);
  g_assert_true (g_bytes_equal (test_find_tensor (graph, "first/weights")->data,
                                test_find_tensor (tuned->graph, "first/weights")->data));
}

/* Channels that are all zero on one side have no range to balance. */
static void
test_dead_channels (void)
{
  const float first[] = { 1.0f, 0.0f, 3.0f }, bias[] = { 0.0f, 1.0f, 2.0f };
  const float second[] = { 0.5f, 2.0f, 0.0f };
  TestGraph builder = test_graph_new (2, 2, 1);
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (FettleProject) tuned = NULL;
  g_autoptr (FettleSamples) samples = NULL;

  test_graph_add_conv (&builder, "first", 3, first, bias);
  test_graph_add_conv (&builder, "second", 1, second, NULL);
  graph = test_graph_finish (&builder);
  samples = test_samples_new_noise (graph, 4, -1.0f, 1.0f);
  tuned = tune (graph, samples, BY_WEIGHTS);
  assert_same_function (graph, tuned->graph, samples);
  g_assert_cmpfloat (get_floats (tuned->graph, "first/bias")[1], ==, 1.0f);
  g_assert_cmpfloat (get_floats (tuned->graph, "first/weights")[2], ==, 3.0f);
}

/* Values that are others than in the source have no error beside it, the output has one; beside the
 * equalized float graph that the project keeps, every layer has one. */
static void
test_quantization_error (void)
{
  g_autoptr (FettleGraph) graph = make_chain (FETTLE_ACTIVATION_RELU);
  g_autoptr (FettleSamples) samples = test_samples_new_noise (graph, 8, -2.0f, 2.0f);
  g_autoptr (FettleProject) tuned =
      tune (graph, samples,
            "[{\"step\":\"equalize\"},{\"step\":\"calibrate\"},"
            "{\"step\":\"quantize\"}]");
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) beside_source =
      fettle_quantization_error (graph, tuned->graph, samples, 8, NULL, &error);
  g_autoptr (GArray) beside_reference = fettle_quantization_error (
      fettle_project_get_reference (tuned), tuned->graph, samples, 8, NULL, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < beside_source->len; i++)
    {
      const FettleLayerError *layer =
          &g_array_index (beside_reference, FettleLayerError, i);

      g_assert_cmpint (g_array_index (beside_source, FettleLayerError, i).is_known, ==,
                       i == beside_source->len - 1);
      g_assert_true (layer->is_known);
      g_assert_cmpfloat (layer->sqnr_db, >, 25.0);
    }
}

/* Pairs that are balanced well enough stay as they were, to the bit. */
static void
test_spread (void)
{
  g_autoptr (FettleGraph) graph = make_chain (FETTLE_ACTIVATION_RELU);
  g_autoptr (FettleSamples) samples = test_samples_new_noise (graph, 4, -2.0f, 2.0f);
  g_autoptr (FettleProject) left =
      tune (graph, samples, "[{\"step\":\"equalize\",\"spread\":1e6}]");
  g_autoptr (FettleProject) balanced =
      tune (graph, samples, "[{\"step\":\"equalize\",\"spread\":3}]");
  gint32 weights = fettle_operator_get_input (fettle_graph_get_operator (graph, 0), 1);
  const FettleTensor *before = fettle_graph_get_tensor (graph, (guint)weights);

  g_assert_true (
      g_bytes_equal (before->data, test_find_tensor (left->graph, before->name)->data));
  g_assert_false (g_bytes_equal (before->data,
                                 test_find_tensor (balanced->graph, before->name)->data));
}

static void
test_deterministic (void)
{
  g_autoptr (FettleGraph) graph = make_chain (FETTLE_ACTIVATION_RELU);
  g_autoptr (FettleSamples) samples = test_samples_new_noise (graph, 9, -2.0f, 2.0f);
  g_autoptr (GBytes) expected = NULL;
  static const char *const threads[] = { "1", "2", "7" };

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_autoptr (FettleProject) tuned = NULL;
      g_autoptr (GBytes) bytes = NULL;

      g_setenv ("FETTLE_THREADS", threads[i], TRUE);
      tuned = tune (graph, samples, BY_ACTIVATIONS);
      bytes = fettle_project_serialize (tuned);
      if (expected == NULL)
        expected = g_bytes_ref (bytes);
      g_assert_true (g_bytes_equal (bytes, expected));
    }
  g_unsetenv ("FETTLE_THREADS");
}

/* Without data the weights stand in for the activations. */
static void
test_no_data (void)
{
  g_autoptr (FettleGraph) graph = make_chain (FETTLE_ACTIVATION_RELU);
  g_autoptr (FettleProject) blind = tune (graph, NULL, BY_ACTIVATIONS);
  g_autoptr (FettleProject) by_weights = tune (graph, NULL, BY_WEIGHTS);

  g_assert_cmpuint (fettle_graph_get_n_tensors (blind->graph), ==,
                    fettle_graph_get_n_tensors (by_weights->graph));
  for (guint i = 0; i < fettle_graph_get_n_tensors (blind->graph); i++)
    {
      const FettleTensor *tensor = fettle_graph_get_tensor (blind->graph, i);

      if (tensor->data != NULL)
        g_assert_true (g_bytes_equal (
            tensor->data, fettle_graph_get_tensor (by_weights->graph, i)->data));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/tuner/equalize/function-by-weights", BY_WEIGHTS, test_function);
  g_test_add_data_func ("/tuner/equalize/function-by-activations", BY_ACTIVATIONS,
                        test_function);
  g_test_add_func ("/tuner/equalize/pair", test_pair);
  g_test_add_func ("/tuner/equalize/triple", test_triple);
  g_test_add_func ("/tuner/equalize/activations", test_activations);
  g_test_add_func ("/tuner/equalize/relu6", test_relu6);
  g_test_add_data_func ("/tuner/equalize/relaxed-relu6-by-weights", BY_WEIGHTS,
                        test_relaxed_relu6);
  g_test_add_data_func ("/tuner/equalize/relaxed-relu6-by-activations", BY_ACTIVATIONS,
                        test_relaxed_relu6);
  g_test_add_data_func ("/tuner/equalize/kept-relu6",
                        "[{\"step\":\"equalize\",\"relu6\":\"keep\"}]",
                        test_relaxed_relu6);
  g_test_add_func ("/tuner/equalize/second-reader", test_second_reader);
  g_test_add_func ("/tuner/equalize/dead-channels", test_dead_channels);
  g_test_add_func ("/tuner/equalize/quantization-error", test_quantization_error);
  g_test_add_func ("/tuner/equalize/deterministic", test_deterministic);
  g_test_add_func ("/tuner/equalize/spread", test_spread);
  g_test_add_func ("/tuner/equalize/no-data", test_no_data);
  return g_test_run ();
}
