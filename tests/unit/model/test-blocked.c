/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-blocked.c: random layers, in blocks for the desktop and packed for Helium, against the same layers
 * lowered portably.
 *
 * Built twice: with AVX2, and with nothing but the plain twins. FETTLE_PROPERTY_CASES sets the number of
 * cases per operator. */
#include "one-layer.h"
#include "../runtime/random.h"
#include "runtime/frt_format.h"

#include <string.h>

#define DEFAULT_CASES 4000

typedef enum
{
  FLOAT,
  INT8,
  INT4_WEIGHTS,
} Kind;

static gint64 n_helium;

static void
fill (guint8 *bytes, gsize n, gboolean is_float)
{
  if (is_float)
    for (gsize i = 0; i < n / sizeof (float); i++)
      ((float *)(gpointer)bytes)[i] =
          random_once_in (20) ? -0.0f : one_layer_random_scale (-3.0, 3.0);
  else
    for (gsize i = 0; i < n; i++)
      bytes[i] = (guint8)(random_once_in (8) ? (random_once_in (2) ? 128 : 127)
                                             : random_between (0, 255));
}

static gint32
add_activation (FettleGraph *graph, const char *name, Kind kind, guint rank,
                const gint32 *shape, float scale)
{
  guint index = fettle_graph_add_tensor (
      graph, name, kind == FLOAT ? FETTLE_TYPE_FLOAT32 : FETTLE_TYPE_INT8, rank, shape);
  gint32 zero_point =
      random_once_in (4) ? (random_once_in (2) ? -128 : 127) : random_between (-128, 127);

  if (kind != FLOAT)
    fettle_tensor_set_quantization (fettle_graph_get_tensor (graph, index), 1, 0, &scale,
                                    &zero_point);
  return (gint32)index;
}

static gint32
add_constant (FettleGraph *graph, const char *name, FettleType type, guint rank,
              const gint32 *shape)
{
  guint index = fettle_graph_add_tensor (graph, name, type, rank, shape);
  FettleTensor *tensor = fettle_graph_get_tensor (graph, index);
  gsize size = fettle_tensor_get_size (tensor);
  guint8 *bytes = g_malloc (size);

  fill (bytes, size, type == FETTLE_TYPE_FLOAT32);
  /* Converters make no weights of -128, and not every kernel takes them. */
  if (type == FETTLE_TYPE_INT8 && !random_once_in (5))
    for (gsize i = 0; i < size; i++)
      bytes[i] = bytes[i] == 128 ? 129 : bytes[i];
  /* Most biases are of the size of sums. */
  if (type == FETTLE_TYPE_INT32 && !random_once_in (8))
    for (gsize i = 0; i < size / sizeof (gint32); i++)
      ((gint32 *)(gpointer)bytes)[i] /= 1 << 14;
  tensor->data = g_bytes_new_take (bytes, size);
  return (gint32)index;
}

static gint32
add_weights (FettleGraph *graph, Kind kind, guint rank, const gint32 *shape, guint axis)
{
  static const FettleType types[] = { FETTLE_TYPE_FLOAT32, FETTLE_TYPE_INT8,
                                      FETTLE_TYPE_INT4 };
  gint32 index = add_constant (graph, "weights", types[kind], rank, shape);
  guint n = rank == 2 && random_once_in (2) ? 1 : (guint)shape[axis];
  g_autofree float *scales = g_new (float, n);
  g_autofree gint32 *zero_points = g_new0 (gint32, n);
  gboolean has_large = random_once_in (4);

  for (guint i = 0; i < n; i++)
    scales[i] = has_large && random_once_in (8) ? 1.5f
                                                : one_layer_random_scale (0.0002, 0.02);
  if (n == 1 && rank == 2)
    zero_points[0] = kind == INT8 && random_once_in (3) ? random_between (-128, 127) : 0;
  if (kind != FLOAT)
    fettle_tensor_set_quantization (fettle_graph_get_tensor (graph, (guint)index), n,
                                    axis, scales, zero_points);
  return index;
}

static FettleGraph *
make_graph (FettleOpcode opcode, Kind kind, guint rank, const gint32 *input,
            const gint32 *output, const gint32 *weights, guint axis,
            const FettleOptions *options)
{
  FettleGraph *graph = fettle_graph_new ();
  gint32 operands[3], result;
  guint n_operands = 2;

  operands[0] = add_activation (graph, "in", kind, rank, input, 1.0f);
  operands[1] = add_weights (graph, kind, rank, weights, axis);
  if (!random_once_in (4))
    operands[n_operands++] = add_constant (
        graph, "bias", kind == FLOAT ? FETTLE_TYPE_FLOAT32 : FETTLE_TYPE_INT32, 1,
        &output[rank - 1]);
  result = add_activation (graph, "out", kind, rank, output,
                           random_once_in (2) ? 0.5f : (float)random_between (1, 20));
  fettle_graph_add_operator (graph, opcode, "layer", operands, n_operands, &result, 1);
  fettle_graph_get_operator (graph, 0)->options = *options;
  fettle_graph_set_inputs (graph, &operands[0], 1);
  fettle_graph_set_outputs (graph, &result, 1);
  return graph;
}

