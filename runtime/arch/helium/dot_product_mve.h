/* SPDX-License-Identifier: Apache-2.0 */
/* dot_product_mve.h: the dot products of ../../dot_product.h in the instructions of Helium, their plain C twins.
 *
 * They give the same modulo 2^32, since products are only added in another order. */
#pragma once

#include <arm_mve.h>

/* sum w * (x + OFFSET) is sum w * x + OFFSET * sum w. */
static inline uint32_t
frt_dot_product_s8_mve (const int8_t *x, const int8_t *w, int32_t count, int32_t offset)
{
  int32_t sum = 0, weights = 0;

  for (; count >= 16; count -= 16, x += 16, w += 16)
    {
      const int8x16_t vector = vld1q (w);

      sum = vmladavaq_s8 (sum, vld1q (x), vector);
      weights = vaddvaq_s8 (weights, vector);
    }
  if (count > 0)
    {
      const mve_pred16_t lanes = vctp8q ((uint32_t)count);
      const int8x16_t vector = vldrbq_z_s8 (w, lanes);

      sum = vmladavaq_s8 (sum, vldrbq_z_s8 (x, lanes), vector);
      weights = vaddvaq_s8 (weights, vector);
    }
  return (uint32_t)sum + (uint32_t)weights * (uint32_t)offset;
}

/* Two weights per byte; COUNT is even. */
static inline uint32_t
frt_dot_product_s4_mve (const int8_t *x, const uint8_t *packed, int32_t count,
                        int32_t offset)
{
  const int8_t *w = (const int8_t *)packed;
  int32_t sum = 0, weights = 0;

  for (; count >= 32; count -= 32, x += 32, w += 16)
    {
      const int8x16x2_t cells = vld2q_s8 (x);
      const int8x16_t pairs = vld1q (w);
      const int8x16_t even = vshrq_n_s8 (vshlq_n_s8 (pairs, 4), 4);
      const int8x16_t odd = vshrq_n_s8 (pairs, 4);

      sum = vmladavaq_s8 (sum, cells.val[0], even);
      sum = vmladavaq_s8 (sum, cells.val[1], odd);
      weights = vaddvaq_s8 (vaddvaq_s8 (weights, even), odd);
    }
  if (count > 0)
    {
      const mve_pred16_t lanes = vctp8q ((uint32_t)count / 2);
      const uint8x16_t places = vidupq_n_u8 (0, 2);
      const int8x16_t pairs = vldrbq_z_s8 (w, lanes);
      const int8x16_t even = vshrq_n_s8 (vshlq_n_s8 (pairs, 4), 4);
      const int8x16_t odd = vshrq_n_s8 (pairs, 4);

      sum = vmladavaq_s8 (sum, vldrbq_gather_offset_z_s8 (x, places, lanes), even);
      sum = vmladavaq_s8 (sum, vldrbq_gather_offset_z_s8 (x + 1, places, lanes), odd);
      weights = vaddvaq_s8 (vaddvaq_s8 (weights, even), odd);
    }
  return (uint32_t)sum + (uint32_t)weights * (uint32_t)offset;
}

static inline int64_t
frt_dot_product_s16_mve (const int16_t *x, const int8_t *w, int32_t count)
{
  int64_t sum = 0;

  for (; count >= 8; count -= 8, x += 8, w += 8)
    sum = vmlaldavaq_s16 (sum, vld1q (x), vldrbq_s16 (w));
  if (count > 0)
    {
      const mve_pred16_t lanes = vctp16q ((uint32_t)count);

      sum = vmlaldavaq_s16 (sum, vldrhq_z_s16 (x, lanes), vldrbq_z_s16 (w, lanes));
    }
  return sum;
}
