/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lower-binary.c: element-wise operators of two inputs. */
#include "model/lower-private.h"

#include <math.h>

typedef struct
{
  float input1, input2, output;
} Scales;

/* Effective scales, which operators compute in different precisions. */
typedef struct
{
  double input1, input2, output;
} Factors;

/* Offsets and clamp, which all quantized ones have in common. */
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
  fettle_activation_range_quantized (
      layer->operator_->options.activation, layer->output->type, scales->output,
      parameters->output_offset, &parameters->minimum, &parameters->maximum);
  return TRUE;
}

/* The reference has nothing else for int16 either. */
static gboolean
check_symmetric (const FettleLayer *layer,
                 const struct frt_binary_s8_parameters *parameters, GError **error)
{
  if (layer->output->type == FETTLE_TYPE_INT8
      || (parameters->input1_offset == 0 && parameters->input2_offset == 0
          && parameters->output_offset == 0))
    return TRUE;
  g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
                       "the zero points of its int16 tensors are not 0.");
  return FALSE;
}

static gboolean
set_multipliers (const Factors *factors, struct frt_binary_s8_parameters *parameters,
                 GError **error)
{
  return fettle_lower_multiplier (factors->input1, &parameters->input1_multiplier,
                                  &parameters->input1_shift, error)
         && fettle_lower_multiplier (factors->input2, &parameters->input2_multiplier,
                                     &parameters->input2_shift, error)
         && fettle_lower_multiplier (factors->output, &parameters->output_multiplier,
                                     &parameters->output_shift, error);
}

/* Kernels of one operator; 0 where the runtime has none. */
typedef struct
{
  guint16 f32, s8, s16, s32;
} Kernels;

/* Float and int32, which need no scales. */
static gboolean
lower_plain (const FettleLayer *layer, const Kernels *kernels, FettleKernelCall *call)
{
  FettleActivation activation = layer->operator_->options.activation;
  struct frt_integer_range_parameters range = { G_MININT32, G_MAXINT32 };
  float low, high;

  if (layer->is_float)
    return fettle_lower_float_range (layer, kernels->f32, 2, activation, call);
  fettle_activation_range_f32 (activation, &low, &high);
  if (isfinite (low))
    range.minimum = (gint32)low;
  if (isfinite (high))
    range.maximum = (gint32)high;
  fettle_lower_set_call (layer, call, kernels->s32, 2, &range, sizeof range);
  return TRUE;
}

static gboolean
is_plain (const FettleLayer *layer)
{
  return layer->is_float || layer->output->type == FETTLE_TYPE_INT32;
}

static gboolean
lower_quantized (const FettleLayer *layer, const Kernels *kernels, const Factors *factors,
                 struct frt_binary_s8_parameters *parameters, FettleKernelCall *call,
                 GError **error)
{
  if (!set_multipliers (factors, parameters, error))
    return FALSE;
  fettle_lower_set_call (
      layer, call, layer->output->type == FETTLE_TYPE_INT8 ? kernels->s8 : kernels->s16,
      2, parameters, sizeof *parameters);
  return TRUE;
}

static gboolean
check_output_factor (double factor, GError **error)
{
  if (factor < 1)
    return TRUE;
  g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
                       "the scale of its output is too small for those of its inputs.");
  return FALSE;
}

/* Inputs are shifted left by that much, to keep fractions of the sum. */
static gint32
sum_left_shift (const FettleLayer *layer)
{
  return layer->output->type == FETTLE_TYPE_INT8 ? 20 : 15;
}

gboolean
fettle_lower_add (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  static const Kernels kernels = { FRT_KERNEL_ADD_F32, FRT_KERNEL_ADD_S8,
                                   FRT_KERNEL_ADD_S16, FRT_KERNEL_ADD_S32 };
  struct frt_binary_s8_parameters parameters;
  Scales scales;
  Factors factors;
  double twice_larger;

  if (is_plain (layer))
    return lower_plain (layer, &kernels, call);
  if (!begin_binary (layer, &scales, &parameters, error))
    return FALSE;
  parameters.left_shift = sum_left_shift (layer);
  twice_larger = 2 * MAX ((double)scales.input1, (double)scales.input2);
  factors.input1 = (double)scales.input1 / twice_larger;
  factors.input2 = (double)scales.input2 / twice_larger;
  factors.output = twice_larger / ((1 << parameters.left_shift) * (double)scales.output);
  return check_output_factor (factors.output, error)
         && set_multipliers (&factors, &parameters, error)
         && (fettle_lower_packed_add (layer, &parameters, call)
             || fettle_lower_helium_add (layer, &parameters, call)
             || lower_quantized (layer, &kernels, &factors, &parameters, call, error));
}

