/* SPDX-License-Identifier: Apache-2.0 */
/* dot_product.h: the inner loops of convolution and of fully connected layers. */
#pragma once

#include <stdint.h>

/* sum w * (x + OFFSET), modulo 2^32. */
static inline uint32_t
frt_dot_product_s8 (const int8_t *x, const int8_t *w, int32_t count, int32_t offset)
{
  uint32_t sum = 0;

  for (int32_t i = 0; i < count; i++)
    sum += (uint32_t)(w[i] * (x[i] + offset));
  return sum;
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

  for (int32_t i = 0; i < count; i++)
    sum += (uint32_t)(frt_unpack_s4 (packed, first + i) * (x[i] + offset));
  return sum;
}

/* sum w * x; no image holds enough elements to overflow it. */
static inline int64_t
frt_dot_product_s16 (const int16_t *x, const int8_t *w, int32_t count)
{
  int64_t sum = 0;

  for (int32_t i = 0; i < count; i++)
    sum += w[i] * x[i];
  return sum;
}

/* SUM + sum w * x, added strictly from first to last. */
static inline float
frt_dot_product_f32 (float sum, const float *x, const float *w, int32_t count)
{
  for (int32_t i = 0; i < count; i++)
    sum += x[i] * w[i];
  return sum;
}
