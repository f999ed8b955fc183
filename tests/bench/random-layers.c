/* SPDX-License-Identifier: GPL-3.0-or-later */
/* random-layers.c: a model of independent layers of int8 with random shapes, among them all that packing finds
 * awkward: 1, 3, 5 and 17 channels, one cell, stride 3, dilation 2.
 *
 *   random-layers OUT.fettle SEED COUNT
 *
 * COUNT layers of each operator; their names say their shapes. */
#include "model/project-file.h"

#include <stdlib.h>

static FettleGraph *graph;
static GRand *generator;
static GArray *inputs, *outputs; /* gint32 tensors of the graph */

static gint32
pick (const gint32 *from, gint32 count)
{
  return from[g_rand_int_range (generator, 0, count)];
}
#define PICK(...)                                                                        \
  pick ((const gint32[]){ __VA_ARGS__ },                                                 \
        sizeof ((const gint32[]){ __VA_ARGS__ }) / sizeof (gint32))

static gint32
pick_depth (void)
{
  return PICK (1, 3, 5, 17, 4, 8, 16, 24, 33);
}

static gint32
add_tensor (const char *name, FettleType type, guint rank, const gint32 *shape,
            guint n_scales, guint axis)
{
  guint index = fettle_graph_add_tensor (graph, name, type, rank, shape);
  g_autofree float *scales = g_new (float, n_scales);
  g_autofree gint32 *zero_points = g_new0 (gint32, n_scales);

  for (guint i = 0; i < n_scales; i++)
    scales[i] = n_scales > 1 ? 0.01f : 1.0f;
  if (type == FETTLE_TYPE_INT8)
    fettle_tensor_set_quantization (fettle_graph_get_tensor (graph, index), n_scales,
                                    axis, scales, zero_points);
  return (gint32)index;
}

static gint32
add_constant (const char *name, FettleType type, guint rank, const gint32 *shape,
              guint n_scales, guint axis)
{
  gint32 index = add_tensor (name, type, rank, shape, n_scales, axis);
  FettleTensor *tensor = fettle_graph_get_tensor (graph, (guint)index);
  gsize size = fettle_tensor_get_size (tensor);
  gint8 *bytes = g_malloc (size);

  for (gsize i = 0; i < size; i++)
    bytes[i] =
        type == FETTLE_TYPE_INT8 ? (gint8)g_rand_int_range (generator, -127, 128) : 0;
  tensor->data = g_bytes_new_take (bytes, size);
  return index;
}

/* OPERANDS, of which the first N_INPUTS are given from outside, make a tensor of SHAPE. */
static void
add_layer (FettleOpcode opcode, const char *name, gint32 *operands, guint n_operands,
           guint n_inputs, guint rank, const gint32 *shape, const FettleOptions *options)
{
  gint32 output = add_tensor ("out", FETTLE_TYPE_INT8, rank, shape, 1, 0);
  guint index = fettle_graph_get_n_operators (graph);
  /* Names of layers are unique. */
  g_autofree char *full_name = g_strdup_printf ("%u: %s", index, name);

  fettle_graph_add_operator (graph, opcode, full_name, operands, n_operands, &output, 1);
  fettle_graph_get_operator (graph, index)->options = *options;
  g_array_append_vals (inputs, operands, n_inputs);
  g_array_append_val (outputs, output);
}

static gint32
count_positions (gint32 cells, gint32 taps, gint32 stride, gint32 dilation, gboolean same)
{
  return same ? (cells + stride - 1) / stride
              : (cells - (taps - 1) * dilation - 1) / stride + 1;
}

/* A window of some size on an input of SHAPE, and the positions in OUTPUT. */
static FettleOptions
pick_window (const gint32 *taps, const gint32 *shape, gint32 *output, gint32 dilation)
{
  FettleOptions options = { .stride_height = PICK (1, 1, 2, 3),
                            .dilation_height = dilation,
                            .dilation_width = dilation };
  gboolean same = shape[1] <= (taps[0] - 1) * dilation
                  || shape[2] <= (taps[1] - 1) * dilation || g_rand_boolean (generator);

  options.padding = same ? FETTLE_PADDING_SAME : FETTLE_PADDING_VALID;
  options.stride_width = options.stride_height;
  output[0] = 1;
  output[1] = count_positions (shape[1], taps[0], options.stride_height, dilation, same);
  output[2] = count_positions (shape[2], taps[1], options.stride_width, dilation, same);
  return options;
}

