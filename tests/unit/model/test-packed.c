/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-packed.c: random layers, packed for ARMv7E-M, against the same layers lowered portably.
 *
 * FETTLE_PROPERTY_CASES sets the number of cases per operator. */
#include "one-layer.h"
#include "../runtime/random.h"
#include "runtime/frt_format.h"

#include <string.h>

#define DEFAULT_CASES 4000

static gint32
volume (guint rank, const gint32 *shape)
{
  gint32 product = 1;

  for (guint i = 0; i < rank; i++)
    product *= shape[i];
  return product;
}

static void
fill_s8 (gint8 *values, gsize n)
{
  gboolean is_extreme = random_once_in (5);
  /* Two neighbours of -128 and a negative number cannot be packed. */
  gint lowest = random_once_in (10) ? -128 : -127;

  for (gsize i = 0; i < n; i++)
    values[i] = (gint8)(is_extreme ? (random_once_in (2) ? lowest : 127)
                                   : random_between (lowest, 127));
}

static gint32
add_activation (FettleGraph *graph, const char *name, guint rank, const gint32 *shape,
                float scale)
{
  guint index = fettle_graph_add_tensor (graph, name, FETTLE_TYPE_INT8, rank, shape);
  gint32 zero_point =
      random_once_in (4) ? (random_once_in (2) ? -128 : 127) : random_between (-128, 127);

  fettle_tensor_set_quantization (fettle_graph_get_tensor (graph, index), 1, 0, &scale,
                                  &zero_point);
  return (gint32)index;
}

/* Scales per channel along AXIS; some of them those of dead channels. */
static gint32
add_weights (FettleGraph *graph, guint rank, const gint32 *shape, guint axis)
{
  guint index = fettle_graph_add_tensor (graph, "weights", FETTLE_TYPE_INT8, rank, shape);
  FettleTensor *tensor = fettle_graph_get_tensor (graph, index);
  gsize size = (gsize)volume (rank, shape);
  gint8 *values = g_malloc (size);
  guint n_channels = (guint)shape[axis];
  g_autofree float *scales = g_new (float, n_channels);
  g_autofree gint32 *zero_points = g_new0 (gint32, n_channels);
  gboolean has_coarse_channels = random_once_in (10);

  fill_s8 (values, size);
  for (guint i = 0; i < n_channels; i++)
    {
      scales[i] = one_layer_random_scale (0.0005, 0.02);
      if (random_once_in (4))
        scales[i] = 1.0f / (float)(1 << random_between (5, 11));
      if (random_once_in (30))
        scales[i] = 1e-9f;
      if (has_coarse_channels && random_once_in (3))
        scales[i] = 1.5f;
    }
  tensor->data = g_bytes_new_take (values, size);
  fettle_tensor_set_quantization (tensor, n_channels, axis, scales, zero_points);
  return (gint32)index;
}

static gint32
add_bias (FettleGraph *graph, gint32 n_channels)
{
  guint index =
      fettle_graph_add_tensor (graph, "bias", FETTLE_TYPE_INT32, 1, &n_channels);
  gint32 *values = g_new (gint32, n_channels);

  for (gint32 i = 0; i < n_channels; i++)
    values[i] =
        random_once_in (50) ? (gint32)random_bits () / 2 : random_between (-30000, 30000);
  fettle_graph_get_tensor (graph, index)->data =
      g_bytes_new_take (values, (gsize)n_channels * sizeof *values);
  return (gint32)index;
}

static FettleGraph *
make_graph (FettleOpcode opcode, guint rank, const gint32 *input, const gint32 *output,
            guint weights_rank, const gint32 *weights, guint axis,
            const FettleOptions *options)
{
  FettleGraph *graph = fettle_graph_new ();
  gint32 operands[3], result;
  guint n_operands = 2;

  operands[0] = add_activation (graph, "in", rank, input, 1.0f);
  operands[1] = add_weights (graph, weights_rank, weights, axis);
  if (!random_once_in (5))
    operands[n_operands++] = add_bias (graph, output[rank - 1]);
  result = add_activation (graph, "out", rank, output, 1.0f);
  fettle_graph_add_operator (graph, opcode, "layer", operands, n_operands, &result, 1);
  fettle_graph_get_operator (graph, 0)->options = *options;
  fettle_graph_set_inputs (graph, &operands[0], 1);
  fettle_graph_set_outputs (graph, &result, 1);
  return graph;
}

