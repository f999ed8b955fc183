/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lower-elementwise.c: RELU, RELU6, RELU_N1_TO_1 and SOFTMAX. */
#include "model/lower-private.h"

#include <math.h>

/* More equal elements would overflow the runtime's 32-bit sum of exponentials. */
#define LONGEST_SOFTMAX_ROW 8191

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

static gboolean
lower_softmax_s8 (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  const int input_bits = 5; /* integer bits of the fixed-point exponent */
  struct frt_softmax_s8_parameters parameters;
  float input, output;
  gint32 input_zero, output_zero;
  double factor;
  int left_shift;

  if (!fettle_lower_get_scale (layer->inputs[0], &input, &input_zero, error)
      || !fettle_lower_get_scale (layer->output, &output, &output_zero, error))
    return FALSE;
  if (output != 1.0f / 256 || output_zero != G_MININT8)
    {
      g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
                           "its output must have scale 1/256 and zero point -128.");
      return FALSE;
    }
  if (layer->output->rank > 0
      && layer->output->shape[layer->output->rank - 1] > LONGEST_SOFTMAX_ROW)
    {
      g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
                   "its rows are longer than %d elements.", LONGEST_SOFTMAX_ROW);
      return FALSE;
    }
  factor = MIN ((double)layer->operator_->options.beta * (double)input
                    * (1 << (31 - input_bits)),
                2147483647.0);
  if (!(factor > 1))
    {
      g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
                           "the scale of its input is too small.");
      return FALSE;
    }
  /* The cap above keeps the shift at 31 or less, which is enough here: only differences above
   * difference_minimum are shifted. */
  fettle_quantize_multiplier (factor, &parameters.multiplier, &left_shift);
  parameters.left_shift = left_shift;
  parameters.difference_minimum =
      -(gint32)floor (31.0 * (1 << (31 - input_bits))
                      / (double)(G_GINT64_CONSTANT (1) << parameters.left_shift));
  fettle_lower_set_call (layer, call, FRT_KERNEL_SOFTMAX_S8, 1, &parameters,
                         sizeof parameters);
  return TRUE;
}

gboolean
fettle_lower_softmax (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  struct frt_softmax_f32_parameters parameters = { layer->operator_->options.beta };

  if (!layer->is_float)
    return lower_softmax_s8 (layer, call, error);
  if (!isfinite (parameters.beta) || !(parameters.beta > 0))
    {
      g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_INVALID,
                           "its beta is not a positive number.");
      return FALSE;
    }
  fettle_lower_set_call (layer, call, FRT_KERNEL_SOFTMAX_F32, 1, &parameters,
                         sizeof parameters);
  return TRUE;
}
