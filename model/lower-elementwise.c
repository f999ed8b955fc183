/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lower-elementwise.c: RELU, RELU6 and RELU_N1_TO_1. */
#include "model/lower-private.h"

/* FACTOR is s_in / s_out in the precision that the reference has there. */
static gboolean
lower_requantize (const FettleLayer *layer, double factor, FettleActivation activation,
                  FettleKernelCall *call, GError **error)
{
  struct frt_requantize_s8_parameters parameters;
  gboolean is_s8 = layer->inputs[0]->type == FETTLE_TYPE_INT8;
  float scale;
  gint32 zero_point;

  fettle_tensor_get_scale (layer->inputs[0], NULL, &zero_point);
  parameters.input_offset = -zero_point;
  fettle_tensor_get_scale (layer->output, &scale, &parameters.output_offset);
  if (!fettle_lower_multiplier (factor, &parameters.multiplier, &parameters.shift, error))
    return FALSE;
  fettle_activation_range_quantized (activation, layer->output->type, scale,
                                     parameters.output_offset, &parameters.minimum,
                                     &parameters.maximum);
  fettle_lower_set_call (layer, call,
                         is_s8 ? FRT_KERNEL_REQUANTIZE_S8 : FRT_KERNEL_REQUANTIZE_S16, 1,
                         &parameters, sizeof parameters);
  return TRUE;
}

/* RELU and RELU_N1_TO_1 */
gboolean
fettle_lower_relu (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  FettleActivation activation = layer->operator_->opcode == FETTLE_OPCODE_RELU
                                    ? FETTLE_ACTIVATION_RELU
                                    : FETTLE_ACTIVATION_RELU_N1_TO_1;
  float input, output;
  gint32 zero_point;

  if (layer->is_float)
    return fettle_lower_float_range (layer, FRT_KERNEL_CLAMP_F32, 1, activation, call);
  if (!fettle_lower_get_scale (layer->inputs[0], &input, &zero_point, error)
      || !fettle_lower_get_scale (layer->output, &output, &zero_point, error))
    return FALSE;
  return lower_requantize (layer, (double)(input / output), activation, call, error);
}

/* The reference ignores the output's scale: it clamps the input's values. */
gboolean
fettle_lower_relu6 (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  struct frt_integer_range_parameters parameters;
  gboolean is_s8 = layer->inputs[0]->type == FETTLE_TYPE_INT8;
  float scale;
  gint32 zero_point;

  G_STATIC_ASSERT (sizeof parameters == sizeof (struct frt_clamp_s8_parameters));
  if (layer->is_float)
    return fettle_lower_float_range (layer, FRT_KERNEL_CLAMP_F32, 1,
                                     FETTLE_ACTIVATION_RELU6, call);
  if (!fettle_lower_get_scale (layer->inputs[0], &scale, &zero_point, error))
    return FALSE;
  fettle_activation_range_quantized (FETTLE_ACTIVATION_RELU6, layer->inputs[0]->type,
                                     scale, zero_point, &parameters.minimum,
                                     &parameters.maximum);
  fettle_lower_set_call (layer, call, is_s8 ? FRT_KERNEL_CLAMP_S8 : FRT_KERNEL_CLAMP_S16,
                         1, &parameters, sizeof parameters);
  return TRUE;
}
