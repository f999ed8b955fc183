/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lower-shape.c: pools, RESHAPE and MEAN. */
#include "model/lower-private.h"

#include <math.h>

/* More elements of int8 could overflow the runtime's 32-bit sums. */
#define MOST_SUMMED (1 << 23)

static gboolean
too_many (GError **error)
{
  g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
                       "it averages more than eight million elements.");
  return FALSE;
}

static gboolean
lower_pool_s8 (const FettleLayer *layer, const struct frt_window *window,
               FettleKernelCall *call, GError **error)
{
  gboolean is_average = layer->operator_->opcode == FETTLE_OPCODE_AVERAGE_POOL_2D;
  struct frt_pool2d_s8_parameters parameters = { .window = *window };
  float input, output;
  gint32 input_zero, output_zero;

  if (!fettle_lower_get_scale (layer->inputs[0], &input, &input_zero, error)
      || !fettle_lower_get_scale (layer->output, &output, &output_zero, error))
    return FALSE;
  /* The kernels do not rescale; the tolerance is that of the reference. */
  if (is_average
      && (fabs ((double)input - (double)output) > 1.0e-6 || input_zero != output_zero))
    {
      g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
                           "its input and output have different scales or zero points.");
      return FALSE;
    }
  fettle_activation_range_s8 (layer->operator_->options.activation, output, output_zero,
                              &parameters.minimum, &parameters.maximum);
  fettle_lower_set_call (
      layer, call, is_average ? FRT_KERNEL_AVERAGE_POOL2D_S8 : FRT_KERNEL_MAX_POOL2D_S8,
      1, &parameters, sizeof parameters);
  return TRUE;
}

gboolean
fettle_lower_pool (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  const FettleOptions *options = &layer->operator_->options;
  struct frt_pool2d_f32_parameters parameters;
  struct frt_window window;

  if (!fettle_lower_window (layer, options->filter_height, options->filter_width, &window,
                            error))
    return FALSE;
  if ((gint64)window.height * window.width > MOST_SUMMED)
    return too_many (error);
  if (!layer->is_float)
    return lower_pool_s8 (layer, &window, call, error);
  parameters.window = window;
  fettle_activation_range_f32 (options->activation, &parameters.minimum,
                               &parameters.maximum);
  fettle_lower_set_call (layer, call,
                         layer->operator_->opcode == FETTLE_OPCODE_AVERAGE_POOL_2D
                             ? FRT_KERNEL_AVERAGE_POOL2D_F32
                             : FRT_KERNEL_MAX_POOL2D_F32,
                         1, &parameters, sizeof parameters);
  return TRUE;
}

gboolean
fettle_lower_reshape (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  fettle_lower_set_call (layer, call, FRT_KERNEL_COPY, 1, NULL, 0);
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
lower_mean_s8 (const FettleLayer *layer, guint32 axes, gint64 n, FettleKernelCall *call,
               GError **error)
{
  struct frt_mean_s8_parameters parameters = { .axes = axes };
  float input, output;
  gint32 zero_point;

  if (!fettle_lower_get_scale (layer->inputs[0], &input, &zero_point, error)
      || !fettle_lower_get_scale (layer->output, &output, &parameters.output_offset,
                                  error)
      || !fettle_lower_multiplier ((double)input / (double)output, &parameters.multiplier,
                                   &parameters.shift, error))
    return FALSE;
  if (n > MOST_SUMMED)
    return too_many (error);
  parameters.input_offset_sum = (gint32)(-zero_point * n);
  fold_division (n, &parameters);
  fettle_lower_set_call (layer, call, FRT_KERNEL_MEAN_S8, 1, &parameters,
                         sizeof parameters);
  return TRUE;
}

gboolean
fettle_lower_mean (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  struct frt_mean_f32_parameters parameters;
  gint64 n = 1;

  if (!fettle_mean_axes (layer->inputs[0], layer->inputs[1], &parameters.axes, error))
    return FALSE;
  for (guint i = 0; i < layer->inputs[0]->rank; i++)
    if (parameters.axes & (1u << i))
      n *= layer->inputs[0]->shape[i];
  if (!layer->is_float)
    return lower_mean_s8 (layer, parameters.axes, n, call, error);
  fettle_lower_set_call (layer, call, FRT_KERNEL_MEAN_F32, 1, &parameters,
                         sizeof parameters);
  return TRUE;
}
