/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lower-blocked.c: CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED for desktop processors.
 *
 * Bit-identical to the portable kernels: integer sums are the same modulo 2^32, and float sums are
 * added in the same order; what lies outside the input adds zeros, which change no sum while the
 * weights are finite. */
#include "model/lower-private.h"
#include "runtime/dot_product.h"

#include <math.h>
#include <string.h>

/* Weights of output channel O at tap T: element O * output_stride + T * tap_stride. */
typedef struct
{
  const FettleTensor *tensor;
  guint n_outputs, n_taps;
  guint output_stride, tap_stride;
  gint32 zero_point; /* only FULLY_CONNECTED has one */
} Weights;

static guint
count_blocks (guint n_outputs)
{
  return (n_outputs + FRT_BLOCK_LANES - 1) / FRT_BLOCK_LANES;
}

static gint32
get_integer_weight (const Weights *weights, guint output, guint tap)
{
  gconstpointer data = g_bytes_get_data (weights->tensor->data, NULL);
  guint index = output * weights->output_stride + tap * weights->tap_stride;

  return (weights->tensor->type == FETTLE_TYPE_INT4 ? frt_unpack_s4 (data, (gint32)index)
                                                    : ((const gint8 *)data)[index])
         - weights->zero_point;
}

/* [block][tap / TOGETHER][lane][TOGETHER], taps filled up to whole groups. */
static guint32
write_integer_weights (const FettleLayer *layer, const Weights *weights, guint together)
{
  guint n_groups = (weights->n_taps + together - 1) / together;
  gsize block_size = (gsize)n_groups * together * FRT_BLOCK_LANES;
  gsize n = count_blocks (weights->n_outputs) * block_size;
  g_autofree gint16 *packed = g_new0 (gint16, n);

  for (guint output = 0; output < weights->n_outputs; output++)
    for (guint tap = 0; tap < weights->n_taps; tap++)
      {
        gsize lane = tap / together * FRT_BLOCK_LANES + output % FRT_BLOCK_LANES;

        packed[output / FRT_BLOCK_LANES * block_size + lane * together + tap % together] =
            (gint16)get_integer_weight (weights, output, tap);
      }
  return fettle_image_writer_add_constant (layer->writer, packed, n * sizeof *packed);
}

/* FALSE if a channel's multiplier cannot be represented. */
static gboolean
write_channels (const FettleLayer *layer, guint n_outputs, guint32 *offset)
{
  guint n_blocks = count_blocks (n_outputs);
  g_autofree struct frt_block_channels *blocks =
      g_new0 (struct frt_block_channels, n_blocks);
  g_autofree gint32 *multipliers = g_new (gint32, n_outputs);
  g_autofree gint8 *shifts = g_new (gint8, n_outputs);
  const gint32 *bias =
      layer->inputs[2] != NULL ? g_bytes_get_data (layer->inputs[2]->data, NULL) : NULL;

  if (!fettle_lower_quantize_channels (layer, n_outputs, multipliers, shifts, NULL))
    return FALSE;
  for (guint i = 0; i < n_outputs; i++)
    {
      struct frt_block_channels *block = &blocks[i / FRT_BLOCK_LANES];
      guint lane = i % FRT_BLOCK_LANES;

      block->bias[lane] = bias != NULL ? bias[i] : 0;
      block->multiplier[lane] = multipliers[i];
      block->left_shift[lane] = MAX (shifts[i], 0);
      block->right_shift[lane] = MAX (-shifts[i], 0);
    }
  *offset =
      fettle_image_writer_add_constant (layer->writer, blocks, n_blocks * sizeof *blocks);
  return TRUE;
}

