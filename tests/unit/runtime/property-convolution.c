/* SPDX-License-Identifier: GPL-3.0-or-later */
/* property-convolution.c: CONV_2D, DEPTHWISE_CONV_2D and TRANSPOSE_CONV, against their definitions. */
#include "property-weighted.h"

/* One axis: input cells, output positions, and how the window meets them. */
typedef struct
{
  gint32 in, out, taps, stride, dilation, before, after;
} Axis;

static PropertyCase *the_case;
static PropertyTensor *input, *weights, *bias, *output;
static Axis axes[2];

static gint32
total_padding (FettlePadding padding, gint32 in, gint32 out, gint32 effective,
               gint32 stride)
{
  const gint32 total = (out - 1) * stride + effective - in;

  return padding == FETTLE_PADDING_VALID || total < 0 ? 0 : total;
}

/* Cells around the input, fewer than the window is wide, and how many positions that gives. */
static void
pad_explicitly (Axis *axis, gint32 effective)
{
  axis->before = random_between (0, effective - 1);
  axis->after =
      random_between (MAX (effective - axis->in - axis->before, 0), effective - 1);
  axis->out =
      (axis->before + axis->in + axis->after - effective + axis->stride) / axis->stride;
}

static void
random_axis (Axis *axis, FettlePadding padding, gboolean is_large)
{
  gint32 effective;

  axis->stride = random_between (1, 3);
  do
    {
      axis->in = random_between (1, is_large ? 14 : 6);
      axis->taps = random_between (1, is_large ? 7 : 4);
      axis->dilation = random_once_in (3) ? random_between (2, 3) : 1;
      effective = (axis->taps - 1) * axis->dilation + 1;
    }
  while (padding == FETTLE_PADDING_VALID && axis->in < effective);
  axis->out = padding == FETTLE_PADDING_SAME
                  ? (axis->in + axis->stride - 1) / axis->stride
                  : (axis->in - effective + axis->stride) / axis->stride;
  axis->before =
      total_padding (padding, axis->in, axis->out, effective, axis->stride) / 2;
  if (padding == FETTLE_PADDING_EXPLICIT)
    pad_explicitly (axis, effective);
}

/* The reference's output may have any shape that is named; the padding follows from it. */
static void
random_transposed_axis (Axis *axis, FettlePadding padding, gboolean is_large)
{
  axis->in = random_between (1, is_large ? 12 : 4);
  axis->taps = random_between (1, 4);
  axis->stride = random_between (1, 3);
  axis->dilation = 1;
  axis->out = padding == FETTLE_PADDING_SAME
                  ? axis->in * axis->stride - random_between (0, axis->stride - 1)
                  : (axis->in - 1) * axis->stride + axis->taps;
  axis->before =
      total_padding (padding, axis->out, axis->in, axis->taps, axis->stride) / 2;
}

static void
set_options (FettlePadding padding)
{
  FettleOptions *options = &the_case->options;

  options->padding = padding;
  if (padding == FETTLE_PADDING_EXPLICIT)
    {
      options->padding_top = axes[0].before;
      options->padding_bottom = axes[0].after;
      options->padding_left = axes[1].before;
      options->padding_right = axes[1].after;
    }
  options->stride_height = axes[0].stride;
  options->stride_width = axes[1].stride;
  options->dilation_height = axes[0].dilation;
  options->dilation_width = axes[1].dilation;
}

/* The operands with weights of SHAPE, which have their output channels at AXIS. */
static gboolean
add_operands (FettleType activations, FettleType weights_type, gint32 depth,
              gint32 n_channels, const gint32 *weights_shape, guint axis)
{
  const gint32 batches = random_between (1, 2);
  const gint32 input_shape[] = { batches, axes[0].in, axes[1].in, depth };
  const gint32 output_shape[] = { batches, axes[0].out, axes[1].out, n_channels };

  if (!property_shape_fits (4, input_shape) || !property_shape_fits (4, output_shape)
      || !property_shape_fits (4, weights_shape))
    return FALSE;
  if (the_case->opcode == FETTLE_OPCODE_TRANSPOSE_CONV)
    property_add_integers (output_shape, 4);
  else
    input = property_add (PROPERTY_INPUT, activations, 4, input_shape);
  weights = weighted_add_weights (weights_type, 4, weights_shape, axis);
  if (the_case->opcode == FETTLE_OPCODE_TRANSPOSE_CONV)
    input = property_add (PROPERTY_INPUT, activations, 4, input_shape);
  output = property_add (PROPERTY_OUTPUT, activations, 4, output_shape);
  weighted_set_scales (input, weights, output);
  bias = weighted_add_bias (the_case, activations, n_channels);
  property_fill (input);
  return TRUE;
}