/* As ADD, but the reference has its factors in float. */
gboolean
fettle_lower_sub (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  static const Kernels kernels = { FRT_KERNEL_SUB_F32, FRT_KERNEL_SUB_S8,
                                   FRT_KERNEL_SUB_S16, FRT_KERNEL_SUB_S32 };
  struct frt_binary_s8_parameters parameters;
  Scales scales;
  Factors factors;
  float twice_larger;

  if (is_plain (layer))
    return lower_plain (layer, &kernels, call);
  if (!begin_binary (layer, &scales, &parameters, error))
    return FALSE;
  parameters.left_shift = sum_left_shift (layer);
  twice_larger = 2 * MAX (scales.input1, scales.input2);
  factors.input1 = (double)(scales.input1 / twice_larger);
  factors.input2 = (double)(scales.input2 / twice_larger);
  factors.output =
      (double)(twice_larger / ((float)(1 << parameters.left_shift) * scales.output));
  return check_output_factor (factors.output, error)
         && lower_quantized (layer, &kernels, &factors, &parameters, call, error);
}

gboolean
fettle_lower_mul (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  static const Kernels kernels = { FRT_KERNEL_MUL_F32, FRT_KERNEL_MUL_S8,
                                   FRT_KERNEL_MUL_S16, FRT_KERNEL_MUL_S32 };
  struct frt_binary_s8_parameters parameters;
  Scales scales;
  Factors factors = { 0 };

  if (is_plain (layer))
    return lower_plain (layer, &kernels, call);
  if (!begin_binary (layer, &scales, &parameters, error)
      || !check_symmetric (layer, &parameters, error))
    return FALSE;
  factors.output = (double)scales.input1 * (double)scales.input2 / (double)scales.output;
  return lower_quantized (layer, &kernels, &factors, &parameters, call, error);
}

gboolean
fettle_lower_div (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  static const Kernels kernels = { .f32 = FRT_KERNEL_DIV_F32 };

  return lower_plain (layer, &kernels, call);
}

gboolean
fettle_lower_squared_difference (const FettleLayer *layer, FettleKernelCall *call,
                                 GError **error)
{
  static const Kernels kernels = { FRT_KERNEL_SQUARED_DIFFERENCE_F32,
                                   FRT_KERNEL_SQUARED_DIFFERENCE_S8,
                                   FRT_KERNEL_SQUARED_DIFFERENCE_S16,
                                   FRT_KERNEL_SQUARED_DIFFERENCE_S32 };
  struct frt_binary_s8_parameters parameters;
  Scales scales;
  Factors factors;
  double twice_larger;

  if (is_plain (layer))
    return lower_plain (layer, &kernels, call);
  if (!begin_binary (layer, &scales, &parameters, error)
      || !check_symmetric (layer, &parameters, error))
    return FALSE;
  /* As much as leaves room for the square. */
  parameters.left_shift = layer->output->type == FETTLE_TYPE_INT8 ? 7 : 0;
  twice_larger = 2 * MAX ((double)scales.input1, (double)scales.input2);
  factors.input1 = (double)scales.input1 / twice_larger;
  factors.input2 = (double)scales.input2 / twice_larger;
  /* The reference has this denominator in float. */
  factors.output = twice_larger * twice_larger
                   / (double)((float)(1 << (2 * parameters.left_shift)) * scales.output);
  return lower_quantized (layer, &kernels, &factors, &parameters, call, error);
}

/* The values themselves are compared, whatever their scales, as in the reference. */
gboolean
fettle_lower_minimum_maximum (const FettleLayer *layer, FettleKernelCall *call,
                              GError **error)
{
  gboolean is_minimum = layer->operator_->opcode == FETTLE_OPCODE_MINIMUM;

  if (layer->is_float)
    return fettle_lower_float_range (
        layer, is_minimum ? FRT_KERNEL_MINIMUM_F32 : FRT_KERNEL_MAXIMUM_F32, 2,
        FETTLE_ACTIVATION_NONE, call);
  fettle_lower_set_call (
      layer, call, is_minimum ? FRT_KERNEL_MINIMUM_INTEGER : FRT_KERNEL_MAXIMUM_INTEGER,
      2, NULL, 0);
  return TRUE;
}