/* [block][tap][lane]. */
static guint32
write_float_weights (const FettleLayer *layer, const Weights *weights)
{
  gsize block_size = (gsize)weights->n_taps * FRT_BLOCK_LANES;
  gsize n = count_blocks (weights->n_outputs) * block_size;
  g_autofree float *packed = g_new0 (float, n);
  const float *data = g_bytes_get_data (weights->tensor->data, NULL);

  for (guint output = 0; output < weights->n_outputs; output++)
    for (guint tap = 0; tap < weights->n_taps; tap++)
      packed[output / FRT_BLOCK_LANES * block_size + (gsize)tap * FRT_BLOCK_LANES
             + output % FRT_BLOCK_LANES] =
          data[output * weights->output_stride + tap * weights->tap_stride];
  return fettle_image_writer_add_constant (layer->writer, packed, n * sizeof *packed);
}

static guint32
write_float_bias (const FettleLayer *layer, guint n_outputs)
{
  gsize n = count_blocks (n_outputs) * FRT_BLOCK_LANES;
  g_autofree float *bias = g_new0 (float, n);

  if (layer->inputs[2] != NULL)
    memcpy (bias, g_bytes_get_data (layer->inputs[2]->data, NULL),
            n_outputs * sizeof *bias);
  return fettle_image_writer_add_constant (layer->writer, bias, n * sizeof *bias);
}

static gboolean
is_finite (const FettleTensor *tensor)
{
  const float *values = g_bytes_get_data (tensor->data, NULL);
  gsize n = fettle_tensor_get_n_elements (tensor);

  for (gsize i = 0; i < n; i++)
    if (!isfinite (values[i]))
      return FALSE;
  return TRUE;
}

/* The types that blocked kernels have; weights that are not constant have no blocks. */
static gboolean
has_types (const FettleLayer *layer)
{
  const FettleTensor *weights = layer->inputs[1], *bias = layer->inputs[2];

  if (layer->packing != FRT_PACKING_DESKTOP || weights->data == NULL
      || (bias != NULL && bias->data == NULL))
    return FALSE;
  if (layer->inputs[0]->type == FETTLE_TYPE_FLOAT32)
    return weights->type == FETTLE_TYPE_FLOAT32 && is_finite (weights);
  return layer->inputs[0]->type == FETTLE_TYPE_INT8
         && (weights->type == FETTLE_TYPE_INT8 || weights->type == FETTLE_TYPE_INT4);
}

static gboolean
lower_conv_f32 (const FettleLayer *layer, const struct frt_window *window,
                const Weights *weights, guint16 kernel, FettleKernelCall *call)
{
  struct frt_conv2d_f32_parameters parameters = {
    .window = *window,
    .weights_offset = write_float_weights (layer, weights),
    .bias_offset = write_float_bias (layer, weights->n_outputs),
    .groups = 1,
  };

  fettle_activation_range_f32 (layer->operator_->options.activation, &parameters.minimum,
                               &parameters.maximum);
  fettle_lower_set_call (layer, call, kernel, 1, &parameters, sizeof parameters);
  return TRUE;
}

static gboolean
lower_conv_s8 (const FettleLayer *layer, const struct frt_window *window,
               const Weights *weights, guint together, guint16 kernel,
               FettleKernelCall *call)
{
  struct frt_conv2d_s8_blocked_parameters parameters = { .window = *window };
  gint32 zero_point;

  if (!write_channels (layer, weights->n_outputs, &parameters.channels_offset))
    return FALSE;
  parameters.weights_offset = write_integer_weights (layer, weights, together);
  fettle_tensor_get_scale (layer->inputs[0], NULL, &zero_point);
  parameters.input_offset = -zero_point;
  fettle_lower_output_range_s8 (layer, &parameters.output_offset, &parameters.minimum,
                                &parameters.maximum);
  fettle_lower_set_call (layer, call, kernel, 1, &parameters, sizeof parameters);
  return TRUE;
}

static gboolean
lower_depthwise (const FettleLayer *layer, const struct frt_window *window,
                 FettleKernelCall *call)
{
  guint n_outputs = (guint)layer->output->shape[3];
  const Weights weights = {
    .tensor = layer->inputs[1],
    .n_outputs = n_outputs,
    .n_taps = (guint)window->height * window->width,
    .output_stride = 1,
    .tap_stride = n_outputs,
  };

  return layer->is_float ? lower_conv_f32 (layer, window, &weights,
                                           FRT_KERNEL_DEPTHWISE_CONV2D_F32_BLOCKED, call)
                         : lower_conv_s8 (layer, window, &weights, 1,
                                          FRT_KERNEL_DEPTHWISE_CONV2D_S8_BLOCKED, call);
}

