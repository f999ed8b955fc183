/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lower-conv.c: CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED. */
#include "model/lower-private.h"

static gboolean
lower_conv_s8 (const FettleLayer *layer, const struct frt_window *window, guint32 groups,
               FettleKernelCall *call, GError **error)
{
  gboolean is_depthwise = layer->operator_->opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D;
  struct frt_conv2d_s8_parameters parameters = { .window = *window, .groups = groups };
  float scale;
  gint32 zero_point;

  if (fettle_lower_packed_conv (layer, window, groups, call))
    return TRUE;
  if (!fettle_lower_channel_multipliers (layer, (guint)layer->output->shape[3],
                                         &parameters.multiplier_offset,
                                         &parameters.shift_offset, error))
    return FALSE;
  parameters.weights_offset = fettle_lower_add_tensor_data (layer, layer->inputs[1]);
  parameters.bias_offset = fettle_lower_add_tensor_data (layer, layer->inputs[2]);
  fettle_tensor_get_scale (layer->inputs[0], NULL, &zero_point);
  parameters.input_offset = -zero_point;
  fettle_tensor_get_scale (layer->output, &scale, &parameters.output_offset);
  fettle_activation_range_s8 (layer->operator_->options.activation, scale,
                              parameters.output_offset, &parameters.minimum,
                              &parameters.maximum);
  fettle_lower_set_call (
      layer, call, is_depthwise ? FRT_KERNEL_DEPTHWISE_CONV2D_S8 : FRT_KERNEL_CONV2D_S8,
      1, &parameters, sizeof parameters);
  return TRUE;
}

static void
lower_conv_f32 (const FettleLayer *layer, const struct frt_window *window, guint32 groups,
                FettleKernelCall *call)
{
  gboolean is_depthwise = layer->operator_->opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D;
  struct frt_conv2d_f32_parameters parameters = {
    .window = *window,
    .groups = groups,
    .weights_offset = fettle_lower_add_tensor_data (layer, layer->inputs[1]),
    .bias_offset = fettle_lower_add_tensor_data (layer, layer->inputs[2]),
  };

  fettle_activation_range_f32 (layer->operator_->options.activation, &parameters.minimum,
                               &parameters.maximum);
  fettle_lower_set_call (
      layer, call, is_depthwise ? FRT_KERNEL_DEPTHWISE_CONV2D_F32 : FRT_KERNEL_CONV2D_F32,
      1, &parameters, sizeof parameters);
}

gboolean
fettle_lower_conv (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  const gint32 *weights = layer->inputs[1]->shape;
  guint32 groups = 1;
  struct frt_window window;

  if (!fettle_lower_window (layer, weights[1], weights[2], &window, error))
    return FALSE;
  if (layer->operator_->opcode == FETTLE_OPCODE_CONV_2D)
    groups = (guint32)(layer->inputs[0]->shape[3] / weights[3]);
  if (!layer->is_float)
    return lower_conv_s8 (layer, &window, groups, call, error);
  lower_conv_f32 (layer, &window, groups, call);
  return TRUE;
}

static gboolean
lower_fully_connected_s8 (const FettleLayer *layer, FettleKernelCall *call,
                          GError **error)
{
  const FettleTensor *weights = layer->inputs[1];
  struct frt_fully_connected_s8_parameters parameters = {
    .input_depth = (guint32)weights->shape[1],
  };
  float scale;
  gint32 zero_point;

  if (fettle_lower_packed_fully_connected (layer, call))
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
  fettle_tensor_get_scale (layer->output, &scale, &parameters.output_offset);
  fettle_activation_range_s8 (layer->operator_->options.activation, scale,
                              parameters.output_offset, &parameters.minimum,
                              &parameters.maximum);
  fettle_lower_set_call (layer, call, FRT_KERNEL_FULLY_CONNECTED_S8, 1, &parameters,
                         sizeof parameters);
  return TRUE;
}

gboolean
fettle_lower_fully_connected (const FettleLayer *layer, FettleKernelCall *call,
                              GError **error)
{
  struct frt_fully_connected_f32_parameters parameters;

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
