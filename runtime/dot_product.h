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

/* SUM + sum w * x, added strictly from first to last. */
static inline float
frt_dot_product_f32 (float sum, const float *x, const float *w, int32_t count)
{
  for (int32_t i = 0; i < count; i++)
    sum += x[i] * w[i];
  return sum;
}