/* Tap K of the window at output position P lies over input cell I. */
static gboolean
meets (const Axis *axis, gint32 p, gint32 i, gint32 k)
{
  if (the_case->opcode == FETTLE_OPCODE_TRANSPOSE_CONV)
    return p == i * axis->stride + k - axis->before;
  return i == p * axis->stride + k * axis->dilation - axis->before;
}

/* The products of one tap over the cell whose channels are X, for output channel O. */
static gint64
tap_sum (const gint64 *x, gint32 tap, gint32 o)
{
  const gint32 depth = input->shape[3], n_channels = output->shape[3];
  const gint32 taps = axes[0].taps * axes[1].taps;
  const gint32 per_group = weights->shape[3];
  gint64 sum = 0;

  if (the_case->opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D)
    return weights->values[tap * n_channels + o]
           * (x[o / (n_channels / depth)] - input->zero_point);
  for (gint32 c = 0; c < per_group; c++)
    sum +=
        weights->values[(o * taps + tap) * per_group + c]
        * (x[o / (n_channels / (depth / per_group)) * per_group + c] - input->zero_point);
  return sum;
}

static gint64
position_sum (gint32 batch, gint32 row, gint32 column, gint32 o)
{
  gint64 sum = 0;

  for (gint32 y = 0; y < axes[0].in; y++)
    for (gint32 ky = 0; ky < axes[0].taps; ky++)
      if (meets (&axes[0], row, y, ky))
        for (gint32 x = 0; x < axes[1].in; x++)
          for (gint32 kx = 0; kx < axes[1].taps; kx++)
            if (meets (&axes[1], column, x, kx))
              sum += tap_sum (&input->values[((batch * axes[0].in + y) * axes[1].in + x)
                                             * input->shape[3]],
                              ky * axes[1].taps + kx, o);
  return sum;
}

static gboolean
compare (void)
{
  static gint64 expected[PROPERTY_MAX_ELEMENTS];
  const gint32 n_channels = output->shape[3];

  if (!property_lower ())
    return FALSE;
  property_run ();
  for (gint32 i = 0; i < output->n; i++)
    {
      const gint32 o = i % n_channels, position = i / n_channels;

      expected[i] = weighted_result (the_case, input, weights, bias, output,
                                     position_sum (position / (axes[0].out * axes[1].out),
                                                   position / axes[1].out % axes[0].out,
                                                   position % axes[1].out, o),
                                     o);
    }
  property_expect (0, expected);
  return TRUE;
}

static gboolean
try_conv (FettleType activations, FettleType weights_type)
{
  const gboolean is_large = random_once_in (300);
  const FettlePadding padding = (FettlePadding)random_between (0, 2);
  const gint32 groups = random_once_in (3) ? random_between (1, 4) : 1;
  const gint32 per_group = random_between (1, is_large ? 20 : 6);
  const gint32 n_channels =
      groups * random_between (1, random_once_in (8) && groups == 1 ? 40 : 8);

  the_case = property_start (FETTLE_OPCODE_CONV_2D);
  random_axis (&axes[0], padding, is_large);
  random_axis (&axes[1], padding, is_large);
  set_options (padding);
  return add_operands (activations, weights_type, per_group * groups, n_channels,
                       (gint32[]){ n_channels, axes[0].taps, axes[1].taps, per_group }, 0)
         && compare ();
}

static gboolean
try_depthwise (FettleType activations, FettleType weights_type, gint32 depth,
               gint32 depth_multiplier)
{
  const gboolean is_large = random_once_in (300);
  const FettlePadding padding = (FettlePadding)random_between (0, 2);
  const gint32 n_channels = depth * depth_multiplier;

  the_case = property_start (FETTLE_OPCODE_DEPTHWISE_CONV_2D);
  the_case->options.depth_multiplier = depth_multiplier;
  random_axis (&axes[0], padding, is_large);
  random_axis (&axes[1], padding, is_large);
  set_options (padding);
  return add_operands (activations, weights_type, depth, n_channels,
                       (gint32[]){ 1, axes[0].taps, axes[1].taps, n_channels }, 3)
         && compare ();
}

