/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lower-shape.c: pools, and operators that copy: RESHAPE and its like, and those of variables. */
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

/* More elements of int16 could. */
#define MOST_SUMMED_S16 (1 << 15)

/* Both of int8 or int16. */
static gboolean
lower_pool_quantized (const FettleLayer *layer, const struct frt_window *window,
                      FettleKernelCall *call, GError **error)
{
  gboolean is_average = layer->operator_->opcode == FETTLE_OPCODE_AVERAGE_POOL_2D;
  FettleActivation activation = layer->operator_->options.activation;
  guint16 kernel = is_average ? FRT_KERNEL_AVERAGE_POOL2D_S8 : FRT_KERNEL_MAX_POOL2D_S8;
  struct frt_pool2d_s8_parameters parameters = { .window = *window };
  float input, output;
  gint32 input_zero, output_zero;

  if (!fettle_lower_get_scale (layer->inputs[0], &input, &input_zero, error)
      || !fettle_lower_get_scale (layer->output, &output, &output_zero, error))
    return FALSE;
  if (layer->output->type == FETTLE_TYPE_INT16
      && window->height * window->width > MOST_SUMMED_S16)
    {
      g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
                   "its window of int16 has more than %d cells.", MOST_SUMMED_S16);
      return FALSE;
    }
  /* The kernels do not rescale; the tolerance is that of the reference. */
  if (is_average
      && (fabs ((double)input - (double)output) > 1.0e-6 || input_zero != output_zero))
    {
      g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
                           "its input and output have different scales or zero points.");
      return FALSE;
    }
  if (layer->output->type == FETTLE_TYPE_INT16)
    {
      if (!fettle_lower_get_scale_s16 (layer->output, &output, error))
        return FALSE;
      kernel = is_average ? FRT_KERNEL_AVERAGE_POOL2D_S16 : FRT_KERNEL_MAX_POOL2D_S16;
    }
  else if (is_average && fettle_lower_can_pack_pool (layer, window))
    kernel = FRT_KERNEL_AVERAGE_POOL2D_S8_PACKED;
  else if (is_average && layer->packing == FRT_PACKING_HELIUM
           && layer->output->shape[3] > 1 && fettle_lower_touches_input (layer, window))
    kernel = FRT_KERNEL_AVERAGE_POOL2D_S8_HELIUM;
  fettle_activation_range_quantized (activation, layer->output->type, output, output_zero,
                                     &parameters.minimum, &parameters.maximum);
  fettle_lower_set_call (layer, call, kernel, 1, &parameters, sizeof parameters);
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
    return lower_pool_quantized (layer, &window, call, error);
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
fettle_lower_copy (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  fettle_lower_set_call (layer, call, FRT_KERNEL_COPY, 1, NULL, 0);
  return TRUE;
}

gboolean
fettle_lower_call_once (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  fettle_lower_set_call (layer, call, FRT_KERNEL_CALL_ONCE,
                         (guint8)layer->operator_->inputs->len, NULL, 0);
  return TRUE;
}
