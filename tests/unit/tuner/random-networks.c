/* SPDX-License-Identifier: GPL-3.0-or-later */
/* random-networks.c: float networks as people train them, with random shapes and weights. */
#include "random-networks.h"
#include "graphs.h"
#include "model/window.h"

#include <math.h>
#include <string.h>

typedef struct
{
  TestGraph graph;
  GRand *random;
  guint n_layers; /* for names */
} Maker;

static gint32
pick (Maker *maker, gint32 least, gint32 most)
{
  return g_rand_int_range (maker->random, least, most + 1);
}

static gboolean
chance (Maker *maker, double probability)
{
  return g_rand_double (maker->random) < probability;
}

static const gint32 *
get_shape (Maker *maker)
{
  return fettle_graph_get_tensor (maker->graph.graph, (guint)maker->graph.last)->shape;
}

static char *
make_name (Maker *maker, const char *kind)
{
  return g_strdup_printf ("%s%u", kind, maker->n_layers++);
}

static double
draw_normal (Maker *maker)
{
  double sum = -6.0;

  for (guint i = 0; i < 12; i++)
    sum += g_rand_double (maker->random);
  return sum;
}

static FettleActivation
pick_activation (Maker *maker)
{
  static const FettleActivation activations[] = { FETTLE_ACTIVATION_NONE,
                                                  FETTLE_ACTIVATION_RELU,
                                                  FETTLE_ACTIVATION_RELU,
                                                  FETTLE_ACTIVATION_RELU6 };

  return activations[pick (maker, 0, 3)];
}

/* Normal weights that keep the size of activations, with a factor for each of N output channels; few are 0. */
static gint32
add_weights (Maker *maker, guint rank, const gint32 *shape, guint axis, gsize n_summed)
{
  gint32 n = shape[axis];
  g_autofree double *factors = g_new (double, (gsize)n);
  g_autofree float *values = NULL;
  gsize size = 1, inner = 1;

  for (guint i = 0; i < rank; i++)
    size *= (gsize)shape[i];
  for (guint i = axis + 1; i < rank; i++)
    inner *= (gsize)shape[i];
  for (gint32 c = 0; c < n; c++)
    factors[c] = chance (maker, 0.05) ? 0.0 : exp (0.7 * draw_normal (maker));
  values = g_new (float, size);
  for (gsize i = 0; i < size; i++)
    values[i] = (float)(draw_normal (maker) * factors[i / inner % (gsize)n]
                        * sqrt (1.5 / (double)n_summed));
  return test_graph_add_floats (&maker->graph, "weights", rank, shape, values);
}

static gint32
add_vector (Maker *maker, gint32 n, double mean, double deviation)
{
  g_autofree float *values = g_new (float, (gsize)n);

  for (gint32 i = 0; i < n; i++)
    values[i] = (float)(mean + deviation * draw_normal (maker));
  return test_graph_add_floats (&maker->graph, "vector", 1, &n, values);
}

static void
add_plain (Maker *maker, FettleOpcode opcode, const char *kind)
{
  g_autofree char *name = make_name (maker, kind);
  const gint32 *input = get_shape (maker);
  const gint32 shape[] = { 1, input[1], input[2], input[3] };
  FettleOperator *operator_ =
      test_graph_add (&maker->graph, opcode, name, 4, shape, NULL, 0);

  operator_->options.alpha = 0.1f;
}

static void
add_affine (Maker *maker, FettleOpcode opcode, const char *kind, double mean)
{
  g_autofree char *name = make_name (maker, kind);
  const gint32 *input = get_shape (maker);
  const gint32 shape[] = { 1, input[1], input[2], input[3] };
  gint32 extra = add_vector (maker, shape[3], mean, 0.3);

  test_graph_add (&maker->graph, opcode, name, 4, shape, &extra, 1);
}

static void
pick_padding (Maker *maker, FettleOptions *options, gint32 size)
{
  options->padding = (FettlePadding)pick (maker, 0, 2);
  if (options->padding != FETTLE_PADDING_EXPLICIT)
    return;
  options->padding_top = pick (maker, 0, size - 1);
  options->padding_bottom = pick (maker, 0, size - 1);
  options->padding_left = pick (maker, 0, size - 1);
  options->padding_right = pick (maker, 0, size - 1);
}

