/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lower-conv.c: CONV_2D, DEPTHWISE_CONV_2D, TRANSPOSE_CONV and FULLY_CONNECTED. */
#include "model/lower-private.h"

/* The kernels of an operator, by the types of activations and weights. */
typedef struct
{
  guint16 f32, s8, s16, s8_w4;
} Kernels;

static const Kernels conv_kernels = {
  FRT_KERNEL_CONV2D_F32,
  FRT_KERNEL_CONV2D_S8,
  FRT_KERNEL_CONV2D_S16,
  FRT_KERNEL_CONV2D_S8_W4,
};

static const Kernels depthwise_kernels = {
  FRT_KERNEL_DEPTHWISE_CONV2D_F32,
  FRT_KERNEL_DEPTHWISE_CONV2D_S8,
  FRT_KERNEL_DEPTHWISE_CONV2D_S16,
  FRT_KERNEL_DEPTHWISE_CONV2D_S8_W4,
};

static const Kernels transpose_kernels = {
  .f32 = FRT_KERNEL_TRANSPOSE_CONV_F32,
  .s8 = FRT_KERNEL_TRANSPOSE_CONV_S8,
  .s16 = FRT_KERNEL_TRANSPOSE_CONV_S16,
};

static gboolean
lower_conv_s8 (const FettleLayer *layer, const struct frt_window *window, guint32 groups,
               guint16 kernel, FettleKernelCall *call, GError **error)
{
  struct frt_conv2d_s8_parameters parameters = { .window = *window, .groups = groups };
  gint32 zero_point;

  if (!fettle_lower_channel_multipliers (layer, (guint)layer->output->shape[3],
                                         &parameters.multiplier_offset,
                                         &parameters.shift_offset, error))
    return FALSE;
  parameters.weights_offset = fettle_lower_add_tensor_data (layer, layer->inputs[1]);
  parameters.bias_offset = fettle_lower_add_tensor_data (layer, layer->inputs[2]);
  fettle_tensor_get_scale (layer->inputs[0], NULL, &zero_point);
  parameters.input_offset = -zero_point;
  fettle_lower_output_range_s8 (layer, &parameters.output_offset, &parameters.minimum,
                                &parameters.maximum);
  fettle_lower_set_call (layer, call, kernel, 1, &parameters, sizeof parameters);
  return TRUE;
}

static gboolean
lower_conv_s16 (const FettleLayer *layer, const struct frt_window *window, guint32 groups,
                guint16 kernel, FettleKernelCall *call, GError **error)
{
  struct frt_conv2d_s16_parameters parameters = { .window = *window, .groups = groups };

  if (!fettle_lower_output_s16 (layer, (guint)layer->output->shape[3], &parameters.output,
                                error))
    return FALSE;
  parameters.weights_offset = fettle_lower_add_tensor_data (layer, layer->inputs[1]);
  fettle_lower_set_call (layer, call, kernel, 1, &parameters, sizeof parameters);
  return TRUE;
}

static gboolean
lower_conv_f32 (const FettleLayer *layer, const struct frt_window *window, guint32 groups,
                guint16 kernel, FettleKernelCall *call)
{
  struct frt_conv2d_f32_parameters parameters = {
    .window = *window,
    .groups = groups,
    .weights_offset = fettle_lower_add_tensor_data (layer, layer->inputs[1]),
    .bias_offset = fettle_lower_add_tensor_data (layer, layer->inputs[2]),
  };

  fettle_activation_range_f32 (layer->operator_->options.activation, &parameters.minimum,
                               &parameters.maximum);
  fettle_lower_set_call (layer, call, kernel, 1, &parameters, sizeof parameters);
  return TRUE;
}

static gboolean
lower_by_type (const FettleLayer *layer, const Kernels *kernels,
               const struct frt_window *window, guint32 groups, FettleKernelCall *call,
               GError **error)
{
  switch (layer->inputs[0]->type)
    {
    case FETTLE_TYPE_FLOAT32:
      return lower_conv_f32 (layer, window, groups, kernels->f32, call);
    case FETTLE_TYPE_INT16:
      return lower_conv_s16 (layer, window, groups, kernels->s16, call, error);
    default:
      return lower_conv_s8 (layer, window, groups,
                            layer->inputs[1]->type == FETTLE_TYPE_INT4 ? kernels->s8_w4
                                                                       : kernels->s8,
                            call, error);
    }
}

gboolean
fettle_lower_conv (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  const gint32 *weights = layer->inputs[1]->shape;
  gboolean is_depthwise = layer->operator_->opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D;
  struct frt_window window;
  guint32 groups = 1;

  if (!fettle_lower_window (layer, weights[1], weights[2], &window, error))
    return FALSE;
  if (!is_depthwise)
    groups = (guint32)(layer->inputs[0]->shape[3] / weights[3]);
  if (fettle_lower_packed_conv (layer, &window, groups, call)
      || fettle_lower_helium_conv (layer, &window, groups, call)
      || fettle_lower_blocked_conv (layer, &window, groups, call))
    return TRUE;
  return lower_by_type (layer, is_depthwise ? &depthwise_kernels : &conv_kernels, &window,
                        groups, call, error);
}

