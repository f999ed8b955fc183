/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lower-reduce.c: MEAN, SUM, REDUCE_MAX, REDUCE_MIN, ARG_MAX and ARG_MIN. */
#include "model/lower-private.h"

/* More elements of int8 could overflow the runtime's 32-bit sums. */
#define MOST_SUMMED (1 << 23)

/* A reduction to be lowered: its axes as bits, and how many elements make one of the output. */
typedef struct
{
  guint32 axes;
  gint64 n;
} Reduction;

static gboolean
find_reduction (const FettleLayer *layer, Reduction *reduction, GError **error)
{
  const FettleTensor *input = layer->inputs[0];

  reduction->n = 1;
  if (!fettle_reduced_axes (input, layer->inputs[1], &reduction->axes, error))
    return FALSE;
  for (guint i = 0; i < input->rank; i++)
    if (reduction->axes & (1u << i))
      reduction->n *= input->shape[i];
  return TRUE;
}

/* Folds the division by N into the multiplier, as the reference does. */
static void
fold_division (gint64 n, struct frt_mean_s8_parameters *parameters)
{
  gint32 shift = MIN ((gint32)g_bit_storage ((gulong)n) - 1, 32);

  shift = MIN (shift, 31 + parameters->shift);

  parameters->multiplier = (gint32)(((gint64)parameters->multiplier << shift) / n);
  parameters->shift -= shift;
}

static gboolean
lower_quantized_sum (const FettleLayer *layer, const Reduction *reduction,
                     FettleKernelCall *call, GError **error)
{
  struct frt_mean_s8_parameters parameters = { .axes = reduction->axes };
  gboolean is_int8 = layer->inputs[0]->type == FETTLE_TYPE_INT8;
  float input, output;
  gint32 zero_point;

  if (!fettle_lower_get_scale (layer->inputs[0], &input, &zero_point, error)
      || !fettle_lower_get_scale (layer->output, &output, &parameters.output_offset,
                                  error)
      || !fettle_lower_multiplier ((double)input / (double)output, &parameters.multiplier,
                                   &parameters.shift, error))
    return FALSE;
  if (reduction->n > MOST_SUMMED)
    {
      g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
                           "it sums more than eight million elements.");
      return FALSE;
    }
  /* Sums of int16 are modulo 2^32, here as in the kernel. */
  parameters.input_offset_sum = (gint32)(guint32)(guint64)(-zero_point * reduction->n);
  if (layer->operator_->opcode == FETTLE_OPCODE_MEAN)
    fold_division (reduction->n, &parameters);
  fettle_lower_set_call (layer, call, is_int8 ? FRT_KERNEL_MEAN_S8 : FRT_KERNEL_MEAN_S16,
                         1, &parameters, sizeof parameters);
  return TRUE;
}

static void
set_reduction_call (const FettleLayer *layer, FettleKernelCall *call, guint16 kernel,
                    guint32 axes)
{
  struct frt_reduction_parameters parameters = { .axes = axes };

  fettle_lower_set_call (layer, call, kernel, 1, &parameters, sizeof parameters);
}

gboolean
fettle_lower_sum (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  gboolean is_mean = layer->operator_->opcode == FETTLE_OPCODE_MEAN;
  Reduction reduction;

  if (!find_reduction (layer, &reduction, error))
    return FALSE;
  if (!layer->is_float)
    return lower_quantized_sum (layer, &reduction, call, error);
  set_reduction_call (layer, call, is_mean ? FRT_KERNEL_MEAN_F32 : FRT_KERNEL_SUM_F32,
                      reduction.axes);
  return TRUE;
}

gboolean
fettle_lower_reduce_extreme (const FettleLayer *layer, FettleKernelCall *call,
                             GError **error)
{
  gboolean is_max = layer->operator_->opcode == FETTLE_OPCODE_REDUCE_MAX;
  float input, output;
  gint32 input_zero, output_zero;
  Reduction reduction;

  if (!find_reduction (layer, &reduction, error))
    return FALSE;
  fettle_tensor_get_scale (layer->inputs[0], &input, &input_zero);
  fettle_tensor_get_scale (layer->output, &output, &output_zero);
  if (!layer->is_float && (input < output || input > output || input_zero != output_zero))
    {
      g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
                           "its input and output have different scales or zero points.");
      return FALSE;
    }
  if (layer->is_float)
    set_reduction_call (layer, call,
                        is_max ? FRT_KERNEL_REDUCE_MAX_F32 : FRT_KERNEL_REDUCE_MIN_F32,
                        reduction.axes);
  else
    set_reduction_call (layer, call,
                        is_max ? FRT_KERNEL_REDUCE_MAX_S8 : FRT_KERNEL_REDUCE_MIN_S8,
                        reduction.axes);
  return TRUE;
}

gboolean
fettle_lower_arg_extreme (const FettleLayer *layer, FettleKernelCall *call,
                          GError **error)
{
  static const guint16 kernels[2][2] = {
    { FRT_KERNEL_ARG_MIN_S8, FRT_KERNEL_ARG_MIN_F32 },
    { FRT_KERNEL_ARG_MAX_S8, FRT_KERNEL_ARG_MAX_F32 },
  };
  gboolean is_max = layer->operator_->opcode == FETTLE_OPCODE_ARG_MAX;
  struct frt_arg_extreme_parameters parameters;

  if (!fettle_arg_axis (layer->inputs[0], layer->inputs[1], &parameters.axis, error))
    return FALSE;
  fettle_lower_set_call (layer, call, kernels[is_max ? 1 : 0][layer->is_float ? 1 : 0], 1,
                         &parameters, sizeof parameters);
  return TRUE;
}