/* N_OUT: output channels; of a depthwise layer a multiple of the input's. KEEP: height and width stay. */
static void
add_conv (Maker *maker, gboolean is_depthwise, gint32 n_out, gboolean keep)
{
  g_autofree char *name = make_name (maker, is_depthwise ? "depthwise" : "conv");
  const gint32 *input = get_shape (maker);
  gint32 n_in = input[3];
  gint32 size =
      is_depthwise || chance (maker, 0.6) ? MIN (3, MIN (input[1], input[2])) : 1;
  const gint32 weights[] = { is_depthwise ? 1 : n_out, size, size,
                             is_depthwise ? n_out : n_in };
  gint32 shape[] = { 1, input[1], input[2], n_out }, extra[2] = { -1, -1 };
  FettleOptions options = { .padding = FETTLE_PADDING_SAME };
  FettleWindowAxis axis;

  options.stride_height = options.stride_width =
      !keep && input[1] > 3 && input[2] > 3 ? pick (maker, 1, 2) : 1;
  options.dilation_height = options.dilation_width = 1;
  options.depth_multiplier = is_depthwise ? n_out / n_in : 0;
  if (!keep)
    pick_padding (maker, &options, size);
  axis = fettle_window_rows (&options, size);
  g_assert_true (fettle_window_count (&axis, input[1], &shape[1], NULL));
  axis = fettle_window_columns (&options, size);
  g_assert_true (fettle_window_count (&axis, input[2], &shape[2], NULL));
  extra[0] = add_weights (maker, 4, weights, is_depthwise ? 3 : 0,
                          (gsize)(size * size * (is_depthwise ? 1 : n_in)));
  if (chance (maker, 0.8))
    extra[1] = add_vector (maker, n_out, 0.0, 0.3);
  if (chance (maker, 0.7))
    options.activation = pick_activation (maker);
  test_graph_add (&maker->graph,
                  is_depthwise ? FETTLE_OPCODE_DEPTHWISE_CONV_2D : FETTLE_OPCODE_CONV_2D,
                  name, 4, shape, extra, 2)
      ->options = options;
  if (chance (maker, 0.2))
    {
      add_affine (maker, FETTLE_OPCODE_MUL, "gamma", 1.0);
      add_affine (maker, FETTLE_OPCODE_ADD, "beta", 0.0);
    }
  if (options.activation == FETTLE_ACTIVATION_NONE && chance (maker, 0.5))
    add_plain (maker, FETTLE_OPCODE_RELU, "relu");
}

static void
add_residual (Maker *maker)
{
  gint32 skip = maker->graph.last;
  const gint32 *input = get_shape (maker);
  const gint32 shape[] = { 1, input[1], input[2], input[3] };
  g_autofree char *name = NULL;

  add_conv (maker, chance (maker, 0.3), shape[3], TRUE);
  if (chance (maker, 0.5))
    add_conv (maker, FALSE, shape[3], TRUE);
  name = make_name (maker, "add");
  test_graph_add (&maker->graph, FETTLE_OPCODE_ADD, name, 4, shape, &skip, 1)
      ->options.activation = pick_activation (maker);
}

static void
add_branches (Maker *maker)
{
  gint32 start = maker->graph.last, first;
  const gint32 *input = get_shape (maker);
  gint32 shape[] = { 1, input[1], input[2], 0 };
  g_autofree char *name = NULL;

  add_conv (maker, FALSE, pick (maker, 1, 8), TRUE);
  first = maker->graph.last;
  shape[3] = get_shape (maker)[3];
  maker->graph.last = start;
  add_conv (maker, FALSE, pick (maker, 1, 8), TRUE);
  shape[3] += get_shape (maker)[3];
  name = make_name (maker, "concatenation");
  test_graph_add (&maker->graph, FETTLE_OPCODE_CONCATENATION, name, 4, shape, &first, 1)
      ->options.axis = 3;
}

static void
add_pool (Maker *maker)
{
  g_autofree char *name = make_name (maker, "pool");
  const gint32 *input = get_shape (maker);
  const gint32 shape[] = { 1, input[1] / 2, input[2] / 2, input[3] };
  FettleOptions *options;

  if (input[1] < 2 || input[2] < 2)
    return;
  options = &test_graph_add (&maker->graph,
                             chance (maker, 0.5) ? FETTLE_OPCODE_MAX_POOL_2D
                                                 : FETTLE_OPCODE_AVERAGE_POOL_2D,
                             name, 4, shape, NULL, 0)
                 ->options;
  options->padding = FETTLE_PADDING_VALID;
  options->filter_height = options->filter_width = 2;
  options->stride_height = options->stride_width = 2;
}

