/* SPDX-License-Identifier: GPL-3.0-or-later */
/* axis.c: maps values to a length and chooses where the ticks go. */
#include "widgets/axis.h"

#include <math.h>

/* The smallest nice number that is not below ROUGH. */
static double
nice_step (double rough, FettleNumberFormat format)
{
  double power, multiple;

  if (format == FETTLE_NUMBER_BYTES)
    return MAX (1, exp2 (ceil (log2 (rough) - 1e-9)));
  power = pow (10, floor (log10 (rough)));
  multiple = rough / power;
  if (multiple <= 1 + 1e-9)
    return power;
  if (multiple <= 2 + 1e-9)
    return 2 * power;
  return multiple <= 5 + 1e-9 ? 5 * power : 10 * power;
}

void
fettle_axis_init_linear (FettleAxis *axis, double low, double high, guint max_ticks,
                         FettleNumberFormat format)
{
  double step, first, last;

  g_return_if_fail (axis != NULL && max_ticks >= 2);

  low = isfinite (low) ? MIN (low, 0) : 0;
  high = isfinite (high) ? MAX (high, 0) : 0;
  if (high <= low)
    high = low + 1;
  max_ticks = MIN (max_ticks, FETTLE_AXIS_MAX_TICKS);
  step = nice_step ((high - low) / (max_ticks - 1), format);
  first = floor (low / step + 1e-9);
  last = ceil (high / step - 1e-9);
  /* Rounding outwards at both ends may need one tick more than there is room for. */
  while (last - first + 1 > max_ticks && max_ticks > 2)
    {
      step = nice_step (step * 1.5, format);
      first = floor (low / step + 1e-9);
      last = ceil (high / step - 1e-9);
    }
  *axis = (FettleAxis){ .minimum = first * step, .maximum = last * step };
  for (double k = first; k <= last && axis->n_ticks < FETTLE_AXIS_MAX_TICKS; k++)
    axis->ticks[axis->n_ticks++] = k * step;
}

void
fettle_axis_init_log (FettleAxis *axis, double low, double high, guint max_ticks)
{
  int first, last, stride = 1;

  g_return_if_fail (axis != NULL && max_ticks >= 2);

  low = isfinite (low) && low > 0 ? low : 1;
  high = isfinite (high) && high > low ? high : low;
  max_ticks = MIN (max_ticks, FETTLE_AXIS_MAX_TICKS);
  /* Strictly below LOW: even the smallest value has a length. */
  first = (int)ceil (log10 (low) - 1e-9) - 1;
  last = MAX ((int)ceil (log10 (high) - 1e-9), first + 1);
  while ((last - first) / stride + 1 > (int)max_ticks)
    stride++;
  *axis = (FettleAxis){ .minimum = pow (10, first),
                        .maximum = pow (10, last),
                        .logarithmic = TRUE };
  for (int exponent = first; exponent <= last; exponent += stride)
    axis->ticks[axis->n_ticks++] = pow (10, exponent);
}

double
fettle_axis_normalize (const FettleAxis *axis, double value)
{
  double position;

  g_return_val_if_fail (axis != NULL, 0);

  if (axis->logarithmic)
    position =
        value > 0 ? log (value / axis->minimum) / log (axis->maximum / axis->minimum) : 0;
  else
    position = (value - axis->minimum) / (axis->maximum - axis->minimum);
  return isnan (position) ? 0 : CLAMP (position, 0, 1);
}
