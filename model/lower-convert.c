/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lower-convert.c: CAST, QUANTIZE and DEQUANTIZE. */
#include "model/lower-private.h"

gboolean
fettle_lower_cast (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  fettle_lower_set_call (layer, call, FRT_KERNEL_CAST, 1, NULL, 0);
  return TRUE;
}

static void
lower_requantize_s8 (const FettleLayer *layer,
                     const struct frt_requantize_parameters *general,
                     FettleKernelCall *call)
{
  struct frt_requantize_s8_parameters parameters = {
    .input_offset = -general->input_zero_point,
    .output_offset = general->output_zero_point,
    .multiplier = general->multiplier,
    .shift = general->shift,
    .minimum = G_MININT8,
    .maximum = G_MAXINT8,
  };

  fettle_lower_set_call (layer, call, FRT_KERNEL_REQUANTIZE_S8, 1, &parameters,
                         sizeof parameters);
}

static gboolean
lower_requantize (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  struct frt_requantize_parameters parameters;
  float input, output;

  if (!fettle_lower_get_scale (layer->input, &input, &parameters.input_zero_point, error)
      || !fettle_lower_get_scale (layer->output, &output, &parameters.output_zero_point,
                                  error)
      || !fettle_lower_multiplier ((double)input / (double)output, &parameters.multiplier,
                                   &parameters.shift, error))
    return FALSE;
  if (layer->input->type == FETTLE_TYPE_INT8 && layer->output->type == FETTLE_TYPE_INT8)
    lower_requantize_s8 (layer, &parameters, call);
  else
    fettle_lower_set_call (layer, call, FRT_KERNEL_REQUANTIZE, 1, &parameters,
                           sizeof parameters);
  return TRUE;
}

gboolean
fettle_lower_quantize (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  struct frt_quantize_parameters parameters;

  if (!layer->is_float)
    return lower_requantize (layer, call, error);
  if (!fettle_lower_get_scale (layer->output, &parameters.scale, &parameters.zero_point,
                               error))
    return FALSE;
  fettle_lower_set_call (layer, call, FRT_KERNEL_QUANTIZE_F32, 1, &parameters,
                         sizeof parameters);
  return TRUE;
}

gboolean
fettle_lower_dequantize (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  struct frt_dequantize_parameters parameters;

  if (!fettle_lower_get_scale (layer->input, &parameters.scale, &parameters.zero_point,
                               error))
    return FALSE;
  fettle_lower_set_call (layer, call, FRT_KERNEL_DEQUANTIZE_F32, 1, &parameters,
                         sizeof parameters);
  return TRUE;
}