static void
add_convolution (gboolean is_depthwise)
{
  gint32 input[4] = { 1, PICK (1, 3, 6, 9), PICK (1, 3, 6, 9), pick_depth () };
  gint32 depth = is_depthwise ? input[3] : pick_depth (), output[4];
  gint32 taps[2] = { PICK (1, 3, 3, 5), 0 };
  gint32 dilation = PICK (1, 1, 2);
  FettleOptions options;
  gint32 operands[3];

  taps[1] = PICK (1, taps[0], taps[0]);
  options = pick_window (taps, input, output, dilation);
  options.depth_multiplier = is_depthwise ? 1 : 0;
  output[3] = depth;
  {
    gint32 weights[4] = { is_depthwise ? 1 : depth, taps[0], taps[1], input[3] };
    g_autofree char *name =
        g_strdup_printf ("%dx%dx%d to %dx%dx%d, %dx%d, stride %d, dilation %d", input[1],
                         input[2], input[3], output[1], output[2], output[3], taps[0],
                         taps[1], options.stride_height, dilation);

    operands[0] = add_tensor ("in", FETTLE_TYPE_INT8, 4, input, 1, 0);
    operands[1] = add_constant ("weights", FETTLE_TYPE_INT8, 4, weights, (guint)depth,
                                is_depthwise ? 3 : 0);
    operands[2] = add_constant ("bias", FETTLE_TYPE_INT32, 1, &depth, 1, 0);
    add_layer (is_depthwise ? FETTLE_OPCODE_DEPTHWISE_CONV_2D : FETTLE_OPCODE_CONV_2D,
               name, operands, 3, 1, 4, output, &options);
  }
}

static void
add_fully_connected (void)
{
  gint32 input[2] = { PICK (1, 1, 2), PICK (1, 3, 5, 17, 64, 100) };
  gint32 output[2] = { input[0], PICK (1, 2, 3, 5, 17, 32) };
  gint32 weights[2] = { output[1], input[1] };
  FettleOptions options = { 0 };
  g_autofree char *name = g_strdup_printf ("%dx%d to %d", input[0], input[1], output[1]);
  gint32 operands[3] = {
    add_tensor ("in", FETTLE_TYPE_INT8, 2, input, 1, 0),
    add_constant ("weights", FETTLE_TYPE_INT8, 2, weights, 1, 0),
    add_constant ("bias", FETTLE_TYPE_INT32, 1, &output[1], 1, 0),
  };
  float scale = 0.01f;
  gint32 zero_point = 0;

  fettle_tensor_set_quantization (fettle_graph_get_tensor (graph, (guint)operands[1]), 1,
                                  0, &scale, &zero_point);
  add_layer (FETTLE_OPCODE_FULLY_CONNECTED, name, operands, 3, 1, 2, output, &options);
}

static void
add_sum (void)
{
  gint32 shape[4] = { 1, PICK (1, 2, 5), PICK (1, 3, 4), pick_depth () };
  FettleOptions options = { 0 };
  g_autofree char *name = g_strdup_printf ("%dx%dx%d", shape[1], shape[2], shape[3]);
  gint32 operands[2] = { add_tensor ("a", FETTLE_TYPE_INT8, 4, shape, 1, 0),
                         add_tensor ("b", FETTLE_TYPE_INT8, 4, shape, 1, 0) };

  add_layer (FETTLE_OPCODE_ADD, name, operands, 2, 2, 4, shape, &options);
}

static void
add_pool (void)
{
  gint32 input[4] = { 1, PICK (2, 3, 6, 9), PICK (2, 3, 6, 9), pick_depth () }, output[4];
  gint32 taps[2] = { PICK (2, input[1]), 2 };
  FettleOptions options;
  gint32 operand;
  g_autofree char *name = NULL;

  taps[1] = MIN (taps[0], input[2]);
  options = pick_window (taps, input, output, 1);
  options.filter_height = taps[0];
  options.filter_width = taps[1];
  output[3] = input[3];
  name = g_strdup_printf ("%dx%dx%d to %dx%d, %dx%d, stride %d", input[1], input[2],
                          input[3], output[1], output[2], taps[0], taps[1],
                          options.stride_height);
  operand = add_tensor ("in", FETTLE_TYPE_INT8, 4, input, 1, 0);
  add_layer (FETTLE_OPCODE_AVERAGE_POOL_2D, name, &operand, 1, 1, 4, output, &options);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleProject) project = NULL;
  int count;

  if (argc != 4)
    {
      g_printerr ("Usage: random-layers OUT.fettle SEED COUNT\n");
      return 2;
    }
  generator = g_rand_new_with_seed ((guint32)atoi (argv[2]));
  graph = fettle_graph_new ();
  inputs = g_array_new (FALSE, FALSE, sizeof (gint32));
  outputs = g_array_new (FALSE, FALSE, sizeof (gint32));
  count = atoi (argv[3]);
  for (int i = 0; i < count; i++)
    {
      add_convolution (FALSE);
      add_convolution (TRUE);
      add_fully_connected ();
      add_sum ();
      add_pool ();
    }
  fettle_graph_set_inputs (graph, (const gint32 *)(gpointer)inputs->data, inputs->len);
  fettle_graph_set_outputs (graph, (const gint32 *)(gpointer)outputs->data, outputs->len);
  project = fettle_project_new (graph);
  g_array_unref (inputs);
  g_array_unref (outputs);
  g_rand_free (generator);
  if (!fettle_project_save (project, argv[1], &error))
    {
      g_printerr ("random-layers: %s\n", error->message);
      return 1;
    }
  return 0;
}
