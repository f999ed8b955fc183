/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lower-normalization.c: SOFTMAX, LOG_SOFTMAX and L2_NORMALIZATION, which work on rows. */
#include "model/lower-private.h"

#include <math.h>

/* More equal elements would overflow the runtime's 32-bit sums. */
#define LONGEST_SOFTMAX_ROW     8191
#define LONGEST_SOFTMAX_ROW_S16 65535
#define LONGEST_LOG_SOFTMAX_ROW 4095
#define LONGEST_L2_ROW          32768

/* Integer bits of the fixed-point exponent of SOFTMAX from int8. */
#define INPUT_BITS 5

#define TABLE_STEPS 512

static gboolean
unsupported (GError **error, const char *message)
{
  g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
                       message);
  return FALSE;
}

static gboolean
check_row (const FettleLayer *layer, gint32 longest, GError **error)
{
  const FettleTensor *output = layer->output;

  if (output->rank == 0 || output->shape[output->rank - 1] <= longest)
    return TRUE;
  g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
               "its rows are longer than %d elements.", longest);
  return FALSE;
}

/* From the scale of input 0 of int8. */
static gboolean
scale_softmax (const FettleLayer *layer, float beta,
               struct frt_softmax_s8_parameters *parameters, GError **error)
{
  float input;
  gint32 zero_point;
  double factor;
  int left_shift;

  if (!fettle_lower_get_scale (layer->inputs[0], &input, &zero_point, error))
    return FALSE;
  factor = MIN ((double)beta * (double)input * (1 << (31 - INPUT_BITS)),
                layer->rounding == FETTLE_ROUNDING_SINGLE ? 1073741823.0 : 2147483647.0);
  if (!(factor > 1))
    return unsupported (error, "the scale of its input is too small.");
  /* The cap above keeps the shift at 31 or less, which is enough here: only differences above
   * difference_minimum are shifted. */
  fettle_quantize_multiplier (factor, &parameters->multiplier, &left_shift);
  parameters->left_shift = left_shift;
  parameters->difference_minimum = -(gint32)floor (
      31.0 * (1 << (31 - INPUT_BITS)) / (double)(G_GINT64_CONSTANT (1) << left_shift));
  return TRUE;
}

static gboolean
lower_softmax_s8 (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  gboolean is_wide = layer->output->type == FETTLE_TYPE_INT16;
  struct frt_softmax_s8_parameters parameters;
  float output;
  gint32 zero_point;

  if (!fettle_lower_get_scale (layer->output, &output, &zero_point, error)
      || !check_row (layer, LONGEST_SOFTMAX_ROW, error))
    return FALSE;
  if (is_wide ? fabs ((double)output * 65536 - 1) > 0.001 || zero_point != G_MININT16
              : output != 1.0f / 256 || zero_point != G_MININT8)
    return unsupported (
        error, is_wide ? "its output must have scale 1/65536 and zero point -32768."
                       : "its output must have scale 1/256 and zero point -128.");
  if (!scale_softmax (layer, layer->operator_->options.beta, &parameters, error))
    return FALSE;
  fettle_lower_set_call (layer, call,
                         is_wide ? FRT_KERNEL_SOFTMAX_S8_S16 : FRT_KERNEL_SOFTMAX_S8, 1,
                         &parameters, sizeof parameters);
  return TRUE;
}

static float
exponential (float x)
{
  return expf (x);
}

static float
reciprocal_of_one_plus (float x)
{
  return 1.0f / (1.0f + x);
}

/* LUTPopulate for int16, from INPUT_SCALE * (q - ZERO_POINT) to Q0.15, in float like the reference.
 * A sample gives way by half the error that interpolation has in the middle of its step. */
static guint32
add_table (const FettleLayer *layer, float (*function) (float x), float input_scale,
           gint32 zero_point)
{
  const float output_scale = 2.0f / 65535;
  const float low = input_scale * (float)(G_MININT16 - zero_point);
  const float high = input_scale * (float)(G_MAXINT16 - zero_point);
  const float step = (high - low) / TABLE_STEPS, half_step = step / 2;
  const float scale = 65536.0f / (output_scale * G_MAXINT16 - output_scale * G_MININT16);
  gint16 table[TABLE_STEPS + 1];

  for (guint i = 0; i < TABLE_STEPS; i++)
    {
      float start = low + (float)i * step;
      float sample = roundf (function (start) * scale);
      float middle = roundf (function (start + half_step) * scale);
      float next = function (low + (float)(i + 1) * step) * scale;
      float interpolated = roundf ((next + sample) / 2);
      float correction = roundf ((interpolated - middle) / 2);

      table[i] = (gint16)CLAMP (sample - correction, G_MININT16, G_MAXINT16);
    }
  table[TABLE_STEPS] =
      (gint16)CLAMP (roundf (function (high) * scale), G_MININT16, G_MAXINT16);
  return fettle_image_writer_add_constant (layer->writer, table, sizeof table);
}