/* Returns whether the layer was packed. */
static gboolean
compare (FettleGraph *graph)
{
  static gint8 x[1 << 16];
  g_autoptr (GBytes) expected = NULL;
  g_autoptr (GBytes) packed = NULL;
  guint16 portable_kernel, kernel;

  fill_s8 (x, sizeof x);
  expected = one_layer_run (graph, FETTLE_TARGET_PORTABLE, x, &portable_kernel);
  packed = one_layer_run (graph, FETTLE_TARGET_CORTEX_M4, x, &kernel);
  g_assert_true (g_bytes_equal (packed, expected));
  g_assert_cmpuint (portable_kernel, <, FRT_KERNEL_CONV2D_S8_PACKED);
  return kernel >= FRT_KERNEL_CONV2D_S8_PACKED;
}

static gboolean
try_convolution (FettleOpcode opcode)
{
  static const gint32 taps[] = { 1, 1, 3, 3, 2, 4 };
  FettleOptions options = {
    .activation = (FettleActivation)(random_once_in (3) ? random_between (0, 3)
                                                        : FETTLE_ACTIVATION_NONE),
    .stride_height = random_between (1, 3),
    .stride_width = random_between (1, 3),
    .dilation_height = random_once_in (5) ? random_between (1, 3) : 1,
    .dilation_width = random_once_in (5) ? random_between (1, 3) : 1,
  };
  gint32 height = taps[random_between (0, 5)],
         width = random_once_in (3) ? taps[random_between (0, 5)] : height;
  gint32 depth = random_once_in (2) ? 4 * random_between (1, 4) : random_between (1, 11);
  gint32 outputs =
      random_once_in (2) ? 4 * random_between (1, 4) : random_between (1, 11);
  gint32 input[4] = { random_between (1, 2),
                      (height - 1) * options.dilation_height + random_between (1, 4),
                      (width - 1) * options.dilation_width + random_between (1, 4),
                      depth };
  gint32 output[4] = { input[0], 0, 0, outputs };
  gint32 groups = random_once_in (4) ? random_between (1, 6) : 1;
  gint32 weights[4] = { outputs, height, width, depth };
  g_autoptr (FettleGraph) graph = NULL;

  one_layer_pick_padding (&options, height, width, input, output);
  if (opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D)
    {
      options.depth_multiplier = depth < 4            ? random_between (1, 9)
                                 : random_once_in (5) ? 2
                                                      : 1;
      weights[0] = 1;
      weights[3] = output[3] = depth * options.depth_multiplier;
    }
  else if (depth % groups == 0 && outputs % groups == 0)
    weights[3] = depth / groups;
  graph = make_graph (opcode, 4, input, output, 4, weights,
                      opcode == FETTLE_OPCODE_CONV_2D ? 0 : 3, &options);
  return compare (graph);
}

static gboolean
try_fully_connected (void)
{
  FettleOptions options = { .activation = (FettleActivation)random_between (0, 3) };
  gint32 rows = random_once_in (3) ? random_between (2, 5) : 1;
  gint32 depth = random_once_in (40) ? random_between (500, 900) : random_between (1, 70);
  gint32 outputs = random_between (1, 30);
  gint32 input[2] = { rows, depth }, output[2] = { rows, outputs };
  gint32 weights[2] = { outputs, depth };
  g_autoptr (FettleGraph) graph = make_graph (FETTLE_OPCODE_FULLY_CONNECTED, 2, input,
                                              output, 2, weights, 0, &options);

  return compare (graph);
}

/* Scales whose quotients are powers of two give ties. */
static float
random_scale (void)
{
  return random_once_in (2) ? 1.0f / (float)(1 << random_between (0, 8))
                            : one_layer_random_scale (0.001, 1);
}

