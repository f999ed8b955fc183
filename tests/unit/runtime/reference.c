/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reference.c: the arithmetic of TensorFlow Lite Micro in the plainest words. */
#include "reference.h"

#include <math.h>

#define TWO_31 ((int64_t)1 << 31)

static int64_t
floor_quotient (int64_t value, int64_t divisor)
{
  const int64_t quotient = value / divisor;

  return value % divisor < 0 ? quotient - 1 : quotient;
}

int32_t
reference_high_multiply (int32_t a, int32_t b)
{
  const int64_t result = floor_quotient ((int64_t)a * b + TWO_31 / 2, TWO_31);

  return result > INT32_MAX ? INT32_MAX : (int32_t)result;
}

int32_t
reference_divide_by_power (int32_t value, int exponent)
{
  const int64_t divisor = (int64_t)1 << exponent;
  const int64_t magnitude = value < 0 ? -(int64_t)value : value;
  const int64_t quotient = (2 * magnitude + divisor) / (2 * divisor);

  return (int32_t)(value < 0 ? -quotient : quotient);
}

int32_t
reference_multiply (int64_t value, int32_t multiplier, int shift)
{
  const int64_t wrapped = (int32_t)(uint32_t)(uint64_t)value;
  const int64_t scaled = shift > 0 ? wrapped * ((int64_t)1 << shift) : wrapped;

  return reference_divide_by_power (
      reference_high_multiply ((int32_t)(uint32_t)(uint64_t)scaled, multiplier),
      shift > 0 ? 0 : -shift);
}

int32_t
reference_multiply_wide (int64_t value, int32_t multiplier, int shift)
{
  const int32_t rounded =
      multiplier >= 0x7FFF0000 ? 0x7FFF : (multiplier + 0x8000) / 65536;
  const int64_t unit = (int64_t)1 << (15 - shift);

  return (int32_t)(uint32_t)(uint64_t)floor_quotient (value * rounded + unit / 2, unit);
}

int
reference_quantize_multiplier (double real, int32_t *multiplier)
{
  int shift = 0;
  int64_t rounded;

  *multiplier = 0;
  if (real == 0)
    return 0;
  for (; real >= 1; real /= 2)
    shift++;
  for (; real < 0.5; real *= 2)
    shift--;
  rounded = (int64_t)floor (real * (double)TWO_31 + 0.5);
  if (rounded == TWO_31)
    {
      rounded /= 2;
      shift++;
    }
  if (shift < -31)
    return 0;
  *multiplier = (int32_t)rounded;
  return shift;
}

int32_t
reference_scale (int64_t value, double real)
{
  int32_t multiplier;
  const int shift = reference_quantize_multiplier (real, &multiplier);

  return reference_multiply (value, multiplier, shift);
}

int32_t
reference_scale_wide (int64_t value, double real)
{
  int32_t multiplier;
  const int shift = reference_quantize_multiplier (real, &multiplier);

  return reference_multiply_wide (value, multiplier, shift);
}

int64_t
reference_round (double value)
{
  const double limit = 1e15, magnitude = fabs (value);
  const double whole = floor (magnitude), rest = magnitude - whole;

  if (isnan (value))
    return 0;
  if (magnitude > limit)
    return (int64_t)(value < 0 ? -limit : limit);
  return (int64_t)copysign (rest >= 0.5 ? whole + 1 : whole, value);
}

int8_t
reference_narrow (int64_t value, int32_t offset, int32_t minimum, int32_t maximum)
{
  value += offset;
  if (value < minimum)
    value = minimum;
  if (value > maximum)
    value = maximum;
  return (int8_t)value;
}

static int32_t
saturate (int64_t value)
{
  return value > INT32_MAX ? INT32_MAX : value < INT32_MIN ? INT32_MIN : (int32_t)value;
}

