/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dequantize-tensor.c: tensors of integers as real numbers. */
#include "config.h"
#include "tuner/dequantize-tensor.h"
#include "tuner/stored-weights.h"

gboolean
fettle_tensor_is_quantized (const FettleTensor *tensor)
{
  switch (tensor->type)
    {
    case FETTLE_TYPE_INT4:
    case FETTLE_TYPE_INT8:
    case FETTLE_TYPE_UINT8:
    case FETTLE_TYPE_INT16:
      return tensor->quantization.n_channels > 0;
    default:
      return FALSE;
    }
}

static GBytes *
dequantize (const FettleTensor *tensor, guint n_scales, guint axis, const float *scales,
            const gint32 *zero_points)
{
  gsize n = fettle_tensor_get_n_elements (tensor), run = 1;
  gconstpointer data = g_bytes_get_data (tensor->data, NULL);
  float *values = g_new (float, n);

  for (guint i = axis + 1; i < tensor->rank; i++)
    run *= (gsize)tensor->shape[i];
  for (gsize i = 0; i < n; i++)
    {
      gsize channel = n_scales > 1 ? i / run % n_scales : 0;
      double zero_point = zero_points != NULL ? zero_points[channel] : 0;

      values[i] =
          (float)((double)scales[channel]
                  * (fettle_stored_element_read (tensor->type, data, i) - zero_point));
    }
  return g_bytes_new_take (values, n * sizeof *values);
}

void
fettle_tensor_dequantize (FettleTensor *tensor, guint n_scales, guint axis,
                          const float *scales, const gint32 *zero_points)
{
  GBytes *data;

  if (tensor->data != NULL)
    {
      data = dequantize (tensor, n_scales, axis, scales, zero_points);
      g_bytes_unref (tensor->data);
      tensor->data = data;
    }
  tensor->type = FETTLE_TYPE_FLOAT32;
  fettle_tensor_set_quantization (tensor, 0, 0, NULL, NULL);
}