/* Returns whether the layer was lowered in blocks. Those of int8 are also compared with the plain twins of
 * Helium's kernels. */
static gboolean
compare (FettleGraph *graph, Kind kind)
{
  static guint64 storage[1 << 14];
  guint8 *x = (guint8 *)storage;
  guint16 portable, blocked, helium;
  g_autoptr (GBytes) expected = NULL;
  g_autoptr (GBytes) got = NULL;
  gsize size;

  size = fettle_tensor_get_size (
      fettle_graph_get_tensor (graph, fettle_graph_get_input (graph, 0)));
  g_assert_cmpuint (size, <=, sizeof storage);
  fill (x, size, kind == FLOAT);
  expected = one_layer_run (graph, FETTLE_TARGET_PORTABLE, x, &portable);
  got = one_layer_run (graph, FETTLE_TARGET_DESKTOP, x, &blocked);
  g_assert_true (g_bytes_equal (got, expected));
  g_assert_cmpuint (portable, <, FRT_KERNEL_CONV2D_S8_PACKED);
  if (kind == INT8)
    {
      g_autoptr (GBytes) twin =
          one_layer_run (graph, FETTLE_TARGET_CORTEX_M55, x, &helium);

      g_assert_true (g_bytes_equal (twin, expected));
      n_helium +=
          helium >= FRT_KERNEL_CONV2D_S8_HELIUM && helium < FRT_KERNEL_CONV2D_S8_BLOCKED;
    }
  return blocked >= FRT_KERNEL_CONV2D_S8_BLOCKED;
}

static gboolean
try_convolution (FettleOpcode opcode, Kind kind)
{
  FettleOptions options = {
    .activation = (FettleActivation)random_between (0, 3),
    .stride_height = random_between (1, 3),
    .stride_width = random_between (1, 3),
    .dilation_height = random_once_in (4) ? random_between (1, 3) : 1,
    .dilation_width = random_once_in (4) ? random_between (1, 3) : 1,
  };
  gboolean is_depthwise = opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D;
  gint32 height = random_between (1, 4), width = random_between (1, 4);
  gint32 depth = random_once_in (3) ? 16 * random_between (1, 2) : random_between (1, 40);
  gint32 outputs = random_between (1, 40);
  gint32 input[4] = { random_between (1, 2),
                      (height - 1) * options.dilation_height + random_between (1, 5),
                      (width - 1) * options.dilation_width + random_between (1, 5),
                      depth };
  gint32 output[4] = { input[0], 0, 0, outputs };
  gint32 weights[4] = { outputs, height, width, depth };
  g_autoptr (FettleGraph) graph = NULL;

  one_layer_pick_padding (&options, height, width, input, output);
  if (is_depthwise)
    {
      options.depth_multiplier = random_once_in (8) ? 2 : 1;
      weights[0] = 1;
      weights[3] = output[3] = depth * options.depth_multiplier;
    }
  graph = make_graph (opcode, kind, 4, input, output, weights, is_depthwise ? 3 : 0,
                      &options);
  return compare (graph, kind);
}

static gboolean
try_fully_connected (Kind kind)
{
  FettleOptions options = { .activation = (FettleActivation)random_between (0, 3) };
  gint32 rows = random_once_in (2) ? random_between (2, 9) : 1;
  gint32 depth = random_between (1, 90), outputs = random_between (1, 40);
  gint32 input[2] = { rows, depth }, output[2] = { rows, outputs };
  gint32 weights[2] = { outputs, depth };
  g_autoptr (FettleGraph) graph = make_graph (FETTLE_OPCODE_FULLY_CONNECTED, kind, 2,
                                              input, output, weights, 0, &options);

  return compare (graph, kind);
}

/* Fails if fewer than half of the layers were in blocks, or half of those of int8 packed for Helium:
 * then little would be tested. */
static void
test_operator (gconstpointer data)
{
  FettleOpcode opcode = (FettleOpcode)GPOINTER_TO_UINT (data);
  gint64 n_cases = property_cases (DEFAULT_CASES);
  gint64 n_blocked = 0;

  n_helium = 0;

  for (gint64 i = 0; i < n_cases; i++)
    {
      Kind kind = (Kind)(i % 3);

      n_blocked += opcode == FETTLE_OPCODE_FULLY_CONNECTED
                       ? try_fully_connected (kind)
                       : try_convolution (opcode, kind);
    }
  g_test_message ("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " layers in blocks",
                  n_blocked, n_cases);
  g_test_message ("%" G_GINT64_FORMAT " packed for Helium", n_helium);
  g_assert_cmpint (2 * n_blocked, >, n_cases);
  g_assert_cmpint (6 * n_helium, >, n_cases);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  random_seed (20261122);
  g_test_add_data_func ("/model/blocked/conv-2d",
                        GUINT_TO_POINTER (FETTLE_OPCODE_CONV_2D), test_operator);
  g_test_add_data_func ("/model/blocked/depthwise-conv-2d",
                        GUINT_TO_POINTER (FETTLE_OPCODE_DEPTHWISE_CONV_2D),
                        test_operator);
  g_test_add_data_func ("/model/blocked/fully-connected",
                        GUINT_TO_POINTER (FETTLE_OPCODE_FULLY_CONNECTED), test_operator);
  return g_test_run ();
}