/* Also a depthwise convolution of one channel, whose weights lie the other way round. */
static gboolean
lower_matrix (const FettleLayer *layer, const struct frt_window *window,
              FettleKernelCall *call)
{
  guint n_outputs = (guint)layer->output->shape[3];
  guint n_taps =
      (guint)window->height * window->width * (guint)layer->inputs[0]->shape[3];
  gboolean is_depthwise = layer->operator_->opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D;
  const Weights weights = {
    .tensor = layer->inputs[1],
    .n_outputs = n_outputs,
    .n_taps = n_taps,
    .output_stride = is_depthwise ? 1 : n_taps,
    .tap_stride = is_depthwise ? n_outputs : 1,
  };

  call->scratch_size =
      4 * (layer->is_float ? n_taps * sizeof (float) : (n_taps + 1) / 2 * 2 * 2);
  return layer->is_float ? lower_conv_f32 (layer, window, &weights,
                                           FRT_KERNEL_CONV2D_F32_BLOCKED, call)
                         : lower_conv_s8 (layer, window, &weights, 2,
                                          FRT_KERNEL_CONV2D_S8_BLOCKED, call);
}

gboolean
fettle_lower_blocked_conv (const FettleLayer *layer, const struct frt_window *window,
                           guint32 groups, FettleKernelCall *call)
{
  gint32 depth = layer->inputs[0]->shape[3];

  if (!has_types (layer) || groups != 1)
    return FALSE;
  if (layer->operator_->opcode == FETTLE_OPCODE_CONV_2D || depth == 1)
    return lower_matrix (layer, window, call);
  return layer->output->shape[3] == depth && lower_depthwise (layer, window, call);
}

gboolean
fettle_lower_blocked_fully_connected (const FettleLayer *layer, FettleKernelCall *call)
{
  const FettleTensor *tensor = layer->inputs[1];
  guint depth = (guint)tensor->shape[1];
  Weights weights = {
    .tensor = tensor,
    .n_outputs = (guint)tensor->shape[0],
    .n_taps = depth,
    .output_stride = depth,
    .tap_stride = 1,
  };
  guint n_rows = (guint)(fettle_tensor_get_n_elements (layer->inputs[0]) / depth);
  struct frt_fully_connected_s8_blocked_parameters parameters = { .input_depth = depth };
  gint32 zero_point;

  if (!has_types (layer))
    return FALSE;
  if (layer->is_float)
    {
      struct frt_fully_connected_f32_parameters float_parameters = {
        .weights_offset = write_float_weights (layer, &weights),
        .bias_offset = write_float_bias (layer, weights.n_outputs),
        .input_depth = depth,
      };

      fettle_activation_range_f32 (layer->operator_->options.activation,
                                   &float_parameters.minimum, &float_parameters.maximum);
      fettle_lower_set_call (layer, call, FRT_KERNEL_FULLY_CONNECTED_F32_BLOCKED, 1,
                             &float_parameters, sizeof float_parameters);
      return TRUE;
    }
  if (!write_channels (layer, weights.n_outputs, &parameters.channels_offset))
    return FALSE;
  fettle_tensor_get_scale (tensor, NULL, &weights.zero_point);
  parameters.weights_offset = write_integer_weights (layer, &weights, 2);
  fettle_tensor_get_scale (layer->inputs[0], NULL, &zero_point);
  parameters.input_offset = -zero_point;
  fettle_lower_output_range_s8 (layer, &parameters.output_offset, &parameters.minimum,
                                &parameters.maximum);
  call->scratch_size = MIN (n_rows, 4) * ((depth + 1) / 2 * 2) * 2;
  fettle_lower_set_call (layer, call, FRT_KERNEL_FULLY_CONNECTED_S8_BLOCKED, 1,
                         &parameters, sizeof parameters);
  return TRUE;
}
