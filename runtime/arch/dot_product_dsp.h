/* SPDX-License-Identifier: Apache-2.0 */
/* dot_product_dsp.h: the dot products of ../dot_product.h in the instructions of ARMv7E-M.
 *
 * They give the same modulo 2^32, since products are only added in another order. */
#pragma once

#include "arch/dsp.h"

/* OFFSET fits in int16 with any int8 added. */
static inline uint32_t
frt_dot_product_s8_dsp (const int8_t *x, const int8_t *w, int32_t count, int32_t offset)
{
  const uint32_t offsets = frt_make_pair (offset, offset);
  uint32_t sum = 0;

  for (; count >= 4; count -= 4, x += 4, w += 4)
    {
      const uint32_t four_x = frt_load_word (x), four_w = frt_load_word (w);

      sum = frt_smlad (frt_sxtab16 (offsets, four_x), frt_sxtb16 (four_w), sum);
      sum = frt_smlad (frt_sxtab16_odd (offsets, four_x), frt_sxtb16_odd (four_w), sum);
    }
  for (; count > 0; count--)
    sum += (uint32_t)(*w++ * (*x++ + offset));
  return sum;
}

/* BLOCKS of eight weights, two per byte, times 16: so they lie in the upper halves of bytes. */
static inline uint32_t
frt_dot_product_s4_blocks_dsp (const int8_t *x, const int8_t *w, int32_t blocks,
                               uint32_t offsets)
{
  const uint32_t upper = 0xF0F0F0F0u;
  uint32_t sum = 0;

  for (; blocks > 0; blocks--, x += 8, w += 4)
    {
      const uint32_t eight_w = frt_load_word (w);
      const uint32_t even_w = eight_w << 4 & upper, odd_w = eight_w & upper;
      const uint32_t first = frt_load_word (x), second = frt_load_word (x + 4);
      const uint32_t x02 = frt_sxtab16 (offsets, first);
      const uint32_t x46 = frt_sxtab16 (offsets, second);
      const uint32_t x13 = frt_sxtab16_odd (offsets, first);
      const uint32_t x57 = frt_sxtab16_odd (offsets, second);

      sum = frt_smlad (frt_join_low (x02, x46), frt_sxtb16 (even_w), sum);
      sum = frt_smlad (frt_join_high (x02, x46), frt_sxtb16_odd (even_w), sum);
      sum = frt_smlad (frt_join_low (x13, x57), frt_sxtb16 (odd_w), sum);
      sum = frt_smlad (frt_join_high (x13, x57), frt_sxtb16_odd (odd_w), sum);
    }
  return sum;
}

/* WEIGHTS begin with a whole byte; COUNT is a multiple of 8. */
static inline uint32_t
frt_dot_product_s4_dsp (const int8_t *x, const uint8_t *weights, int32_t count,
                        int32_t offset)
{
  const uint32_t offsets = frt_make_pair (offset, offset);
  const int32_t most = 32768; /* 16 times their products still fit in int32 */
  uint32_t sum = 0;

  while (count > 0)
    {
      const int32_t part = count < most ? count : most;

      sum += (uint32_t)((int32_t)frt_dot_product_s4_blocks_dsp (
                            x, (const int8_t *)weights, part / 8, offsets)
                        >> 4);
      x += part;
      weights += part / 2;
      count -= part;
    }
  return sum;
}

static inline int64_t
frt_dot_product_s16_dsp (const int16_t *x, const int8_t *w, int32_t count)
{
  int64_t sum = 0;

  for (; count >= 4; count -= 4, x += 4, w += 4)
    {
      const uint32_t four_w = frt_load_word (w);
      const uint32_t x01 = frt_load_word ((const int8_t *)(const void *)x);
      const uint32_t x23 = frt_load_word ((const int8_t *)(const void *)(x + 2));

      sum = frt_smlald (frt_join_low (x01, x23), frt_sxtb16 (four_w), sum);
      sum = frt_smlald (frt_join_high (x01, x23), frt_sxtb16_odd (four_w), sum);
    }
  for (; count > 0; count--)
    sum += *w++ * *x++;
  return sum;
}
