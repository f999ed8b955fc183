/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lower-batch-matmul.c: BATCH_MATMUL. */
#include "model/lower-private.h"

static gboolean
lower_s8 (const FettleLayer *layer, guint32 transposed, double factor,
          FettleKernelCall *call, GError **error)
{
  struct frt_batch_matmul_s8_parameters parameters = { .transposed = transposed };
  gint32 zero_point;

  fettle_tensor_get_scale (layer->inputs[0], NULL, &zero_point);
  parameters.input1_offset = -zero_point;
  fettle_tensor_get_scale (layer->inputs[1], NULL, &zero_point);
  parameters.input2_offset = -zero_point;
  fettle_tensor_get_scale (layer->output, NULL, &parameters.output_offset);
  if (!fettle_lower_multiplier (factor, &parameters.multiplier, &parameters.shift, error))
    return FALSE;
  fettle_lower_set_call (layer, call, FRT_KERNEL_BATCH_MATMUL_S8, 2, &parameters,
                         sizeof parameters);
  return TRUE;
}

static gboolean
lower_s16 (const FettleLayer *layer, guint32 transposed, double factor,
           FettleKernelCall *call, GError **error)
{
  struct frt_batch_matmul_s16_parameters parameters = { .transposed = transposed };
  float scale;

  if (!fettle_lower_get_scale_s16 (layer->inputs[0], &scale, error)
      || !fettle_lower_get_scale_s16 (layer->inputs[1], &scale, error)
      || !fettle_lower_get_scale_s16 (layer->output, &scale, error)
      || !fettle_lower_wide_multiplier (factor, &parameters.multiplier, &parameters.shift,
                                        error))
    return FALSE;
  fettle_lower_set_call (layer, call, FRT_KERNEL_BATCH_MATMUL_S16, 2, &parameters,
                         sizeof parameters);
  return TRUE;
}

gboolean
fettle_lower_batch_matmul (const FettleLayer *layer, FettleKernelCall *call,
                           GError **error)
{
  const FettleOptions *options = &layer->operator_->options;
  struct frt_batch_matmul_f32_parameters parameters = {
    .transposed = (options->transpose_first ? FRT_TRANSPOSED_FIRST : 0)
                  | (options->transpose_second ? FRT_TRANSPOSED_SECOND : 0),
  };
  float first, second, output;
  gint32 zero_point;
  double factor;

  if (layer->is_float)
    {
      fettle_lower_set_call (layer, call, FRT_KERNEL_BATCH_MATMUL_F32, 2, &parameters,
                             sizeof parameters);
      return TRUE;
    }
  if (!fettle_lower_get_scale (layer->inputs[0], &first, &zero_point, error)
      || !fettle_lower_get_scale (layer->inputs[1], &second, &zero_point, error)
      || !fettle_lower_get_scale (layer->output, &output, &zero_point, error))
    return FALSE;
  /* The reference rounds this one product to float. */
  factor = (double)(first * second) / (double)output;
  return layer->inputs[0]->type == FETTLE_TYPE_INT16
             ? lower_s16 (layer, parameters.transposed, factor, call, error)
             : lower_s8 (layer, parameters.transposed, factor, call, error);
}