static gboolean
lower_softmax_s16 (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  const float range = 65535.0f;
  struct frt_softmax_s16_parameters parameters;
  float input, output;

  if (!fettle_lower_get_scale_s16 (layer->inputs[0], &input, error)
      || !fettle_lower_get_scale_s16 (layer->output, &output, error)
      || !check_row (layer, LONGEST_SOFTMAX_ROW_S16, error))
    return FALSE;
  if (fabs ((double)output * 32768 - 1) > 0.001)
    return unsupported (error, "its output must have scale 1/32768 and zero point 0.");
  if (!fettle_lower_multiplier ((double)input * (double)layer->operator_->options.beta
                                    / (10.0 / 65535.0),
                                &parameters.multiplier, &parameters.shift, error))
    return FALSE;
  parameters.exponentials_offset =
      add_table (layer, exponential, 10.0f / range, G_MAXINT16);
  parameters.reciprocals_offset =
      add_table (layer, reciprocal_of_one_plus, 1.0f / range, G_MININT16);
  fettle_lower_set_call (layer, call, FRT_KERNEL_SOFTMAX_S16, 1, &parameters,
                         sizeof parameters);
  return TRUE;
}

gboolean
fettle_lower_softmax (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  struct frt_softmax_f32_parameters parameters = { layer->operator_->options.beta };

  if (!isfinite (parameters.beta) || !(parameters.beta > 0))
    {
      g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_INVALID,
                           "its beta is not a positive number.");
      return FALSE;
    }
  if (layer->inputs[0]->type == FETTLE_TYPE_INT16)
    return lower_softmax_s16 (layer, call, error);
  if (!layer->is_float)
    return lower_softmax_s8 (layer, call, error);
  fettle_lower_set_call (layer, call, FRT_KERNEL_SOFTMAX_F32, 1, &parameters,
                         sizeof parameters);
  return TRUE;
}

gboolean
fettle_lower_log_softmax (const FettleLayer *layer, FettleKernelCall *call,
                          GError **error)
{
  struct frt_log_softmax_s8_parameters parameters;
  float output;
  gint32 zero_point, shift;

  if (layer->is_float)
    {
      fettle_lower_set_call (layer, call, FRT_KERNEL_LOG_SOFTMAX_F32, 1, NULL, 0);
      return TRUE;
    }
  if (!fettle_lower_get_scale (layer->output, &output, &zero_point, error)
      || !check_row (layer, LONGEST_LOG_SOFTMAX_ROW, error))
    return FALSE;
  if (output != 1.0f / 16 || zero_point != G_MAXINT8)
    return unsupported (error, "its output must have scale 1/16 and zero point 127.");
  if (!scale_softmax (layer, 1.0f, &parameters.scaling, error)
      || !fettle_lower_multiplier (
          (double)(G_GINT64_CONSTANT (1) << (31 - parameters.scaling.left_shift))
              / (double)parameters.scaling.multiplier,
          &parameters.reverse_multiplier, &shift, error))
    return FALSE;
  parameters.reverse_right_shift = MAX (-shift, 0);
  fettle_lower_set_call (layer, call, FRT_KERNEL_LOG_SOFTMAX_S8, 1, &parameters,
                         sizeof parameters);
  return TRUE;
}

gboolean
fettle_lower_l2_normalization (const FettleLayer *layer, FettleKernelCall *call,
                               GError **error)
{
  struct frt_l2_normalization_s8_parameters parameters;
  float scale;
  gint32 zero_point;

  if (layer->operator_->options.activation != FETTLE_ACTIVATION_NONE)
    return unsupported (error, "its fused activation is not supported.");
  if (layer->is_float)
    {
      fettle_lower_set_call (layer, call, FRT_KERNEL_L2_NORMALIZATION_F32, 1, NULL, 0);
      return TRUE;
    }
  if (!fettle_lower_get_scale (layer->output, &scale, &zero_point, error)
      || !check_row (layer, LONGEST_L2_ROW, error))
    return FALSE;
  if (scale != 1.0f / 128 || zero_point != 0)
    return unsupported (error, "its output must have scale 1/128 and zero point 0.");
  if (!fettle_lower_get_scale (layer->inputs[0], &scale, &zero_point, error))
    return FALSE;
  parameters.input_offset = -zero_point;
  fettle_lower_set_call (layer, call, FRT_KERNEL_L2_NORMALIZATION_S8, 1, &parameters,
                         sizeof parameters);
  return TRUE;
}
