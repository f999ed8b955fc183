/* SPDX-License-Identifier: Apache-2.0 */
/* dot_product.h: the inner loops of convolution and of fully connected layers. */
#pragma once

#include <stdint.h>

/* Loops as short as they can be: what -Os asks for, or FRT_OPTIMIZE_SIZE. */
#if !defined FRT_OPTIMIZE_SIZE && !defined __OPTIMIZE_SIZE__
#if defined __ARM_FEATURE_MVE && __ARM_FEATURE_MVE & 1
#include "arch/helium/dot_product_mve.h"
#define FRT_FAST_DOT(name) name##_mve
#elif defined __ARM_FEATURE_DSP && defined __thumb2__
#include "arch/dot_product_dsp.h"
#define FRT_FAST_DOT(name) name##_dsp
#endif
#endif

/* sum w * (x + OFFSET), modulo 2^32; OFFSET is at most 128 of either sign. */
static inline uint32_t
frt_dot_product_s8 (const int8_t *x, const int8_t *w, int32_t count, int32_t offset)
{
#ifdef FRT_FAST_DOT
  return FRT_FAST_DOT (frt_dot_product_s8) (x, w, count, offset);
#else
  uint32_t sum = 0;

  for (int32_t i = 0; i < count; i++)
    sum += (uint32_t)(w[i] * (x[i] + offset));
  return sum;
#endif
}

/* Element INDEX of 4-bit numbers packed two per byte, the lower half first. */
static inline int32_t
frt_unpack_s4 (const uint8_t *packed, int32_t index)
{
  const uint32_t byte = packed[index / 2];

  return (int8_t)(index % 2 == 0 ? byte << 4 : byte & 0xF0) >> 4;
}

/* frt_dot_product_s8 with the 4-bit weights FIRST to FIRST + COUNT - 1 of PACKED. */
static inline uint32_t
frt_dot_product_s4 (const int8_t *x, const uint8_t *packed, int32_t first, int32_t count,
                    int32_t offset)
{
  uint32_t sum = 0;

#ifdef FRT_FAST_DOT
  int32_t whole;

  if (first % 2 != 0 && count > 0)
    {
      sum += (uint32_t)(frt_unpack_s4 (packed, first++) * (*x++ + offset));
      count--;
    }
  whole = count / 8 * 8;
  sum += FRT_FAST_DOT (frt_dot_product_s4) (x, packed + first / 2, whole, offset);
  x += whole;
  first += whole;
  count -= whole;
#endif
  for (int32_t i = 0; i < count; i++)
    sum += (uint32_t)(frt_unpack_s4 (packed, first + i) * (x[i] + offset));
  return sum;
}

/* sum w * x; no image holds enough elements to overflow it. */
static inline int64_t
frt_dot_product_s16 (const int16_t *x, const int8_t *w, int32_t count)
{
#ifdef FRT_FAST_DOT
  return FRT_FAST_DOT (frt_dot_product_s16) (x, w, count);
#else
  int64_t sum = 0;

  for (int32_t i = 0; i < count; i++)
    sum += w[i] * x[i];
  return sum;
#endif
}

/* SUM + sum w * x, added strictly from first to last. */
static inline float
frt_dot_product_f32 (float sum, const float *x, const float *w, int32_t count)
{
  for (int32_t i = 0; i < count; i++)
    sum += x[i] * w[i];
  return sum;
}
