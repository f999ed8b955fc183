/* SPDX-License-Identifier: Apache-2.0 */
/* helium_matrix.c: products of a row of activations with the weights of all output channels. */
#include "arch/helium/helium_matrix.h"

#define BLOCK FRT_HELIUM_CHANNELS

#if FRT_HAS_MVE
/* Four output channels: one load of activations serves four of weights. */
static inline int32x4_t
sum_block (const int8_t *weights, const int8_t *x, uint32_t chunks)
{
  int32_t a = 0, b = 0, c = 0, d = 0;
  int32x4_t sums = vdupq_n_s32 (0);

  for (uint32_t chunk = 0; chunk < chunks; chunk++)
    {
      const int8x16_t values = vld1q (x);

      a = vmladavaq_s8 (a, values, vld1q (weights));
      b = vmladavaq_s8 (b, values, vld1q (weights + 16));
      c = vmladavaq_s8 (c, values, vld1q (weights + 32));
      d = vmladavaq_s8 (d, values, vld1q (weights + 48));
      weights += BLOCK * FRT_HELIUM_TAPS;
      x += FRT_HELIUM_TAPS;
    }
  sums = vsetq_lane_s32 (a, sums, 0);
  sums = vsetq_lane_s32 (b, sums, 1);
  sums = vsetq_lane_s32 (c, sums, 2);
  return vsetq_lane_s32 (d, sums, 3);
}

void
frt_helium_multiply (const struct frt_helium_matrix *matrix, const int8_t *x, int8_t *y)
{
  const int8_t *weights = matrix->weights;
  const struct frt_helium_channels *channels = matrix->channels;
  const uint32_t taps = matrix->taps;
  const struct frt_helium_range range = matrix->range;
  const int32x4_t minimum = vdupq_n_s32 (range.minimum - range.offset);
  const int32x4_t maximum = vdupq_n_s32 (range.maximum - range.offset);
  int32_t left = matrix->outputs;

  for (; left > 0; left -= BLOCK, y += BLOCK)
    {
      const int32x4_t scaled = frt_helium_requantize (
          channels, sum_block (weights, x, taps / FRT_HELIUM_TAPS));
      const int32x4_t value =
          vaddq_n_s32 (vminq_s32 (vmaxq_s32 (scaled, minimum), maximum), range.offset);

      if (left >= BLOCK)
        vstrbq_s32 (y, value);
      else
        vstrbq_p_s32 (y, value, vctp32q ((uint32_t)left));
      weights += BLOCK * taps;
      channels++;
    }
}
#else
void
frt_helium_multiply (const struct frt_helium_matrix *matrix, const int8_t *x, int8_t *y)
{
  for (int32_t output = 0; output < matrix->outputs; output++)
    {
      const int32_t block = output / BLOCK, lane = output % BLOCK;
      const int8_t *weights = matrix->weights + (uint32_t)block * BLOCK * matrix->taps
                              + lane * FRT_HELIUM_TAPS;
      uint32_t sum = 0;

      for (uint32_t tap = 0; tap < matrix->taps; tap++)
        sum += (uint32_t)(weights[tap / FRT_HELIUM_TAPS * FRT_HELIUM_TAPS * BLOCK
                                  + tap % FRT_HELIUM_TAPS]
                          * x[tap]);
      y[output] =
          frt_helium_requantize_one (&matrix->channels[block], lane, sum, &matrix->range);
    }
}
#endif

int
frt_check_helium (const frt_image *image, uint32_t weights_offset, uint64_t weights,
                  uint32_t channels_offset, int32_t outputs, int32_t block)
{
  const uint32_t count = frt_helium_blocks (outputs, block) * (uint32_t)block / BLOCK;
  const uint32_t words = sizeof (struct frt_helium_channels) / sizeof (int32_t);
  const struct frt_helium_channels *channels;

  if (image->header->packing != FRT_PACKING_HELIUM)
    return FRT_E_OPERATOR;
  if (!frt_check_block (image, weights_offset, weights, 1)
      || !frt_check_block (image, channels_offset, (uint64_t)count * words, 4))
    return FRT_E_LAYOUT;
  channels = frt_constant (image, channels_offset);
  for (uint32_t i = 0; i < count; i++)
    for (int lane = 0; lane < BLOCK; lane++)
      if (channels[i].multiplier[lane] < 0 || channels[i].shift[lane] > 0
          || channels[i].shift[lane] < -FRT_MAX_SHIFT)
        return FRT_E_OPERATOR;
  return FRT_OK;
}

int
frt_check_helium_matrix (const frt_image *image, uint32_t weights_offset,
                         uint32_t channels_offset, uint64_t taps, int32_t outputs)
{
  if (taps > FRT_MAX_BYTES)
    return FRT_E_LAYOUT;
  return frt_check_helium (
      image, weights_offset,
      frt_check_product (frt_helium_taps ((uint32_t)taps),
                         (uint64_t)frt_helium_blocks (outputs, BLOCK) * BLOCK),
      channels_offset, outputs, BLOCK);
}
