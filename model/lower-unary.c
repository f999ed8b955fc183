/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lower-unary.c: functions of one value: of float, of int8 by a table, of int16. */
#include "model/lookup-table.h"
#include "model/lower-private.h"
#include "model/sigmoid-table.h"

#include <math.h>

static const guint16 float_kernels[FETTLE_N_OPCODES] = {
  [FETTLE_OPCODE_ABS] = FRT_KERNEL_ABS_F32,
  [FETTLE_OPCODE_NEG] = FRT_KERNEL_NEG_F32,
  [FETTLE_OPCODE_SQRT] = FRT_KERNEL_SQRT_F32,
  [FETTLE_OPCODE_RSQRT] = FRT_KERNEL_RSQRT_F32,
  [FETTLE_OPCODE_LOG] = FRT_KERNEL_LOG_F32,
  [FETTLE_OPCODE_EXP] = FRT_KERNEL_EXP_F32,
  [FETTLE_OPCODE_SQUARE] = FRT_KERNEL_SQUARE_F32,
  [FETTLE_OPCODE_FLOOR] = FRT_KERNEL_FLOOR_F32,
  [FETTLE_OPCODE_CEIL] = FRT_KERNEL_CEIL_F32,
  [FETTLE_OPCODE_ROUND] = FRT_KERNEL_ROUND_F32,
  [FETTLE_OPCODE_SIN] = FRT_KERNEL_SIN_F32,
  [FETTLE_OPCODE_COS] = FRT_KERNEL_COS_F32,
  [FETTLE_OPCODE_LOGISTIC] = FRT_KERNEL_LOGISTIC_F32,
  [FETTLE_OPCODE_TANH] = FRT_KERNEL_TANH_F32,
  [FETTLE_OPCODE_ELU] = FRT_KERNEL_ELU_F32,
  [FETTLE_OPCODE_GELU] = FRT_KERNEL_GELU_F32,
  [FETTLE_OPCODE_HARD_SWISH] = FRT_KERNEL_HARD_SWISH_F32,
};

static gboolean
lower_float (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  const FettleOperator *operator_ = layer->operator_;
  struct frt_leaky_relu_f32_parameters leaky = { operator_->options.alpha };

  if (operator_->opcode == FETTLE_OPCODE_LEAKY_RELU)
    fettle_lower_set_call (layer, call, FRT_KERNEL_LEAKY_RELU_F32, 1, &leaky,
                           sizeof leaky);
  else if (operator_->opcode == FETTLE_OPCODE_GELU && operator_->options.is_approximate)
    fettle_lower_set_call (layer, call, FRT_KERNEL_GELU_TANH_F32, 1, NULL, 0);
  else
    fettle_lower_set_call (layer, call, float_kernels[operator_->opcode], 1, NULL, 0);
  return TRUE;
}

static gboolean
lower_s8 (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  struct frt_lookup_parameters parameters;
  FettleLookupScales scales = { .rounds_once =
                                    layer->rounding == FETTLE_ROUNDING_SINGLE };
  gint8 table[FETTLE_LOOKUP_LENGTH];

  if (!fettle_lower_get_scale (layer->inputs[0], &scales.input_scale, &scales.input_zero,
                               error)
      || !fettle_lower_get_scale (layer->output, &scales.output_scale,
                                  &scales.output_zero, error)
      || !fettle_lookup_table_fill (layer->operator_, &scales, table, error))
    return FALSE;
  parameters.table_offset =
      fettle_image_writer_add_constant (layer->writer, table, sizeof table);
  fettle_lower_set_call (layer, call, FRT_KERNEL_LOOKUP_S8, 1, &parameters,
                         sizeof parameters);
  return TRUE;
}

static gboolean
refuse (const char *message, GError **error)
{
  g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
                       message);
  return FALSE;
}

/* TRUE if SCALE is a power of two, within the reference's tolerance. */
static gboolean
read_power_of_two (float scale, int *exponent)
{
  float logarithm = logf (scale) * (1.0f / logf (2.0f));

  *exponent = (int)roundf (logarithm);
  return fabsf (logarithm - (float)*exponent) < 1e-3f;
}

