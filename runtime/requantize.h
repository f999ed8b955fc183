/* SPDX-License-Identifier: Apache-2.0 */
/* requantize.h: fixed-point arithmetic of TensorFlow Lite Micro, rounding twice or once.
 *
 * A kernel that rounds is compiled twice: by itself with double rounding, and by a file of
 * kernels/single_rounding with FRT_SINGLE_ROUNDING, under another name and number. So a program
 * pays for one of the two.
 *
 * frt_image_open has proven that multipliers are not negative and shifts lie within -31 to
 * 31. Sums wrap modulo 2^32 where the reference would overflow, so nothing is undefined. */
#pragma once

#include <stdint.h>

#ifdef FRT_SINGLE_ROUNDING
#define FRT_ROUNDED(name)  name##_single
#define FRT_ROUNDED_ID(id) ((id) + FRT_KERNEL_SINGLE_ROUNDING)
#else
#define FRT_ROUNDED(name)  name
#define FRT_ROUNDED_ID(id) (id)
#endif

static inline int32_t
frt_limit_s32 (int32_t value, int32_t minimum, int32_t maximum)
{
  return value < minimum ? minimum : value > maximum ? maximum : value;
}

static inline int32_t
frt_wrapping_add (int32_t a, int32_t b)
{
  return (int32_t)((uint32_t)a + (uint32_t)b);
}

static inline int32_t
frt_wrapping_shift_left (int32_t value, int32_t amount)
{
  return (int32_t)((uint32_t)value << amount);
}

/* gemmlowp's SaturatingRoundingDoublingHighMul: a * b / 2^31, ties upwards. Its one
 * saturating case, both factors INT32_MIN, must not occur. */
static inline int32_t
frt_doubling_high_multiply (int32_t a, int32_t b)
{
  return (int32_t)(((int64_t)a * b + (INT64_C (1) << 30)) >> 31);
}

/* gemmlowp's RoundingDivideByPOT: value / 2^exponent, ties away from zero; exponent 0 to 31.
 */
static inline int32_t
frt_rounding_divide_by_power (int32_t value, int32_t exponent)
{
  const uint32_t mask = (UINT32_C (1) << exponent) - 1;
  const uint32_t remainder = (uint32_t)value & mask;
  const uint32_t threshold = (mask >> 1) + (value < 0 ? 1 : 0);

  return (value >> exponent) + (remainder > threshold ? 1 : 0);
}

/* value * multiplier * 2^(shift - 31), the product and its shift to the right rounded one
 * after the other. */
static inline int32_t
frt_multiply_rounding_twice (int32_t value, int32_t multiplier, int32_t shift)
{
  const int32_t left = shift > 0 ? shift : 0;
  const int32_t right = shift > 0 ? 0 : -shift;

  return frt_rounding_divide_by_power (
      frt_doubling_high_multiply (frt_wrapping_shift_left (value, left), multiplier),
      right);
}

/* The same rounded once, ties upwards; modulo 2^32 where the reference would overflow. */
static inline int32_t
frt_multiply_rounding_once (int32_t value, int32_t multiplier, int32_t shift)
{
  const int32_t right = 31 - shift;
  const int64_t half = right > 0 ? INT64_C (1) << (right - 1) : 0;

  return (int32_t)(((int64_t)value * multiplier + half) >> right);
}

/* MultiplyByQuantizedMultiplier. */
static inline int32_t
frt_multiply_by_quantized (int32_t value, int32_t multiplier, int32_t shift)
{
#ifdef FRT_SINGLE_ROUNDING
  return frt_multiply_rounding_once (value, multiplier, shift);
#else
  return frt_multiply_rounding_twice (value, multiplier, shift);
#endif
}

/* clamp (VALUE + OFFSET), for any VALUE; OFFSET and limits are those of int8. */
static inline int8_t
frt_narrow_s8 (int32_t value, int32_t offset, int32_t minimum, int32_t maximum)
{
  return (int8_t)(frt_limit_s32 (value, minimum - offset, maximum - offset) + offset);
}

/* The same of a 64-bit value: value * multiplier * 2^(shift - 31) with a multiplier of 16
 * bits, ties upwards; shift -31 to 7. Products wrap modulo 2^64 where the reference would
 * overflow, and the result modulo 2^32. */
static inline int32_t
frt_multiply_wide_by_quantized (int64_t value, int32_t multiplier, int32_t shift)
{
  const int32_t rounded =
      multiplier < 0x7FFF0000 ? (multiplier + (1 << 15)) >> 16 : INT16_MAX;
  const int32_t right = 15 - shift;
  const uint64_t product =
      (uint64_t)value * (uint64_t)rounded + (UINT64_C (1) << (right - 1));

  return (int32_t)((int64_t)product >> right);
}
