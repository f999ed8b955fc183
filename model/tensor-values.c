/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tensor-values.c: raw elements of a tensor to and from real numbers. */
#include "model/runner.h"

#include <math.h>
#include <string.h>

/* Division and rounding in float, as the reference. NaN becomes the zero point. */
static gint64
quantize (float value, float scale, gint32 zero_point, gint64 minimum, gint64 maximum)
{
  float rounded = roundf (scale > 0 ? value / scale : value);

  if (isnan (rounded))
    rounded = 0;
  return CLAMP ((gint64)CLAMP (rounded, -9.0e9f, 9.0e9f) + zero_point, minimum, maximum);
}

void
fettle_tensor_encode (const FettleTensor *tensor, const float *values, gpointer raw,
                      gsize n)
{
  float scale;
  gint32 zero_point;

  g_return_if_fail (tensor != NULL && values != NULL && raw != NULL);
  fettle_tensor_get_scale (tensor, &scale, &zero_point);
  switch (tensor->type)
    {
    case FETTLE_TYPE_FLOAT32:
      memcpy (raw, values, n * sizeof *values);
      break;
    case FETTLE_TYPE_INT8:
      for (gsize i = 0; i < n; i++)
        ((gint8 *)raw)[i] =
            (gint8)quantize (values[i], scale, zero_point, G_MININT8, G_MAXINT8);
      break;
    case FETTLE_TYPE_UINT8:
      for (gsize i = 0; i < n; i++)
        ((guint8 *)raw)[i] =
            (guint8)quantize (values[i], scale, zero_point, 0, G_MAXUINT8);
      break;
    case FETTLE_TYPE_INT16:
      for (gsize i = 0; i < n; i++)
        ((gint16 *)raw)[i] =
            (gint16)quantize (values[i], scale, zero_point, G_MININT16, G_MAXINT16);
      break;
    case FETTLE_TYPE_INT32:
      for (gsize i = 0; i < n; i++)
        ((gint32 *)raw)[i] =
            (gint32)quantize (values[i], scale, zero_point, G_MININT32, G_MAXINT32);
      break;
    case FETTLE_TYPE_INT64:
      for (gsize i = 0; i < n; i++)
        ((gint64 *)raw)[i] =
            quantize (values[i], scale, zero_point, G_MININT64, G_MAXINT64);
      break;
    case FETTLE_TYPE_BOOL:
      for (gsize i = 0; i < n; i++)
        ((guint8 *)raw)[i] = values[i] != 0.0f;
      break;
    case FETTLE_TYPE_INT4:
      g_return_if_reached ();
    }
}

static float
dequantize (gint64 value, float scale, gint32 zero_point)
{
  return scale > 0 ? (float)((double)scale * ((double)value - zero_point)) : (float)value;
}

void
fettle_tensor_decode (const FettleTensor *tensor, gconstpointer raw, float *values,
                      gsize n)
{
  float scale;
  gint32 zero_point;

  g_return_if_fail (tensor != NULL && values != NULL && raw != NULL);
  fettle_tensor_get_scale (tensor, &scale, &zero_point);
  switch (tensor->type)
    {
    case FETTLE_TYPE_FLOAT32:
      memcpy (values, raw, n * sizeof *values);
      break;
    case FETTLE_TYPE_INT8:
      for (gsize i = 0; i < n; i++)
        values[i] = dequantize (((const gint8 *)raw)[i], scale, zero_point);
      break;
    case FETTLE_TYPE_UINT8:
      for (gsize i = 0; i < n; i++)
        values[i] = dequantize (((const guint8 *)raw)[i], scale, zero_point);
      break;
    case FETTLE_TYPE_INT16:
      for (gsize i = 0; i < n; i++)
        values[i] = dequantize (((const gint16 *)raw)[i], scale, zero_point);
      break;
    case FETTLE_TYPE_INT32:
      for (gsize i = 0; i < n; i++)
        values[i] = dequantize (((const gint32 *)raw)[i], scale, zero_point);
      break;
    case FETTLE_TYPE_INT64:
      for (gsize i = 0; i < n; i++)
        values[i] = dequantize (((const gint64 *)raw)[i], scale, zero_point);
      break;
    case FETTLE_TYPE_BOOL:
      for (gsize i = 0; i < n; i++)
        values[i] = ((const guint8 *)raw)[i] != 0;
      break;
    case FETTLE_TYPE_INT4:
      g_return_if_reached ();
    }
}
