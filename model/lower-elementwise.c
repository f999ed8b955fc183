/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lower-elementwise.c: ADD, MUL, RELU, RELU6 and SOFTMAX. */
#include "model/lower-private.h"

#include <math.h>

/* More equal elements would overflow the runtime's 32-bit sum of exponentials. */
#define LONGEST_SOFTMAX_ROW 8191

static gboolean
lower_float_range (const FettleLayer *layer, guint16 kernel, guint8 n_inputs,
                   FettleActivation activation, FettleKernelCall *call)
{
  struct frt_float_range_parameters parameters;

  fettle_activation_range_f32 (activation, &parameters.minimum, &parameters.maximum);
  fettle_lower_set_call (layer, call, kernel, n_inputs, &parameters, sizeof parameters);
  return TRUE;
}

typedef struct
{
  float input1, input2, output;
} Scales;

/* Offsets and clamp, which ADD and MUL have in common. */
static gboolean
begin_binary (const FettleLayer *layer, Scales *scales,
              struct frt_binary_s8_parameters *parameters, GError **error)
{
  *parameters = (struct frt_binary_s8_parameters){ 0 };
  if (!fettle_lower_get_scale (layer->inputs[0], &scales->input1,
                               &parameters->input1_offset, error)
      || !fettle_lower_get_scale (layer->inputs[1], &scales->input2,
                                  &parameters->input2_offset, error)
      || !fettle_lower_get_scale (layer->output, &scales->output,
                                  &parameters->output_offset, error))
    return FALSE;
  parameters->input1_offset = -parameters->input1_offset;
  parameters->input2_offset = -parameters->input2_offset;
  fettle_activation_range_s8 (layer->operator_->options.activation, scales->output,
                              parameters->output_offset, &parameters->minimum,
                              &parameters->maximum);
  return TRUE;
}

gboolean
fettle_lower_add (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  const int left_shift = 20; /* of int8 inputs, to keep fractions of the sum */
  struct frt_binary_s8_parameters parameters;
  Scales scales;
  double twice_larger, output;

  if (layer->is_float)
    return lower_float_range (layer, FRT_KERNEL_ADD_F32, 2,
                              layer->operator_->options.activation, call);
  if (!begin_binary (layer, &scales, &parameters, error))
    return FALSE;
  twice_larger = 2 * MAX ((double)scales.input1, (double)scales.input2);
  output = twice_larger / ((1 << left_shift) * (double)scales.output);
  if (output >= 1)
    {
      g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
                           "the scale of its output is too small for those of its "
                           "inputs.");
      return FALSE;
    }
  parameters.left_shift = left_shift;
  if (!fettle_lower_multiplier ((double)scales.input1 / twice_larger,
                                &parameters.input1_multiplier, &parameters.input1_shift,
                                error)
      || !fettle_lower_multiplier ((double)scales.input2 / twice_larger,
                                   &parameters.input2_multiplier,
                                   &parameters.input2_shift, error)
      || !fettle_lower_multiplier (output, &parameters.output_multiplier,
                                   &parameters.output_shift, error))
    return FALSE;
  fettle_lower_set_call (layer, call, FRT_KERNEL_ADD_S8, 2, &parameters,
                         sizeof parameters);
  return TRUE;
}

gboolean
fettle_lower_mul (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  struct frt_binary_s8_parameters parameters;
  Scales scales;

  if (layer->is_float)
    return lower_float_range (layer, FRT_KERNEL_MUL_F32, 2,
                              layer->operator_->options.activation, call);
  if (!begin_binary (layer, &scales, &parameters, error)
      || !fettle_lower_multiplier (
          (double)scales.input1 * (double)scales.input2 / (double)scales.output,
          &parameters.output_multiplier, &parameters.output_shift, error))
    return FALSE;
  fettle_lower_set_call (layer, call, FRT_KERNEL_MUL_S8, 2, &parameters,
                         sizeof parameters);
  return TRUE;
}

/* FACTOR is s_in / s_out in the precision that the reference has there. */
static gboolean
lower_requantize (const FettleLayer *layer, double factor, FettleActivation activation,
                  FettleKernelCall *call, GError **error)
{
  struct frt_requantize_s8_parameters parameters;
  float scale;
  gint32 zero_point;

  fettle_tensor_get_scale (layer->inputs[0], NULL, &zero_point);
  parameters.input_offset = -zero_point;
  fettle_tensor_get_scale (layer->output, &scale, &parameters.output_offset);
  if (!fettle_lower_multiplier (factor, &parameters.multiplier, &parameters.shift, error))
    return FALSE;
  fettle_activation_range_s8 (activation, scale, parameters.output_offset,
                              &parameters.minimum, &parameters.maximum);
  fettle_lower_set_call (layer, call, FRT_KERNEL_REQUANTIZE_S8, 1, &parameters,
                         sizeof parameters);
  return TRUE;
}

gboolean
fettle_lower_relu (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  float input, output;
  gint32 zero_point;

  if (layer->is_float)
    return lower_float_range (layer, FRT_KERNEL_CLAMP_F32, 1, FETTLE_ACTIVATION_RELU,
                              call);
  if (!fettle_lower_get_scale (layer->inputs[0], &input, &zero_point, error)
      || !fettle_lower_get_scale (layer->output, &output, &zero_point, error))
    return FALSE;
  return lower_requantize (layer, (double)(input / output), FETTLE_ACTIVATION_RELU, call,
                           error);
}

/* The reference ignores the output's scale: it clamps the input's values. */
gboolean
fettle_lower_relu6 (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  struct frt_clamp_s8_parameters parameters;
  float scale;
  gint32 zero_point;

  if (layer->is_float)
    return lower_float_range (layer, FRT_KERNEL_CLAMP_F32, 1, FETTLE_ACTIVATION_RELU6,
                              call);
  if (!fettle_lower_get_scale (layer->inputs[0], &scale, &zero_point, error))
    return FALSE;
  fettle_activation_range_s8 (FETTLE_ACTIVATION_RELU6, scale, zero_point,
                              &parameters.minimum, &parameters.maximum);
  fettle_lower_set_call (layer, call, FRT_KERNEL_CLAMP_S8, 1, &parameters,
                         sizeof parameters);
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