/* LOGISTIC and TANH: from the input's steps to those of 1 / (3 * 4096). */
static gboolean
lower_sigmoid_s16 (const FettleLayer *layer, float input, float output,
                   FettleKernelCall *call, GError **error)
{
  gboolean is_tanh = layer->operator_->opcode == FETTLE_OPCODE_TANH;
  struct frt_sigmoid_s16_parameters parameters = { 0 };
  guint16 table[FETTLE_SIGMOID_TABLE_LENGTH];
  double multiplier = (double)input * 4096.0 * 3.0;
  int exponent;

  if (!read_power_of_two (output, &exponent) || exponent != -15)
    return refuse ("its output must have scale 1/32768.", error);
  if (read_power_of_two (input, &exponent)
      && (exponent == -12 || (is_tanh && exponent == -11)))
    parameters.multiplier = 3 << (exponent + 12);
  else
    {
      for (; multiplier <= 32767.0 / 2.0 && parameters.shift <= 30; parameters.shift++)
        multiplier *= 2.0;
      if (multiplier > 32767.0)
        return refuse ("the scale of its input is too large.", error);
      parameters.multiplier = (gint32)multiplier;
    }
  fettle_sigmoid_table_fill (table);
  parameters.table_offset =
      fettle_image_writer_add_constant (layer->writer, table, sizeof table);
  fettle_lower_set_call (layer, call,
                         is_tanh ? FRT_KERNEL_TANH_S16 : FRT_KERNEL_LOGISTIC_S16, 1,
                         &parameters, sizeof parameters);
  return TRUE;
}

static gboolean
lower_leaky_relu_s16 (const FettleLayer *layer, float input, float output,
                      FettleKernelCall *call, GError **error)
{
  double negative = (double)(input * layer->operator_->options.alpha / output);
  struct frt_leaky_relu_s16_parameters parameters = { .negates = negative < 0 };

  if (!fettle_lower_multiplier ((double)(input / output), &parameters.positive_multiplier,
                                &parameters.positive_shift, error)
      || !fettle_lower_multiplier (fabs (negative), &parameters.negative_multiplier,
                                   &parameters.negative_shift, error))
    return FALSE;
  fettle_lower_set_call (layer, call, FRT_KERNEL_LEAKY_RELU_S16, 1, &parameters,
                         sizeof parameters);
  return TRUE;
}

static gboolean
lower_abs_s16 (const FettleLayer *layer, float input, float output,
               FettleKernelCall *call, GError **error)
{
  struct frt_requantize_s8_parameters parameters = { .minimum = G_MININT16,
                                                     .maximum = G_MAXINT16 };

  if (!fettle_lower_multiplier ((double)(input / output), &parameters.multiplier,
                                &parameters.shift, error))
    return FALSE;
  fettle_lower_set_call (layer, call, FRT_KERNEL_ABS_S16, 1, &parameters,
                         sizeof parameters);
  return TRUE;
}

static gboolean
lower_rsqrt_s16 (const FettleLayer *layer, float input, float output,
                 FettleKernelCall *call, GError **error)
{
  struct frt_rsqrt_s16_parameters parameters;

  /* The reference has this denominator in float. */
  if (!fettle_lower_multiplier (1.0 / (double)(sqrtf (input) * output)
                                    / (1 << 20), /* which the kernel's root has more */
                                &parameters.multiplier, &parameters.shift, error))
    return FALSE;
  fettle_lower_set_call (layer, call, FRT_KERNEL_RSQRT_S16, 1, &parameters,
                         sizeof parameters);
  return TRUE;
}

static gboolean
lower_s16 (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  float input, output;
  gint32 input_zero, output_zero;

  if (!fettle_lower_get_scale (layer->inputs[0], &input, &input_zero, error)
      || !fettle_lower_get_scale (layer->output, &output, &output_zero, error))
    return FALSE;
  if (input_zero != 0 || output_zero != 0)
    return refuse ("the zero points of its int16 tensors are not 0.", error);
  switch (layer->operator_->opcode)
    {
    case FETTLE_OPCODE_LEAKY_RELU:
      return lower_leaky_relu_s16 (layer, input, output, call, error);
    case FETTLE_OPCODE_ABS:
      return lower_abs_s16 (layer, input, output, call, error);
    case FETTLE_OPCODE_RSQRT:
      return lower_rsqrt_s16 (layer, input, output, call, error);
    default:
      return lower_sigmoid_s16 (layer, input, output, call, error);
    }
}

gboolean
fettle_lower_unary (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  if (layer->is_float)
    return lower_float (layer, call, error);
  return layer->inputs[0]->type == FETTLE_TYPE_INT8 ? lower_s8 (layer, call, error)
                                                    : lower_s16 (layer, call, error);
}