int32_t
reference_exponential (int32_t a, int integer_bits)
{
  static const int32_t powers[7] = { 1672461947, 1302514674, 790015084, 290630308,
                                     39332535,   720401,     242 };
  const int64_t quarter = (int64_t)1 << (31 - integer_bits - 2);
  const int64_t rest = (((int64_t)a % quarter) + quarter) % quarter - quarter;
  const int64_t quarters = (rest - a) / quarter;
  const int32_t x = saturate (rest * ((int64_t)1 << integer_bits) + (1 << 28));
  const int32_t x2 = reference_high_multiply (x, x);
  const int32_t x3 = reference_high_multiply (x2, x);
  const int32_t x4 = reference_high_multiply (x2, x2);
  const int32_t tail = reference_divide_by_power (
      reference_high_multiply (reference_divide_by_power (x4, 2) + x3, 715827883) + x2,
      1);
  int32_t result = 1895147668 + reference_high_multiply (1895147668, x + tail);

  for (int i = 0; i < 7 && i - 2 < integer_bits; i++)
    if (quarters & (1 << i))
      result = reference_high_multiply (result, powers[i]);
  return a == 0 ? INT32_MAX : result;
}

/* 2 / (1 + X), Q2.29, X in Q0.31. */
static int32_t
twice_reciprocal (int32_t x)
{
  const int64_t sum = (int64_t)x + INT32_MAX;
  const int32_t half = (int32_t)((sum + (sum >= 0 ? 1 : -1)) / 2);
  int32_t y = 1515870810 + reference_high_multiply (half, -1010580540);

  for (int i = 0; i < 3; i++)
    {
      const int32_t error = (1 << 29) - reference_high_multiply (half, y);

      y += saturate (4 * (int64_t)reference_high_multiply (y, error));
    }
  return y;
}

int32_t
reference_reciprocal_of_one_plus (int32_t x)
{
  return saturate (2 * (int64_t)twice_reciprocal (x));
}

int32_t
reference_one_minus_over_one_plus (int32_t x)
{
  return saturate (4 * ((int64_t)twice_reciprocal (x) - (1 << 29)));
}

int
reference_inverse_square_root (int32_t value, int32_t *multiplier)
{
  const int32_t one = 1 << 28; /* three integer bits */
  int32_t x = one, half;
  int right = 11;

  if (value <= 1)
    {
      *multiplier = INT32_MAX;
      return 0;
    }
  for (; value >= 1 << 29; value /= 4)
    right++;
  for (; value < 1 << 27; value *= 4)
    right--;
  value /= 2;
  half = reference_divide_by_power (value, 1);
  for (int i = 0; i < 5; i++)
    {
      const int32_t square = reference_high_multiply (x, x);
      const int32_t cube =
          saturate ((int64_t)reference_high_multiply (square, x) * (1 << 6));

      x = saturate (((int64_t)reference_high_multiply (one + one / 2, x)
                     - reference_high_multiply (half, cube))
                    * (1 << 3));
    }
  x = reference_high_multiply (x, 1518500250); /* sqrt (1/2) */
  *multiplier = right < 0 ? (int32_t)((int64_t)x * (1 << -right)) : x;
  return right < 0 ? 0 : -right;
}

int32_t
reference_scaled_inverse_square_root (int32_t value)
{
  int32_t multiplier;
  const int shift = reference_inverse_square_root (value, &multiplier);

  return reference_multiply (1, multiplier, shift + 20);
}

void
reference_softmax (const int64_t *x, int64_t *y, int depth, int output_bits,
                   int32_t multiplier, int left_shift, int32_t difference_minimum)
{
  const int64_t lowest = -((int64_t)1 << (output_bits - 1));
  int64_t sum = 0, largest = x[0];
  int headroom = 0;
  int32_t reciprocal;

  for (int i = 1; i < depth; i++)
    largest = x[i] > largest ? x[i] : largest;
  for (int i = 0; i < depth; i++)
    if (x[i] - largest >= difference_minimum)
      sum += reference_divide_by_power (
          reference_exponential (
              reference_multiply (x[i] - largest, multiplier, left_shift), 5),
          12);
  while (sum << headroom < TWO_31)
    headroom++;
  reciprocal = reference_reciprocal_of_one_plus ((int32_t)((sum << headroom) - TWO_31));
  for (int i = 0; i < depth; i++)
    {
      const int32_t e = reference_exponential (
          reference_multiply (x[i] - largest, multiplier, left_shift), 5);
      const int64_t value =
          lowest
          + reference_divide_by_power (reference_high_multiply (reciprocal, e),
                                       12 - headroom + 31 - output_bits);

      y[i] = x[i] - largest < difference_minimum ? lowest
             : value > -lowest - 1               ? -lowest - 1
                                                 : value;
    }
}
