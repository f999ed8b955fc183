/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lower-16x8.c: what layers of int16 with int8 weights share. */
#include "model/lower-private.h"

#include <string.h>

/* To the left, of sums of int64. */
#define LARGEST_SHIFT 7

gboolean
fettle_lower_get_scale_s16 (const FettleTensor *tensor, float *scale, GError **error)
{
  gint32 zero_point;

  if (!fettle_lower_get_scale (tensor, scale, &zero_point, error))
    return FALSE;
  if (zero_point == 0)
    return TRUE;
  g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
               "its tensor “%s” is int16 with the zero point %d; only 0 is supported.",
               tensor->name, zero_point);
  return FALSE;
}

static gboolean
check_wide_shift (gint32 shift, GError **error)
{
  if (shift <= LARGEST_SHIFT)
    return TRUE;
  g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
                       "the scale of its output is far too small for those of its "
                       "operands.");
  return FALSE;
}

gboolean
fettle_lower_wide_multiplier (double value, gint32 *multiplier, gint32 *shift,
                              GError **error)
{
  return fettle_lower_multiplier (value, multiplier, shift, error)
         && check_wide_shift (*shift, error);
}

/* The reference's rule: the bias decides. DEPTHWISE_CONV_2D and TRANSPOSE_CONV are always wide. */
static guint32
accumulator_bits (const FettleLayer *layer)
{
  const FettleTensor *bias = layer->inputs[2];
  FettleType type = bias != NULL ? bias->type : layer->operator_->options.bias_type;

  if (layer->operator_->opcode != FETTLE_OPCODE_CONV_2D
      && layer->operator_->opcode != FETTLE_OPCODE_FULLY_CONNECTED)
    return 64;
  return type == FETTLE_TYPE_INT32 ? 32 : 64;
}

/* Offset of the bias as int64, whatever integer it was. */
static guint32
add_wide_bias (const FettleLayer *layer)
{
  const FettleTensor *bias = layer->inputs[2];
  gsize n, size;
  const guint8 *data;
  g_autofree gint64 *wide = NULL;

  if (bias == NULL)
    return 0;
  n = fettle_tensor_get_n_elements (bias);
  data = g_bytes_get_data (bias->data, &size);
  size /= n;
  wide = g_new0 (gint64, n);
  for (gsize i = 0; i < n; i++)
    {
      guint spare = (guint)(8 * (sizeof *wide - size));

      memcpy (&wide[i], data + i * size, size);
      wide[i] = (gint64)((guint64)wide[i] << spare) >> spare;
    }
  return fettle_image_writer_add_constant (layer->writer, wide, n * sizeof *wide);
}

gboolean
fettle_lower_output_s16 (const FettleLayer *layer, guint n_channels,
                         struct frt_output_s16_parameters *parameters, GError **error)
{
  guint32 bits = accumulator_bits (layer);
  g_autofree gint32 *multipliers = g_new (gint32, n_channels);
  g_autofree gint8 *shifts = g_new (gint8, n_channels);
  float input, output;

  if (!fettle_lower_get_scale_s16 (layer->inputs[0], &input, error)
      || !fettle_lower_get_scale_s16 (layer->output, &output, error)
      || !fettle_lower_quantize_channels (layer, n_channels, multipliers, shifts, error))
    return FALSE;
  for (guint i = 0; bits == 64 && i < n_channels; i++)
    if (!check_wide_shift (shifts[i], error))
      return FALSE;
  parameters->accumulator_bits = bits;
  parameters->multiplier_offset = fettle_image_writer_add_constant (
      layer->writer, multipliers, n_channels * sizeof *multipliers);
  parameters->shift_offset = fettle_image_writer_add_constant (
      layer->writer, shifts, n_channels * sizeof *shifts);
  parameters->bias_offset = bits == 64
                                ? add_wide_bias (layer)
                                : fettle_lower_add_tensor_data (layer, layer->inputs[2]);
  fettle_activation_range_quantized (layer->operator_->options.activation,
                                     FETTLE_TYPE_INT16, output, 0, &parameters->minimum,
                                     &parameters->maximum);
  return TRUE;
}