gboolean
fettle_lower_prelu (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  struct frt_prelu_s8_parameters parameters;
  float input, alpha, output;

  if (layer->is_float)
    return fettle_lower_float_range (layer, FRT_KERNEL_PRELU_F32, 2,
                                     FETTLE_ACTIVATION_NONE, call);
  if (!fettle_lower_get_scale (layer->inputs[0], &input, &parameters.input_offset, error)
      || !fettle_lower_get_scale (layer->inputs[1], &alpha, &parameters.alpha_offset,
                                  error)
      || !fettle_lower_get_scale (layer->output, &output, &parameters.output_offset,
                                  error)
      || !fettle_lower_multiplier ((double)input / (double)output,
                                   &parameters.positive_multiplier,
                                   &parameters.positive_shift, error)
      || !fettle_lower_multiplier ((double)input * (double)alpha / (double)output,
                                   &parameters.negative_multiplier,
                                   &parameters.negative_shift, error))
    return FALSE;
  parameters.input_offset = -parameters.input_offset;
  parameters.alpha_offset = -parameters.alpha_offset;
  fettle_lower_set_call (layer, call, FRT_KERNEL_PRELU_S8, 2, &parameters,
                         sizeof parameters);
  return TRUE;
}

static guint32
accepted_outcomes (FettleOpcode opcode)
{
  switch (opcode)
    {
    case FETTLE_OPCODE_EQUAL:
      return FRT_EQUAL;
    case FETTLE_OPCODE_NOT_EQUAL:
      return FRT_LESS | FRT_GREATER | FRT_UNORDERED;
    case FETTLE_OPCODE_GREATER:
      return FRT_GREATER;
    case FETTLE_OPCODE_GREATER_EQUAL:
      return FRT_GREATER | FRT_EQUAL;
    case FETTLE_OPCODE_LESS:
      return FRT_LESS;
    default:
      return FRT_LESS | FRT_EQUAL;
    }
}

static gboolean
lower_comparison_s8 (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  struct frt_compare_s8_parameters parameters = {
    .accepted = accepted_outcomes (layer->operator_->opcode),
  };
  float scale1, scale2;

  if (!fettle_lower_get_scale (layer->inputs[0], &scale1, &parameters.input1_offset,
                               error)
      || !fettle_lower_get_scale (layer->inputs[1], &scale2, &parameters.input2_offset,
                                  error))
    return FALSE;
  parameters.input1_offset = -parameters.input1_offset;
  parameters.input2_offset = -parameters.input2_offset;
  if (scale1 >= 1 || scale2 >= 1)
    {
      g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
                           "the scales of its inputs are not below 1.");
      return FALSE;
    }
  if (!fettle_lower_multiplier ((double)scale1, &parameters.input1_multiplier,
                                &parameters.input1_shift, error)
      || !fettle_lower_multiplier ((double)scale2, &parameters.input2_multiplier,
                                   &parameters.input2_shift, error))
    return FALSE;
  fettle_lower_set_call (layer, call, FRT_KERNEL_COMPARE_S8, 2, &parameters,
                         sizeof parameters);
  return TRUE;
}

gboolean
fettle_lower_comparison (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  struct frt_compare_parameters parameters = { accepted_outcomes (
      layer->operator_->opcode) };
  guint16 kernel = FRT_KERNEL_COMPARE_INTEGER;

  if (layer->inputs[0]->type == FETTLE_TYPE_INT8)
    return lower_comparison_s8 (layer, call, error);
  if (layer->is_float)
    kernel = FRT_KERNEL_COMPARE_F32;
  else if (layer->inputs[0]->type == FETTLE_TYPE_INT64)
    kernel = FRT_KERNEL_COMPARE_S64;
  fettle_lower_set_call (layer, call, kernel, 2, &parameters, sizeof parameters);
  return TRUE;
}

gboolean
fettle_lower_logical (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  FettleOpcode opcode = layer->operator_->opcode;

  if (opcode == FETTLE_OPCODE_LOGICAL_NOT)
    fettle_lower_set_call (layer, call, FRT_KERNEL_LOGICAL_NOT, 1, NULL, 0);
  else
    fettle_lower_set_call (layer, call,
                           opcode == FETTLE_OPCODE_LOGICAL_AND ? FRT_KERNEL_LOGICAL_AND
                                                               : FRT_KERNEL_LOGICAL_OR,
                           2, NULL, 0);
  return TRUE;
}
