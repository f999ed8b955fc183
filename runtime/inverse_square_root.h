/* SPDX-License-Identifier: Apache-2.0 */
/* inverse_square_root.h: 1 / sqrt (x) in fixed point, as GetInvSqrtQuantizedMultiplierExp. */
#pragma once

#include "fixed_point.h"

/* 1 / sqrt (x) = multiplier * 2^(shift - 31) */
struct frt_inverse_square_root
{
  int32_t multiplier;
  int32_t shift; /* not positive */
};

/* VALUE is not negative; 0 counts as 1. */
static inline struct frt_inverse_square_root
frt_inverse_square_root (int32_t value)
{
  const int32_t half_root_of_two = 1518500250, three_halves = (1 << 28) + (1 << 27);
  int32_t right = 11, pairs, half, x = 1 << 28;

  if (value <= 1)
    return (struct frt_inverse_square_root){ INT32_MAX, 0 };
  for (; value >= 1 << 29; right++)
    value /= 4;
  pairs = (frt_leading_zeros ((uint32_t)value) - 1) / 2 - 1;
  right -= pairs;
  value = frt_wrapping_shift_left (value, 2 * pairs) >> 1;
  half = frt_rounding_divide_by_power (value, 1);
  /* Newton and Raphson from 1, with three integer bits. */
  for (int step = 0; step < 5; step++)
    {
      const int32_t cube = frt_saturating_shift_left (
          frt_doubling_high_multiply (frt_doubling_high_multiply (x, x), x), 6);

      x = frt_saturating_shift_left (frt_doubling_high_multiply (three_halves, x)
                                         - frt_doubling_high_multiply (half, cube),
                                     3);
    }
  x = frt_doubling_high_multiply (x, half_root_of_two);
  if (right < 0)
    return (struct frt_inverse_square_root){ frt_wrapping_shift_left (x, -right), 0 };
  return (struct frt_inverse_square_root){ x, -right };
}

/* 2^20 / sqrt (VALUE), rounded; VALUE is positive. */
static inline int32_t
frt_scaled_inverse_square_root (int32_t value)
{
  const struct frt_inverse_square_root root = frt_inverse_square_root (value);

  return frt_multiply_by_quantized (1, root.multiplier, root.shift + 20);
}