static gboolean
try_transposed (FettleType activations)
{
  const gboolean is_large = random_once_in (300);
  const FettlePadding padding = (FettlePadding)random_between (0, 1);
  const gint32 depth = random_between (1, 5), n_channels = random_between (1, 6);

  the_case = property_start (FETTLE_OPCODE_TRANSPOSE_CONV);
  random_transposed_axis (&axes[0], padding, is_large);
  random_transposed_axis (&axes[1], padding, is_large);
  set_options (padding);
  return add_operands (activations, FETTLE_TYPE_INT8, depth, n_channels,
                       (gint32[]){ n_channels, axes[0].taps, axes[1].taps, depth }, 0)
         && compare ();
}

static gboolean
try_conv_s8 (void)
{
  return try_conv (FETTLE_TYPE_INT8, FETTLE_TYPE_INT8);
}

static gboolean
try_conv_w4 (void)
{
  return try_conv (FETTLE_TYPE_INT8, FETTLE_TYPE_INT4);
}

static gboolean
try_conv_s16 (void)
{
  return try_conv (FETTLE_TYPE_INT16, FETTLE_TYPE_INT8);
}

static gboolean
try_depthwise_s8 (void)
{
  return try_depthwise (FETTLE_TYPE_INT8, FETTLE_TYPE_INT8, random_between (1, 8),
                        random_between (1, 3));
}

static gboolean
try_depthwise_w4 (void)
{
  return try_depthwise (FETTLE_TYPE_INT8, FETTLE_TYPE_INT4, random_between (1, 8),
                        random_between (1, 3));
}

static gboolean
try_depthwise_s16 (void)
{
  return try_depthwise (FETTLE_TYPE_INT16, FETTLE_TYPE_INT8, random_between (1, 8),
                        random_between (1, 3));
}

/* What the packed kernels take: at least a block of four channels, no depth multiplier. */
static gboolean
try_depthwise_packed (void)
{
  return try_depthwise (FETTLE_TYPE_INT8, FETTLE_TYPE_INT8, random_between (4, 40), 1);
}

static gboolean
try_transposed_s8 (void)
{
  return try_transposed (FETTLE_TYPE_INT8);
}

static gboolean
try_transposed_s16 (void)
{
  return try_transposed (FETTLE_TYPE_INT16);
}

int
main (int argc, char **argv)
{
  static const Property properties[] = {
    { "conv2d-s8", FRT_KERNEL_CONV2D_S8, try_conv_s8, 1 },
    { "conv2d-s8-w4", FRT_KERNEL_CONV2D_S8_W4, try_conv_w4, 1 },
    { "conv2d-s16", FRT_KERNEL_CONV2D_S16, try_conv_s16, 1 },
    { "conv2d-s8-packed", FRT_KERNEL_CONV2D_S8_PACKED, try_conv_s8, 1 },
    { "conv2d-s8-helium", FRT_KERNEL_CONV2D_S8_HELIUM, try_conv_s8, 1 },
    { "conv2d-s8-blocked", FRT_KERNEL_CONV2D_S8_BLOCKED, try_conv_s8, 1 },
    { "depthwise-conv2d-s8", FRT_KERNEL_DEPTHWISE_CONV2D_S8, try_depthwise_s8, 1 },
    { "depthwise-conv2d-s8-w4", FRT_KERNEL_DEPTHWISE_CONV2D_S8_W4, try_depthwise_w4, 1 },
    { "depthwise-conv2d-s16", FRT_KERNEL_DEPTHWISE_CONV2D_S16, try_depthwise_s16, 1 },
    { "depthwise-conv2d-s8-packed", FRT_KERNEL_DEPTHWISE_CONV2D_S8_PACKED,
      try_depthwise_packed, 1 },
    { "depthwise-conv2d-s8-helium", FRT_KERNEL_DEPTHWISE_CONV2D_S8_HELIUM,
      try_depthwise_packed, 1 },
    { "depthwise-conv2d-s8-blocked", FRT_KERNEL_DEPTHWISE_CONV2D_S8_BLOCKED,
      try_depthwise_packed, 1 },
    { "transpose-conv-s8", FRT_KERNEL_TRANSPOSE_CONV_S8, try_transposed_s8, 1 },
    { "transpose-conv-s16", FRT_KERNEL_TRANSPOSE_CONV_S16, try_transposed_s16, 1 },
  };

  return property_main (argc, argv, properties, G_N_ELEMENTS (properties));
}
