/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lower-common.c: what the lowering of several operators shares. */
#include "model/lower-private.h"
#include "model/window.h"

#include <math.h>

#define LARGEST_SHIFT 30 /* to the left; more cannot leave an int32 meaningful */

static gboolean
kernel_exists (guint16 kernel)
{
  for (gsize i = 0; i < frt_all_kernels_count; i++)
    if (frt_all_kernels[i]->id == kernel)
      return TRUE;
  return FALSE;
}

void
fettle_lower_set_call (const FettleLayer *layer, FettleKernelCall *call, guint16 kernel,
                       guint8 n_inputs, gconstpointer parameters, gsize size)
{
  guint16 single = (guint16)(kernel + FRT_KERNEL_SINGLE_ROUNDING);

  call->kernel = layer->rounding == FETTLE_ROUNDING_SINGLE && kernel_exists (single)
                     ? single
                     : kernel;
  call->n_inputs = n_inputs;
  call->parameters_size = (guint32)size;
  call->parameters_offset =
      size > 0 ? fettle_image_writer_add_parameters (layer->writer, parameters, size) : 0;
}

gboolean
fettle_lower_float_range (const FettleLayer *layer, guint16 kernel, guint8 n_inputs,
                          FettleActivation activation, FettleKernelCall *call)
{
  struct frt_float_range_parameters parameters;

  fettle_activation_range_f32 (activation, &parameters.minimum, &parameters.maximum);
  fettle_lower_set_call (layer, call, kernel, n_inputs, &parameters, sizeof parameters);
  return TRUE;
}

gboolean
fettle_lower_get_scale (const FettleTensor *tensor, float *scale, gint32 *zero_point,
                        GError **error)
{
  fettle_tensor_get_scale (tensor, scale, zero_point);
  if (*scale > 0)
    return TRUE;
  g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
               "its tensor “%s” is %s but has no scale of its own.", tensor->name,
               fettle_type_get_name (tensor->type));
  return FALSE;
}

gboolean
fettle_lower_multiplier (double value, gint32 *multiplier, gint32 *shift, GError **error)
{
  int exponent;

  fettle_quantize_multiplier (value, multiplier, &exponent);
  *shift = exponent;
  if (isfinite (value) && exponent <= LARGEST_SHIFT)
    return TRUE;
  g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
                       "the scales of its tensors are too far apart.");
  return FALSE;
}

guint32
fettle_lower_add_tensor_data (const FettleLayer *layer, const FettleTensor *tensor)
{
  gsize size;
  gconstpointer data;

  if (tensor == NULL)
    return 0;
  data = g_bytes_get_data (tensor->data, &size);
  return fettle_image_writer_add_constant (layer->writer, data, size);
}

gboolean
fettle_lower_quantize_channels (const FettleLayer *layer, guint n_channels,
                                gint32 *multipliers, gint8 *shifts, GError **error)
{
  const FettleQuantization *weights = &layer->inputs[1]->quantization;
  gboolean is_dense = layer->operator_->opcode == FETTLE_OPCODE_FULLY_CONNECTED;
  float input_scale, output_scale;
  gint32 zero_point, shift;

  if (!fettle_lower_get_scale (layer->inputs[0], &input_scale, &zero_point, error)
      || !fettle_lower_get_scale (layer->output, &output_scale, &zero_point, error))
    return FALSE;
  if (weights->n_channels == 0)
    {
      g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
                   "its weights “%s” are %s but have no scale.", layer->inputs[1]->name,
                   fettle_type_get_name (layer->inputs[1]->type));
      return FALSE;
    }
  for (guint i = 0; i < n_channels; i++)
    {
      float scale = weights->scales[weights->n_channels > 1 ? i : 0];
      double product = (double)input_scale * (double)scale;

      /* The reference rounds this one product to float. */
      if (is_dense && weights->n_channels == 1)
        product = (double)(input_scale * scale);
      if (!fettle_lower_multiplier (product / (double)output_scale, &multipliers[i],
                                    &shift, error))
        return FALSE;
      shifts[i] = (gint8)shift;
    }
  return TRUE;
}

gboolean
fettle_lower_channel_multipliers (const FettleLayer *layer, guint n_channels,
                                  guint32 *multiplier_offset, guint32 *shift_offset,
                                  GError **error)
{
  g_autofree gint32 *multipliers = g_new (gint32, n_channels);
  g_autofree gint8 *shifts = g_new (gint8, n_channels);

  if (!fettle_lower_quantize_channels (layer, n_channels, multipliers, shifts, error))
    return FALSE;
  *multiplier_offset = fettle_image_writer_add_constant (
      layer->writer, multipliers, n_channels * sizeof *multipliers);
  *shift_offset = fettle_image_writer_add_constant (layer->writer, shifts,
                                                    n_channels * sizeof *shifts);
  return TRUE;
}

gboolean
fettle_lower_window (const FettleLayer *layer, gint32 height, gint32 width,
                     struct frt_window *window, GError **error)
{
  const FettleOptions *options = &layer->operator_->options;
  const gint32 *in = layer->inputs[0]->shape, *out = layer->output->shape;
  FettleWindowAxis rows = fettle_window_rows (options, height);
  FettleWindowAxis columns = fettle_window_columns (options, width);
  gint32 top = fettle_window_leading_padding (&rows, in[1], out[1]);
  gint32 left = fettle_window_leading_padding (&columns, in[2], out[2]);

  if (MAX (height, width) > G_MAXUINT16 || MAX (top, left) > G_MAXUINT16
      || MAX (options->stride_height, options->stride_width) > G_MAXUINT16
      || MAX (rows.dilation, columns.dilation) > G_MAXUINT16)
    {
      g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
                           "its window, stride or dilation is larger than 65535.");
      return FALSE;
    }
  *window = (struct frt_window){
    .height = (guint16)height,
    .width = (guint16)width,
    .stride_height = (guint16)options->stride_height,
    .stride_width = (guint16)options->stride_width,
    .dilation_height = (guint16)rows.dilation,
    .dilation_width = (guint16)columns.dilation,
    .padding_top = (guint16)top,
    .padding_left = (guint16)left,
  };
  return TRUE;
}

void
fettle_lower_output_range_s8 (const FettleLayer *layer, gint32 *zero_point,
                              gint32 *minimum, gint32 *maximum)
{
  float scale;

  fettle_tensor_get_scale (layer->output, &scale, zero_point);
  fettle_activation_range_s8 (layer->operator_->options.activation, scale, *zero_point,
                              minimum, maximum);
}