/* The window moves over the output, as that of a convolution over its input. */
gboolean
fettle_lower_transpose_conv (const FettleLayer *layer, FettleKernelCall *call,
                             GError **error)
{
  const FettleOptions *options = &layer->operator_->options;
  const gint32 *weights = layer->inputs[1]->shape;
  FettleTensor positions = *layer->output;
  FettleLayer mirrored = *layer, ordered = *layer;
  struct frt_window window;

  positions.shape[1] = (layer->output->shape[1] - 1) / options->stride_height + 1;
  positions.shape[2] = (layer->output->shape[2] - 1) / options->stride_width + 1;
  mirrored.inputs[0] = layer->output;
  mirrored.output = &positions;
  if (!fettle_lower_window (&mirrored, weights[1], weights[2], &window, error))
    return FALSE;
  ordered.inputs[0] = layer->input;
  ordered.inputs[2] = layer->inputs[3];
  return lower_by_type (&ordered, &transpose_kernels, &window, 1, call, error);
}

static gboolean
lower_fully_connected_s8 (const FettleLayer *layer, FettleKernelCall *call,
                          GError **error)
{
  const FettleTensor *weights = layer->inputs[1];
  struct frt_fully_connected_s8_parameters parameters = {
    .input_depth = (guint32)weights->shape[1],
  };
  gint32 zero_point;

  if (fettle_lower_packed_fully_connected (layer, call)
      || fettle_lower_helium_fully_connected (layer, call))
    return TRUE;
  if (!fettle_lower_channel_multipliers (layer, (guint)weights->shape[0],
                                         &parameters.multiplier_offset,
                                         &parameters.shift_offset, error))
    return FALSE;
  parameters.weights_offset = fettle_lower_add_tensor_data (layer, weights);
  parameters.bias_offset = fettle_lower_add_tensor_data (layer, layer->inputs[2]);
  fettle_tensor_get_scale (layer->inputs[0], NULL, &zero_point);
  parameters.input_offset = -zero_point;
  fettle_tensor_get_scale (weights, NULL, &zero_point);
  parameters.weights_zero_offset = -zero_point;
  fettle_lower_output_range_s8 (layer, &parameters.output_offset, &parameters.minimum,
                                &parameters.maximum);
  fettle_lower_set_call (layer, call,
                         weights->type == FETTLE_TYPE_INT4
                             ? FRT_KERNEL_FULLY_CONNECTED_S8_W4
                             : FRT_KERNEL_FULLY_CONNECTED_S8,
                         1, &parameters, sizeof parameters);
  return TRUE;
}

static gboolean
lower_fully_connected_s16 (const FettleLayer *layer, FettleKernelCall *call,
                           GError **error)
{
  const FettleTensor *weights = layer->inputs[1];
  struct frt_fully_connected_s16_parameters parameters = {
    .input_depth = (guint32)weights->shape[1],
  };
  gint32 zero_point;

  if (!fettle_lower_output_s16 (layer, (guint)weights->shape[0], &parameters.output,
                                error))
    return FALSE;
  parameters.weights_offset = fettle_lower_add_tensor_data (layer, weights);
  fettle_tensor_get_scale (weights, NULL, &zero_point);
  parameters.weights_zero_offset = -zero_point;
  fettle_lower_set_call (layer, call, FRT_KERNEL_FULLY_CONNECTED_S16, 1, &parameters,
                         sizeof parameters);
  return TRUE;
}

gboolean
fettle_lower_fully_connected (const FettleLayer *layer, FettleKernelCall *call,
                              GError **error)
{
  struct frt_fully_connected_f32_parameters parameters;

  if (fettle_lower_blocked_fully_connected (layer, call))
    return TRUE;
  if (layer->inputs[0]->type == FETTLE_TYPE_INT16)
    return lower_fully_connected_s16 (layer, call, error);
  if (!layer->is_float)
    return lower_fully_connected_s8 (layer, call, error);
  parameters = (struct frt_fully_connected_f32_parameters){
    .weights_offset = fettle_lower_add_tensor_data (layer, layer->inputs[1]),
    .bias_offset = fettle_lower_add_tensor_data (layer, layer->inputs[2]),
    .input_depth = (guint32)layer->inputs[1]->shape[1],
  };
  fettle_activation_range_f32 (layer->operator_->options.activation, &parameters.minimum,
                               &parameters.maximum);
  fettle_lower_set_call (layer, call, FRT_KERNEL_FULLY_CONNECTED_F32, 1, &parameters,
                         sizeof parameters);
  return TRUE;
}