static gboolean
try_add (void)
{
  gint32 shape[] = { random_between (1, 2), random_between (1, 5),
                     random_between (1, 40) };
  g_autoptr (FettleGraph) graph = fettle_graph_new ();
  float scale = random_scale ();
  gint32 operands[2], output;

  operands[0] = add_activation (graph, "a", 3, shape, scale);
  operands[1] =
      add_activation (graph, "b", 3, shape, random_once_in (3) ? scale : random_scale ());
  output = add_activation (graph, "out", 3, shape, random_scale ());
  fettle_graph_add_operator (graph, FETTLE_OPCODE_ADD, "layer", operands, 2, &output, 1);
  fettle_graph_get_operator (graph, 0)->options.activation =
      (FettleActivation)random_between (0, 3);
  fettle_graph_set_inputs (graph, operands, 2);
  fettle_graph_set_outputs (graph, &output, 1);
  return compare (graph);
}

static gboolean
try_average_pool (void)
{
  FettleOptions options = {
    .activation = (FettleActivation)random_between (0, 3),
    .padding = random_once_in (2) ? FETTLE_PADDING_SAME : FETTLE_PADDING_VALID,
    .stride_height = random_between (1, 3),
    .stride_width = random_between (1, 3),
    .filter_height = random_once_in (5) ? 20 : random_between (1, 4),
    .filter_width = random_between (1, 13),
  };
  gint32 depth = random_between (1, 18);
  gint32 input[] = { random_between (1, 2), options.filter_height + random_between (0, 3),
                     options.filter_width + random_between (0, 3), depth };
  gint32 output[] = {
    input[0],
    one_layer_count_positions (input[1], options.filter_height, options.stride_height, 1,
                               options.padding),
    one_layer_count_positions (input[2], options.filter_width, options.stride_width, 1,
                               options.padding),
    depth,
  };
  g_autoptr (FettleGraph) graph = fettle_graph_new ();
  gint32 x = add_activation (graph, "in", 4, input, 1.0f);
  gint32 y = add_activation (graph, "out", 4, output, 1.0f);
  const FettleTensor *in = fettle_graph_get_tensor (graph, (guint)x);
  gint32 zero_point;

  fettle_tensor_get_scale (in, NULL, &zero_point);
  fettle_tensor_set_quantization (fettle_graph_get_tensor (graph, (guint)y), 1, 0,
                                  &(float){ 1.0f }, &zero_point);
  fettle_graph_add_operator (graph, FETTLE_OPCODE_AVERAGE_POOL_2D, "layer", &x, 1, &y, 1);
  fettle_graph_get_operator (graph, 0)->options = options;
  fettle_graph_set_inputs (graph, &x, 1);
  fettle_graph_set_outputs (graph, &y, 1);
  return compare (graph);
}

static gboolean
try_operator (FettleOpcode opcode)
{
  switch (opcode)
    {
    case FETTLE_OPCODE_ADD:
      return try_add ();
    case FETTLE_OPCODE_AVERAGE_POOL_2D:
      return try_average_pool ();
    case FETTLE_OPCODE_FULLY_CONNECTED:
      return try_fully_connected ();
    default:
      return try_convolution (opcode);
    }
}

/* Fails if fewer than a third of the layers were packed: then little would be tested. */
static void
test_operator (gconstpointer data)
{
  FettleOpcode opcode = (FettleOpcode)GPOINTER_TO_UINT (data);
  gint64 n_cases = property_cases (DEFAULT_CASES);
  gint64 n_packed = 0;

  for (gint64 i = 0; i < n_cases; i++)
    n_packed += try_operator (opcode);
  g_test_message ("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " layers packed", n_packed,
                  n_cases);
  g_assert_cmpint (3 * n_packed, >, n_cases);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  random_seed (20261121);
  g_test_add_data_func ("/model/packed/conv-2d", GUINT_TO_POINTER (FETTLE_OPCODE_CONV_2D),
                        test_operator);
  g_test_add_data_func ("/model/packed/depthwise-conv-2d",
                        GUINT_TO_POINTER (FETTLE_OPCODE_DEPTHWISE_CONV_2D),
                        test_operator);
  g_test_add_data_func ("/model/packed/fully-connected",
                        GUINT_TO_POINTER (FETTLE_OPCODE_FULLY_CONNECTED), test_operator);
  g_test_add_data_func ("/model/packed/add", GUINT_TO_POINTER (FETTLE_OPCODE_ADD),
                        test_operator);
  g_test_add_data_func ("/model/packed/average-pool-2d",
                        GUINT_TO_POINTER (FETTLE_OPCODE_AVERAGE_POOL_2D), test_operator);
  return g_test_run ();
}
