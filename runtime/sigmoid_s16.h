/* SPDX-License-Identifier: Apache-2.0 */
/* sigmoid_s16.h: logistic function and hyperbolic tangent of int16, by interpolation.
 *
 * TABLE has 256 entries of sigmoid (k / 24) * 2^16; the desktop makes it. Results have 15
 * fraction bits. */
#pragma once

#include "check.h"

/* X in steps of 1 / (3 * 4096). */
static inline int32_t
frt_sigmoid_input (int16_t x, int32_t multiplier, int32_t shift)
{
  const int32_t half = shift > 0 ? (int32_t)(UINT32_C (1) << (shift - 1)) : 0;

  return (int32_t)(((int64_t)x * multiplier + half) >> shift);
}

/* Between TABLE[INDEX] and the entry behind it; FRACTION has BITS bits. Beyond the table MOST. */
static inline int32_t
frt_sigmoid_interpolate (const uint16_t *table, int32_t index, int32_t fraction,
                         int32_t bits, int32_t most)
{
  if (index >= 255)
    return most;
  return ((int32_t)table[index] << bits)
         + fraction * ((int32_t)table[index + 1] - (int32_t)table[index]);
}

static inline int16_t
frt_logistic_of_s16 (const uint16_t *table, int16_t x, int32_t multiplier, int32_t shift)
{
  const int32_t z = frt_sigmoid_input (x, multiplier, shift);
  const int32_t magnitude = z < 0 ? -z : z;
  const int32_t half =
      frt_sigmoid_interpolate (table, magnitude >> 9, magnitude & 0x1FF, 9, 0x7FFF << 10);

  return (int16_t)((z >= 0 ? half + (1 << 9) : (1 << 25) - half + (1 << 9) - 1) >> 10);
}

static inline int16_t
frt_tanh_of_s16 (const uint16_t *table, int16_t x, int32_t multiplier, int32_t shift)
{
  const int32_t z = frt_sigmoid_input (x, multiplier, shift);
  const int32_t magnitude = z < 0 ? -z : z;
  const int32_t half =
      frt_sigmoid_interpolate (table, magnitude >> 8, magnitude & 0xFF, 8, 0xFFFF << 8);

  return (
      int16_t)((z >= 0 ? half - (1 << 23) + (1 << 7) : -half + (1 << 23) + (1 << 7) - 1)
               >> 8);
}

/* PARAMETERS as frt_format.h promises them, the table inside IMAGE. */
static inline bool
frt_check_sigmoid_s16 (const frt_image *image,
                       const struct frt_sigmoid_s16_parameters *parameters)
{
  return parameters->multiplier >= 0 && parameters->multiplier <= INT16_MAX
         && parameters->shift >= 0 && parameters->shift <= FRT_MAX_SHIFT
         && frt_check_block (image, parameters->table_offset, 256, sizeof (uint16_t));
}