static void
add_pad (Maker *maker)
{
  static const gint32 pairs[] = { 4, 2 };
  g_autofree char *name = make_name (maker, "pad");
  const gint32 *input = get_shape (maker);
  gint32 values[8] = { 0 }, shape[] = { 1, 0, 0, input[3] }, extra;
  FettleTensor *paddings;

  for (guint i = 2; i < 6; i++)
    values[i] = pick (maker, 0, 2);
  shape[1] = input[1] + values[2] + values[3];
  shape[2] = input[2] + values[4] + values[5];
  extra = test_graph_add_integers (&maker->graph, name, 8, values);
  paddings = fettle_graph_get_tensor (maker->graph.graph, (guint)extra);
  paddings->rank = 2;
  memcpy (paddings->shape, pairs, sizeof pairs);
  test_graph_add (&maker->graph, FETTLE_OPCODE_PAD, name, 4, shape, &extra, 1);
  add_conv (maker, FALSE, pick (maker, 1, 12), FALSE);
}

static void
add_function (Maker *maker)
{
  static const FettleOpcode opcodes[] = { FETTLE_OPCODE_LOGISTIC, FETTLE_OPCODE_TANH,
                                          FETTLE_OPCODE_HARD_SWISH, FETTLE_OPCODE_RELU6,
                                          FETTLE_OPCODE_LEAKY_RELU };

  add_plain (maker, opcodes[pick (maker, 0, G_N_ELEMENTS (opcodes) - 1)], "function");
}

static void
add_block (Maker *maker)
{
  gint32 n_in = get_shape (maker)[3];

  switch (pick (maker, 0, 7))
    {
    case 0:
      add_conv (maker, FALSE, pick (maker, 1, 20), FALSE);
      break;
    case 1:
    case 2:
      add_conv (maker, TRUE, n_in * (n_in < 5 ? pick (maker, 1, 3) : 1), FALSE);
      add_conv (maker, FALSE, pick (maker, 1, 20), TRUE);
      break;
    case 3:
    case 4:
      add_residual (maker);
      break;
    case 5:
      add_pool (maker);
      break;
    case 6:
      add_branches (maker);
      break;
    default:
      if (chance (maker, 0.5))
        add_pad (maker);
      else
        add_function (maker);
      break;
    }
}

static void
add_dense (Maker *maker, gint32 n_out, FettleActivation activation)
{
  g_autofree char *name = make_name (maker, "dense");
  gint32 n_in = (gint32)fettle_tensor_get_n_elements (
      fettle_graph_get_tensor (maker->graph.graph, (guint)maker->graph.last));
  const gint32 weights[] = { n_out, n_in }, shape[] = { 1, n_out };
  gint32 extra[2];

  extra[0] = add_weights (maker, 2, weights, 0, (gsize)n_in);
  extra[1] = add_vector (maker, n_out, 0.0, 0.3);
  test_graph_add (&maker->graph, FETTLE_OPCODE_FULLY_CONNECTED, name, 2, shape, extra, 2)
      ->options.activation = activation;
}

static void
add_head (Maker *maker)
{
  static const gint32 axes[] = { 1, 2 };
  const gint32 n_classes = pick (maker, 2, 10), shape[] = { 1, n_classes };
  const gint32 *input = get_shape (maker);
  const gint32 flat[] = { 1, input[1] * input[2] * input[3] }, means[] = { 1, input[3] };
  gint32 extra;

  if (chance (maker, 0.5))
    {
      extra = test_graph_add_integers (&maker->graph, "axes", 2, axes);
      test_graph_add (&maker->graph, FETTLE_OPCODE_MEAN, "mean", 2, means, &extra, 1);
    }
  else
    test_graph_add (&maker->graph, FETTLE_OPCODE_RESHAPE, "flat", 2, flat, NULL, 0);
  if (chance (maker, 0.3))
    add_dense (maker, pick (maker, 4, 24), FETTLE_ACTIVATION_RELU);
  add_dense (maker, n_classes, FETTLE_ACTIVATION_NONE);
  if (chance (maker, 0.5))
    test_graph_add (&maker->graph, FETTLE_OPCODE_SOFTMAX, "softmax", 2, shape, NULL, 0)
        ->options.beta = 1.0f;
}

FettleGraph *
random_network_new (guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  Maker maker = { .random = random };
  gint32 n_blocks;

  maker.graph =
      test_graph_new (g_rand_int_range (random, 1, 17), g_rand_int_range (random, 1, 17),
                      g_rand_int_range (random, 1, 5));
  add_conv (&maker, FALSE, pick (&maker, 2, 16), FALSE);
  n_blocks = pick (&maker, 1, 5);
  for (gint32 i = 0; i < n_blocks; i++)
    add_block (&maker);
  add_head (&maker);
  return test_graph_finish (&maker.graph);
}
