/* SPDX-License-Identifier: GPL-3.0-or-later */
/* random-graphs.c: graphs of random layers, many of whose channels make no difference. */
#include "random-graphs.h"
#include "model/lower.h"

typedef struct
{
  FettleGraph *graph;
  GRand *random;
  FettleType type;
  gint32 last;
  guint n_names;
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

static const FettleTensor *
get (Maker *maker, gint32 tensor)
{
  return fettle_graph_get_tensor (maker->graph, (guint)tensor);
}

static void
set_scale (Maker *maker, guint index, FettleType type)
{
  FettleTensor *tensor = fettle_graph_get_tensor (maker->graph, index);
  float scale = (float)pick (maker, 1, 8) / (type == FETTLE_TYPE_INT16 ? 8192.0f : 64.0f);
  gint32 zero_point = type == FETTLE_TYPE_INT16 ? 0 : pick (maker, -3, 3) * 42;

  if (type == FETTLE_TYPE_INT8 || type == FETTLE_TYPE_INT16)
    fettle_tensor_set_quantization (tensor, 1, 0, &scale, &zero_point);
}

static gint32
add_activation (Maker *maker, guint rank, const gint32 *shape)
{
  g_autofree char *name = g_strdup_printf ("tensor %u", maker->n_names++);
  guint index = fettle_graph_add_tensor (maker->graph, name, maker->type, rank, shape);

  set_scale (maker, index, maker->type);
  return (gint32)index;
}

/* Its output takes the scale of its input, as kernels without rescaling want it. */
static void
keep_scale (Maker *maker, gint32 from, gint32 to)
{
  const FettleQuantization *quantization = &get (maker, from)->quantization;

  fettle_tensor_set_quantization (fettle_graph_get_tensor (maker->graph, (guint)to),
                                  quantization->n_channels, quantization->axis,
                                  quantization->scales, quantization->zero_points);
}

static FettleOperator *
add_layer (Maker *maker, FettleOpcode opcode, const gint32 *inputs, guint n_inputs,
           gint32 output)
{
  g_autofree char *name = g_strdup_printf ("layer %u", maker->n_names++);
  guint index = fettle_graph_add_operator (maker->graph, opcode, name, inputs, n_inputs,
                                           &output, 1);

  maker->last = output;
  return fettle_graph_get_operator (maker->graph, index);
}

static gint32
add_integers (Maker *maker, guint rank, const gint32 *shape, const gint32 *values)
{
  guint index =
      fettle_graph_add_tensor (maker->graph, "whole", FETTLE_TYPE_INT32, rank, shape);
  FettleTensor *tensor = fettle_graph_get_tensor (maker->graph, index);

  tensor->data = g_bytes_new (values, fettle_tensor_get_size (tensor));
  return (gint32)index;
}

/* An operand of an element-wise layer. */
static gint32
add_constant (Maker *maker, guint rank, const gint32 *shape)
{
  gint32 index = add_activation (maker, rank, shape);
  FettleTensor *tensor = fettle_graph_get_tensor (maker->graph, (guint)index);
  gsize size = fettle_tensor_get_size (tensor);
  guint8 *data = g_malloc (size);

  for (gsize i = 0; i < size; i++)
    data[i] = (guint8)pick (maker, 0, 255);
  for (gsize i = 0; maker->type == FETTLE_TYPE_FLOAT32 && i < size / 4; i++)
    ((float *)(gpointer)data)[i] = (float)pick (maker, -4, 4) / 2.0f;
  tensor->data = g_bytes_new_take (data, size);
  return index;
}

/* Which weights are zero: whole rows, whole columns, single ones. */
typedef struct
{
  gboolean *rows, *columns;
  guint n_rows, n_columns;
} Zeros;

static Zeros
make_zeros (Maker *maker, gint32 n_rows, gint32 n_columns)
{
  Zeros zeros = { g_new (gboolean, (gsize)n_rows), g_new (gboolean, (gsize)n_columns),
                  (guint)n_rows, (guint)n_columns };

  for (gint32 i = 0; i < n_rows; i++)
    zeros.rows[i] = chance (maker, 0.3);
  for (gint32 i = 0; i < n_columns; i++)
    zeros.columns[i] = chance (maker, 0.2);
  return zeros;
}

static void
write_weight (guint8 *data, gsize index, FettleType type, gint32 value)
{
  switch (type)
    {
    case FETTLE_TYPE_FLOAT32:
      ((float *)(gpointer)data)[index] = (float)value / 8.0f;
      break;
    case FETTLE_TYPE_INT4:
      data[index / 2] |= (guint8)((value & 0xF) << (index % 2 * 4));
      break;
    default:
      ((gint8 *)data)[index] = (gint8)value;
      break;
    }
}

/* Row: output channel, along AXIS; column: input channel, along the last axis unless that is AXIS. */
static gint32
add_weights (Maker *maker, guint rank, const gint32 *shape, guint axis)
{
  FettleType type = maker->type == FETTLE_TYPE_FLOAT32 ? FETTLE_TYPE_FLOAT32
                    : maker->type == FETTLE_TYPE_INT8 && chance (maker, 0.3)
                        ? FETTLE_TYPE_INT4
                        : FETTLE_TYPE_INT8;
  guint index = fettle_graph_add_tensor (maker->graph, "weights", type, rank, shape);
  FettleTensor *tensor = fettle_graph_get_tensor (maker->graph, index);
  gsize n = fettle_tensor_get_n_elements (tensor), size = fettle_tensor_get_size (tensor);
  guint8 *data = g_malloc0 (size);
  gint32 n_rows = shape[axis], n_columns = axis == rank - 1 ? 1 : shape[rank - 1];
  Zeros zeros = make_zeros (maker, n_rows, n_columns);

  for (gsize i = 0; i < n; i++)
    {
      gsize row = axis == 0 ? i / (n / zeros.n_rows) : i % zeros.n_rows;

      write_weight (data, i, type,
                    zeros.rows[row] || zeros.columns[i % zeros.n_columns]
                        ? 0
                        : pick (maker, -7, 7));
    }
  g_free (zeros.rows);
  g_free (zeros.columns);
  tensor->data = g_bytes_new_take (data, size);
  if (type != FETTLE_TYPE_FLOAT32)
    {
      guint n_scales = chance (maker, 0.5) ? (guint)n_rows : 1;
      g_autofree float *scales = g_new (float, n_scales);
      g_autofree gint32 *zero_points = g_new0 (gint32, n_scales);

      for (guint i = 0; i < n_scales; i++)
        scales[i] = (float)pick (maker, 1, 16) / 64.0f;
      fettle_tensor_set_quantization (tensor, n_scales, axis, scales, zero_points);
    }
  return (gint32)index;
}

static gint32
add_bias (Maker *maker, gint32 n)
{
  FettleType type = maker->type == FETTLE_TYPE_FLOAT32 ? FETTLE_TYPE_FLOAT32
                    : maker->type == FETTLE_TYPE_INT16 && chance (maker, 0.7)
                        ? FETTLE_TYPE_INT64
                        : FETTLE_TYPE_INT32;
  guint index;
  FettleTensor *tensor;
  guint8 *data;

  if (chance (maker, 0.2))
    return -1;
  index = fettle_graph_add_tensor (maker->graph, "bias", type, 1, &n);
  tensor = fettle_graph_get_tensor (maker->graph, index);
  data = g_malloc0 (fettle_tensor_get_size (tensor));
  for (gint32 i = 0; i < n; i++)
    {
      gint32 value = chance (maker, 0.2)   ? -100000
                     : chance (maker, 0.2) ? 100000
                                           : pick (maker, -500, 500);

      if (type == FETTLE_TYPE_FLOAT32)
        ((float *)(gpointer)data)[i] = (float)value / 64.0f;
      else if (type == FETTLE_TYPE_INT32)
        ((gint32 *)(gpointer)data)[i] = value;
      else
        ((gint64 *)(gpointer)data)[i] = value;
    }
  tensor->data = g_bytes_new_take (data, fettle_tensor_get_size (tensor));
  return (gint32)index;
}

static void
set_window (Maker *maker, FettleOperator *operator_)
{
  static const FettleActivation activations[] = { FETTLE_ACTIVATION_NONE,
                                                  FETTLE_ACTIVATION_RELU,
                                                  FETTLE_ACTIVATION_RELU,
                                                  FETTLE_ACTIVATION_RELU6 };
  FettleOptions *options = &operator_->options;

  options->activation = activations[pick (maker, 0, 3)];
  options->stride_height = options->stride_width = 1;
  options->dilation_height = options->dilation_width = 1;
}

static gint32
slide (gint32 extent, gint32 filter, gint32 stride, FettlePadding padding)
{
  return padding == FETTLE_PADDING_SAME ? (extent + stride - 1) / stride
                                        : (extent - filter) / stride + 1;
}

/* Less than the window, or there would be places with nothing to read. */
static void
pick_padding (Maker *maker, gint32 height, gint32 width, FettleOptions *options)
{
  options->padding = (FettlePadding)pick (maker, 0, 2);
  if (options->padding != FETTLE_PADDING_EXPLICIT)
    return;
  options->padding_top = pick (maker, 0, height - 1);
  options->padding_bottom = pick (maker, 0, height - 1);
  options->padding_left = pick (maker, 0, width - 1);
  options->padding_right = pick (maker, 0, width - 1);
}

/* CONV_2D or DEPTHWISE_CONV_2D. */
static void
add_convolution (Maker *maker, gboolean is_depthwise)
{
  const FettleTensor *input = get (maker, maker->last);
  gint32 height = pick (maker, 1, MIN (3, input->shape[1]));
  gint32 width = pick (maker, 1, MIN (3, input->shape[2]));
  gint32 stride = pick (maker, 1, 2), n_in = input->shape[3];
  gint32 n_out = is_depthwise ? n_in * pick (maker, 1, 2) : pick (maker, 1, 8);
  gint32 weight_shape[] = { is_depthwise ? 1 : n_out, height, width,
                            is_depthwise ? n_out : n_in };
  FettleOptions options = { .depth_multiplier = is_depthwise ? n_out / n_in : 0 };
  gint32 shape[] = { 1, 0, 0, n_out }, inputs[3];
  FettleOperator *operator_;

  pick_padding (maker, height, width, &options);
  shape[1] = slide (input->shape[1] + options.padding_top + options.padding_bottom,
                    height, stride, options.padding);
  shape[2] = slide (input->shape[2] + options.padding_left + options.padding_right, width,
                    stride, options.padding);
  inputs[0] = maker->last;
  inputs[1] = add_weights (maker, 4, weight_shape, is_depthwise ? 3 : 0);
  inputs[2] = add_bias (maker, n_out);
  operator_ = add_layer (
      maker, is_depthwise ? FETTLE_OPCODE_DEPTHWISE_CONV_2D : FETTLE_OPCODE_CONV_2D,
      inputs, 3, add_activation (maker, 4, shape));
  operator_->options = options;
  set_window (maker, operator_);
  operator_->options.stride_height = operator_->options.stride_width = stride;
}

static void
add_transpose_conv (Maker *maker)
{
  const FettleTensor *input = get (maker, maker->last);
  gint32 n_out = pick (maker, 1, 6);
  gint32 shape[] = { 1, 2 * input->shape[1], 2 * input->shape[2], n_out };
  gint32 weight_shape[] = { n_out, 2, 2, input->shape[3] }, four = 4;
  gint32 inputs[] = { add_integers (maker, 1, &four, shape),
                      add_weights (maker, 4, weight_shape, 0), maker->last,
                      add_bias (maker, n_out) };
  FettleOperator *operator_ = add_layer (maker, FETTLE_OPCODE_TRANSPOSE_CONV, inputs, 4,
                                         add_activation (maker, 4, shape));

  set_window (maker, operator_);
  operator_->options.activation = FETTLE_ACTIVATION_NONE;
  operator_->options.stride_height = operator_->options.stride_width = 2;
}

static void
reshape (Maker *maker, guint rank, const gint32 *shape)
{
  gint32 input = maker->last, output = add_activation (maker, rank, shape);
  const gint32 n = (gint32)rank;
  const gint32 inputs[] = { input, add_integers (maker, 1, &n, shape) };

  keep_scale (maker, input, output);
  add_layer (maker, FETTLE_OPCODE_RESHAPE, inputs, 2, output);
}

/* Flattened or not, and back to four axes. */
static void
add_fully_connected (Maker *maker)
{
  gint32 flat[] = { 1, (gint32)fettle_tensor_get_n_elements (get (maker, maker->last)) };
  gint32 n_out = pick (maker, 1, 8);
  gint32 weight_shape[] = { n_out, flat[1] }, shape[] = { 1, n_out },
         four[] = { 1, 1, 1, n_out };
  gint32 inputs[3];

  if (chance (maker, 0.5))
    reshape (maker, 2, flat);
  inputs[0] = maker->last;
  inputs[1] = add_weights (maker, 2, weight_shape, 0);
  inputs[2] = add_bias (maker, n_out);
  set_window (maker, add_layer (maker, FETTLE_OPCODE_FULLY_CONNECTED, inputs, 3,
                                add_activation (maker, 2, shape)));
  reshape (maker, 4, four);
}

static void
add_pool (Maker *maker)
{
  const FettleTensor *input = get (maker, maker->last);
  FettlePadding padding = pick (maker, 0, 1) ? FETTLE_PADDING_SAME : FETTLE_PADDING_VALID;
  gint32 shape[] = { 1, slide (input->shape[1], 2, 2, padding),
                     slide (input->shape[2], 2, 2, padding), input->shape[3] };
  gint32 from = maker->last, output = add_activation (maker, 4, shape);
  FettleOperator *operator_ = add_layer (
      maker,
      pick (maker, 0, 1) ? FETTLE_OPCODE_MAX_POOL_2D : FETTLE_OPCODE_AVERAGE_POOL_2D,
      &from, 1, output);

  keep_scale (maker, from, output);
  operator_->options.padding = padding;
  operator_->options.filter_height = operator_->options.filter_width = 2;
  operator_->options.stride_height = operator_->options.stride_width = 2;
}

static void
add_unary (Maker *maker)
{
  static const FettleOpcode opcodes[] = {
    FETTLE_OPCODE_RELU, FETTLE_OPCODE_RELU6,    FETTLE_OPCODE_RELU_N1_TO_1,
    FETTLE_OPCODE_ABS,  FETTLE_OPCODE_LOGISTIC, FETTLE_OPCODE_TANH,
    FETTLE_OPCODE_COS,  FETTLE_OPCODE_SOFTMAX,  FETTLE_OPCODE_LEAKY_RELU,
  };
  FettleOpcode opcode = opcodes[pick (maker, 0, G_N_ELEMENTS (opcodes) - 1)];
  const FettleTensor *input = get (maker, maker->last);
  gint32 from = maker->last, output = add_activation (maker, input->rank, input->shape);
  FettleOperator *operator_ = add_layer (maker, opcode, &from, 1, output);

  operator_->options.beta = 1.0f;
  operator_->options.alpha = 0.25f;
  if (opcode == FETTLE_OPCODE_RELU6 || chance (maker, 0.5))
    keep_scale (maker, from, output);
}

/* With a constant, or with itself, or with another tensor of the same shape. */
static void
add_binary (Maker *maker)
{
  static const FettleOpcode opcodes[] = { FETTLE_OPCODE_ADD,     FETTLE_OPCODE_ADD,
                                          FETTLE_OPCODE_SUB,     FETTLE_OPCODE_MUL,
                                          FETTLE_OPCODE_MINIMUM, FETTLE_OPCODE_MAXIMUM,
                                          FETTLE_OPCODE_PRELU };
  FettleOpcode opcode = opcodes[pick (maker, 0, G_N_ELEMENTS (opcodes) - 1)];
  const FettleTensor *input = get (maker, maker->last);
  gint32 other = pick (maker, 0, maker->last), output;
  gint32 inputs[2] = { maker->last, -1 };
  FettleOperator *operator_;

  if (get (maker, other)->data == NULL && chance (maker, 0.5))
    inputs[1] = other;
  else
    switch (pick (maker, 0, 2))
      {
      case 0:
        inputs[1] = add_constant (maker, 1, &input->shape[3]);
        break;
      case 1:
        inputs[1] = add_constant (maker, 0, NULL);
        break;
      default:
        inputs[1] = add_constant (maker, 4, input->shape);
        break;
      }
  output = add_activation (maker, input->rank, input->shape);
  if (opcode == FETTLE_OPCODE_MINIMUM || opcode == FETTLE_OPCODE_MAXIMUM)
    {
      keep_scale (maker, inputs[0], inputs[1]);
      keep_scale (maker, inputs[0], output);
    }
  operator_ = add_layer (maker, opcode, inputs, 2, output);
  if (opcode != FETTLE_OPCODE_PRELU && chance (maker, 0.4))
    operator_->options.activation = FETTLE_ACTIVATION_RELU;
}

static void
add_pad (Maker *maker)
{
  const FettleTensor *input = get (maker, maker->last);
  const gint32 pairs[] = { 4, 2 };
  gint32 paddings[8] = { 0 }, shape[] = { 1, 0, 0, 0 }, inputs[2], output;

  for (guint i = 2; i < 8; i++)
    paddings[i] = i < 6 || chance (maker, 0.2) ? pick (maker, 0, 1) : 0;
  for (guint i = 1; i < 4; i++)
    shape[i] = input->shape[i] + paddings[2 * i] + paddings[2 * i + 1];
  inputs[0] = maker->last;
  inputs[1] = add_integers (maker, 2, pairs, paddings);
  output = add_activation (maker, 4, shape);
  keep_scale (maker, inputs[0], output);
  add_layer (maker, FETTLE_OPCODE_PAD, inputs, 2, output);
}

/* Of two tensors of one height and width. */
static void
add_concatenation (Maker *maker)
{
  const FettleTensor *input = get (maker, maker->last);
  gint32 shape[] = { 1, input->shape[1], input->shape[2], input->shape[3] };
  gint32 inputs[] = { maker->last, maker->last }, output;

  for (gint32 other = 0; other < maker->last; other++)
    {
      const FettleTensor *tensor = get (maker, other);

      if (tensor->data == NULL && tensor->rank == 4 && tensor->shape[1] == shape[1]
          && tensor->shape[2] == shape[2] && chance (maker, 0.5))
        inputs[1] = other;
    }
  shape[3] += get (maker, inputs[1])->shape[3];
  output = add_activation (maker, 4, shape);
  keep_scale (maker, inputs[0], output);
  keep_scale (maker, inputs[0], inputs[1]);
  add_layer (maker, FETTLE_OPCODE_CONCATENATION, inputs, 2, output)->options.axis =
      chance (maker, 0.5) ? 3 : -1;
}

static void
add_mean (Maker *maker)
{
  static const gint32 axes[] = { 1, 2 };
  const gint32 two = 2;
  gint32 shape[] = { 1, 1, 1, get (maker, maker->last)->shape[3] };
  gint32 inputs[] = { maker->last, add_integers (maker, 1, &two, axes) };
  FettleOpcode opcode =
      chance (maker, 0.7) ? FETTLE_OPCODE_MEAN : FETTLE_OPCODE_REDUCE_MAX;
  gint32 output = add_activation (maker, 4, shape);

  if (opcode == FETTLE_OPCODE_REDUCE_MAX)
    keep_scale (maker, inputs[0], output);
  add_layer (maker, opcode, inputs, 2, output)->options.keep_dims = TRUE;
}

static void
add_transpose (Maker *maker)
{
  static const gint32 orders[][4] = { { 0, 2, 1, 3 }, { 0, 1, 3, 2 } };
  const FettleTensor *input = get (maker, maker->last);
  const gint32 *order = orders[chance (maker, 0.7) ? 0 : 1], four = 4;
  gint32 shape[4], inputs[2] = { maker->last, -1 }, output;

  for (guint i = 0; i < 4; i++)
    shape[i] = input->shape[order[i]];
  inputs[1] = add_integers (maker, 1, &four, order);
  output = add_activation (maker, 4, shape);
  keep_scale (maker, inputs[0], output);
  add_layer (maker, FETTLE_OPCODE_TRANSPOSE, inputs, 2, output);
}

static void
add_reshape (Maker *maker)
{
  const FettleTensor *input = get (maker, maker->last);
  const gint32 merged[] = { 1, 1, input->shape[1], input->shape[2] * input->shape[3] };
  const gint32 column[] = { 1, input->shape[1] * input->shape[2], 1, input->shape[3] };

  reshape (maker, 4, chance (maker, 0.5) ? merged : column);
}

static void
add_any (Maker *maker)
{
  switch (pick (maker, 0, 14))
    {
    case 0:
      add_fully_connected (maker);
      break;
    case 1:
    case 2:
      add_convolution (maker, TRUE);
      break;
    case 3:
      add_pool (maker);
      break;
    case 4:
      add_unary (maker);
      break;
    case 5:
    case 6:
      add_binary (maker);
      break;
    case 7:
      add_pad (maker);
      break;
    case 8:
      add_concatenation (maker);
      break;
    case 9:
      add_mean (maker);
      break;
    case 10:
      add_transpose (maker);
      break;
    case 11:
      add_reshape (maker);
      break;
    case 12:
      add_transpose_conv (maker);
      break;
    default:
      add_convolution (maker, FALSE);
      break;
    }
}

static gboolean
can_be_lowered (Maker *maker)
{
  g_autoptr (FettleLowered) lowered = NULL;

  fettle_graph_set_outputs (maker->graph, &maker->last, 1);
  lowered = fettle_lower (maker->graph, NULL, NULL);
  return lowered != NULL
         && fettle_tensor_get_n_elements (get (maker, maker->last)) < 4096;
}

FettleGraph *
random_graph_new (guint32 seed, FettleType activations, guint max_layers)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  Maker maker = { fettle_graph_new (), random, activations, 0, 0 };
  gint32 shape[] = { 1, pick (&maker, 1, 6), pick (&maker, 1, 6), pick (&maker, 1, 5) };

  maker.last = add_activation (&maker, 4, shape);
  fettle_graph_set_inputs (maker.graph, &maker.last, 1);
  add_convolution (&maker, FALSE);
  for (guint i = 1; i < max_layers; i++)
    {
      g_autoptr (FettleGraph) before = fettle_graph_copy (maker.graph);
      gint32 last = maker.last;

      /* What does not fit together, or what the runtime has no kernel for, is undone. */
      add_any (&maker);
      if (can_be_lowered (&maker))
        continue;
      g_set_object (&maker.graph, before);
      maker.last = last;
    }
  if (!can_be_lowered (&maker))
    g_clear_object (&maker.graph);
  return maker.graph;
}
