/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reference-sigmoid.c: LOGISTIC and TANH of int16 in the plainest words. */
#include "reference.h"

#include <math.h>

/* Entry U of TensorFlow Lite's table: sigmoid (u / 24) in 16 fraction bits, but for the entries that are one
 * more than rounding gives. */
static int64_t
table_entry (int64_t u)
{
  static const uint8_t raised[] = { 4,  8,  12, 14, 15, 16,  17,  19,  20,  21,  22,
                                    25, 27, 28, 29, 30, 31,  33,  34,  35,  37,  39,
                                    40, 41, 43, 44, 45, 46,  49,  50,  54,  62,  63,
                                    64, 66, 82, 86, 93, 100, 103, 112, 116, 135, 255 };
  static int64_t table[256];

  if (table[0] == 0)
    {
      for (int i = 0; i < 256; i++)
        table[i] = (int64_t)floor (65536 / (1 + exp (-i / 24.0)) + 0.5);
      for (unsigned i = 0; i < sizeof raised; i++)
        table[raised[i]]++;
    }
  return table[u];
}

static int
nearest_power_of_two (float scale, int *exponent)
{
  const float logarithm = logf (scale) * (1.0f / logf (2.0f));

  *exponent = (int)roundf (logarithm);
  return fabsf (logarithm - (float)*exponent) < 1e-3f;
}

int32_t
reference_sigmoid_multiplier (float scale, int is_tanh, int *shift)
{
  double multiplier = (double)scale * 4096 * 3;
  int exponent;

  *shift = 0;
  if (nearest_power_of_two (scale, &exponent)
      && (exponent == -12 || (is_tanh && exponent == -11)))
    return 3 << (exponent + 12);
  while (multiplier <= 32767.0 / 2 && *shift <= 30)
    {
      multiplier *= 2;
      ++*shift;
    }
  return (int32_t)multiplier;
}

static int64_t
scaled_input (int64_t x, int32_t multiplier, int shift)
{
  const int64_t half = shift > 0 ? (int64_t)1 << (shift - 1) : 0;

  return (x * multiplier + half) >> shift;
}

static int64_t
interpolated (int64_t magnitude, int bits, int64_t most)
{
  const int64_t u = magnitude >> bits, rest = magnitude % ((int64_t)1 << bits);

  if (u >= 255)
    return most;
  return (table_entry (u) << bits) + rest * (table_entry (u + 1) - table_entry (u));
}

int32_t
reference_logistic_s16 (int64_t x, int32_t multiplier, int shift)
{
  const int64_t z = scaled_input (x, multiplier, shift);
  const int64_t result = interpolated (z < 0 ? -z : z, 9, 0x7FFF << 10);

  return (int32_t)((z >= 0 ? result + (1 << 9) : (1 << 25) - result + (1 << 9) - 1)
                   >> 10);
}

int32_t
reference_tanh_s16 (int64_t x, int32_t multiplier, int shift)
{
  const int64_t z = scaled_input (x, multiplier, shift);
  const int64_t result = interpolated (z < 0 ? -z : z, 8, 0xFFFF << 8);

  return (int32_t)((z >= 0 ? result - (1 << 23) + (1 << 7)
                           : -result + (1 << 23) + (1 << 7) - 1)
                   >> 8);
}
