/* SPDX-License-Identifier: Apache-2.0 */
/* fixed_point.h: gemmlowp's exponential and reciprocal in int32 (fixedpoint/fixedpoint.h).
 *
 * Qm.n has m integer and n fraction bits. Every constant is a rounded real number. */
#pragma once

#include "requantize.h"

/* VALUE * 2^EXPONENT, saturating. */
static inline int32_t
frt_saturating_shift_left (int32_t value, int32_t exponent)
{
  const int32_t limit = (int32_t)((UINT32_C (1) << (31 - exponent)) - 1);

  if (value > limit)
    return INT32_MAX;
  if (value < -limit)
    return INT32_MIN;
  return frt_wrapping_shift_left (value, exponent);
}

/* exp (a) for a in [-1/4, 0), Q0.31: a Taylor polynomial around -1/8. */
static inline int32_t
frt_exp_on_quarter (int32_t a)
{
  const int32_t exp_minus_eighth = 1895147668;
  const int32_t third = 715827883;
  const int32_t x = a + (1 << 28);
  const int32_t x2 = frt_doubling_high_multiply (x, x);
  const int32_t x3 = frt_doubling_high_multiply (x2, x);
  const int32_t x4 = frt_doubling_high_multiply (x2, x2);
  const int32_t high_terms = frt_rounding_divide_by_power (
      frt_doubling_high_multiply (frt_rounding_divide_by_power (x4, 2) + x3, third) + x2,
      1);

  return exp_minus_eighth + frt_doubling_high_multiply (exp_minus_eighth, x + high_terms);
}

/* exp (a) in Q0.31 for a <= 0 with INTEGER_BITS integer bits, 4 or 5. */
static inline int32_t
frt_exp_of_negative (int32_t a, int32_t integer_bits)
{
  /* exp (-2^e) for e = -2 to 4 */
  static const int32_t factors[] = { 1672461947, 1302514674, 790015084, 290630308,
                                     39332535,   720401,     242 };
  const int32_t quarter_bit = 29 - integer_bits;
  const int32_t quarter = (int32_t)(UINT32_C (1) << quarter_bit);
  const int32_t rest = (a & (quarter - 1)) - quarter;
  const uint32_t quarters = (uint32_t)rest - (uint32_t)a;
  int32_t result = frt_exp_on_quarter (frt_wrapping_shift_left (rest, integer_bits));

  if (a == 0)
    return INT32_MAX;
  for (int32_t i = 0; i < integer_bits + 2; i++)
    if (quarters >> (quarter_bit + i) & 1)
      result = frt_doubling_high_multiply (result, factors[i]);
  return result;
}

/* exp (a) in Q0.31 for a <= 0 in Q5.26. */
static inline int32_t
frt_exp_on_negative (int32_t a)
{
  return frt_exp_of_negative (a, 5);
}

/* 2 / (1 + x) in Q2.29 for x in [0, 1], Q0.31: three steps of Newton and Raphson. */
static inline int32_t
frt_twice_reciprocal_of_one_plus (int32_t x)
{
  const int32_t q29_48_over_17 = 1515870810, q29_minus_32_over_17 = -1010580540;
  /* (x + 1) / 2; both summands are positive */
  const int32_t half = (int32_t)(((int64_t)x + INT32_MAX + 1) / 2);
  int32_t y = q29_48_over_17 + frt_doubling_high_multiply (half, q29_minus_32_over_17);

  for (int step = 0; step < 3; step++)
    {
      const int32_t error = (1 << 29) - frt_doubling_high_multiply (half, y);

      y = frt_wrapping_add (
          y, frt_saturating_shift_left (frt_doubling_high_multiply (y, error), 2));
    }
  return y;
}

/* 1 / (1 + x) for x in [0, 1], both Q0.31. */
static inline int32_t
frt_reciprocal_of_one_plus (int32_t x)
{
  return frt_saturating_shift_left (frt_twice_reciprocal_of_one_plus (x), 1);
}

/* 1 / (1 + exp (-a)) in Q0.31 for a in Q4.27. */
static inline int32_t
frt_logistic (int32_t a)
{
  const int32_t magnitude = frt_reciprocal_of_one_plus (
      frt_exp_of_negative (a < 0 ? a : frt_wrapping_add (~a, 1), 4));

  if (a == 0)
    return 1 << 30;
  return a < 0 ? INT32_MAX - magnitude : magnitude;
}

/* Hyperbolic tangent in Q0.31 of a in Q4.27: (1 - e) / (1 + e) with e = exp (-2 |a|), where the
 * factor of 2 is one more integer bit. */
static inline int32_t
frt_tanh (int32_t a)
{
  const int32_t power = frt_exp_of_negative (a < 0 ? a : frt_wrapping_add (~a, 1), 5);
  const int32_t magnitude =
      frt_saturating_shift_left (frt_twice_reciprocal_of_one_plus (power) - (1 << 29), 2);

  if (a == 0)
    return 0;
  return a < 0 ? -magnitude : magnitude;
}

/* Zero bits above the highest one of a VALUE that is not 0. */
static inline int32_t
frt_leading_zeros (uint32_t value)
{
  int32_t count = 0;

  for (; (value & UINT32_C (0x80000000)) == 0; value <<= 1)
    count++;
  return count;
}
