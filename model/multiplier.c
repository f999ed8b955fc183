/* SPDX-License-Identifier: GPL-3.0-or-later */
/* multiplier.c: real factors to fixed point. */
#include "model/multiplier.h"

#include <math.h>

void
fettle_quantize_multiplier (double value, gint32 *multiplier, int *shift)
{
  double fraction;
  gint64 rounded;

  g_return_if_fail (multiplier != NULL && shift != NULL);
  *multiplier = 0;
  *shift = 0;
  if (value == 0 || !isfinite (value))
    return;
  fraction = frexp (value, shift);
  rounded = (gint64)round (fraction * 2147483648.0);
  if (rounded == G_GINT64_CONSTANT (2147483648))
    {
      rounded /= 2;
      *shift += 1;
    }
  if (*shift < -31)
    {
      *shift = 0;
      rounded = 0;
    }
  *multiplier = (gint32)rounded;
}

/* In float, as the reference; far values saturate instead of overflowing. */
static gint32
quantize_limit (float value, float scale, gint32 zero_point)
{
  float rounded = roundf (value / scale);

  return zero_point + (gint32)CLAMP (rounded, -1.0e6f, 1.0e6f);
}

void
fettle_activation_range_quantized (FettleActivation activation, FettleType type,
                                   float scale, gint32 zero_point, gint32 *minimum,
                                   gint32 *maximum)
{
  gint32 least = type == FETTLE_TYPE_INT8 ? G_MININT8 : G_MININT16, most = -(least + 1);
  float low, high;

  g_return_if_fail (type == FETTLE_TYPE_INT8 || type == FETTLE_TYPE_INT16);
  g_return_if_fail (minimum != NULL && maximum != NULL);
  fettle_activation_range_f32 (activation, &low, &high);
  *minimum = least;
  *maximum = most;
  if (isfinite (low))
    *minimum = CLAMP (quantize_limit (low, scale, zero_point), least, most);
  if (isfinite (high))
    *maximum = CLAMP (quantize_limit (high, scale, zero_point), least, most);
}

void
fettle_activation_range_s8 (FettleActivation activation, float scale, gint32 zero_point,
                            gint32 *minimum, gint32 *maximum)
{
  fettle_activation_range_quantized (activation, FETTLE_TYPE_INT8, scale, zero_point,
                                     minimum, maximum);
}

void
fettle_activation_range_f32 (FettleActivation activation, float *minimum, float *maximum)
{
  g_return_if_fail (minimum != NULL && maximum != NULL);
  *minimum = -INFINITY;
  *maximum = INFINITY;
  switch (activation)
    {
    case FETTLE_ACTIVATION_NONE:
      break;
    case FETTLE_ACTIVATION_RELU:
      *minimum = 0;
      break;
    case FETTLE_ACTIVATION_RELU_N1_TO_1:
      *minimum = -1;
      *maximum = 1;
      break;
    case FETTLE_ACTIVATION_RELU6:
      *minimum = 0;
      *maximum = 6;
      break;
    }
}
