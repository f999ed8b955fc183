/* SPDX-License-Identifier: Apache-2.0 */
/* packed_matrix.c: one or two positions' activations times all weights. */
#include "arch/packed_matrix.h"
#include "arch/packed_dot.h"

uint32_t *
frt_packed_unpack (uint32_t *pairs, const int8_t *x, int32_t count, uint32_t positions)
{
  for (; count >= 4; count -= 4, x += 4, pairs += 2 * positions)
    {
      const uint32_t word = frt_load_word (x);

      pairs[0] = frt_sxtb16 (word);
      pairs[positions] = frt_sxtb16_odd (word);
    }
  if (count > 0)
    {
      pairs[0] = frt_make_pair (x[0], count > 2 ? x[2] : 0);
      pairs[positions] = frt_make_pair (count > 1 ? x[1] : 0, 0);
      pairs += 2 * positions;
    }
  return pairs;
}

/* Channels 0 and 1 of CHANNELS: A is the sum of 0, AB that of 256 times 1 plus 0. */
static inline void
finish_two (uint32_t a, uint32_t ab, const struct frt_packed_channel *channels,
            struct frt_packed_range range, int8_t *y)
{
  /* The difference is 256 times the sum of channel 1. */
  const uint32_t twice_b = (uint32_t)((int32_t)(ab - a) >> 7);

  y[0] = frt_packed_requantize ((uint32_t)channels[0].twice_bias + 2 * a, &channels[0],
                                range);
  y[1] = frt_packed_requantize ((uint32_t)channels[1].twice_bias + twice_b, &channels[1],
                                range);
}

static inline void
finish_block (const uint32_t *sums, const struct frt_packed_channel *channels,
              uint32_t positions, struct frt_packed_range range, int8_t *const y[2],
              int32_t first)
{
  for (uint32_t pair = 0; pair < 2; pair++)
    for (uint32_t p = 0; p < positions; p++)
      finish_two (sums[4 * p + 2 * pair], sums[4 * p + 2 * pair + 1], channels + 2 * pair,
                  range, y[p] + first + 2 * pair);
}

/* The last block, of which only COUNT channels are stored. */
static void
finish_part (const uint32_t *sums, const struct frt_packed_channel *channels,
             uint32_t positions, struct frt_packed_range range, int8_t *const y[2],
             int32_t first, int32_t count)
{
  int8_t block[2][FRT_PACKED_CHANNELS];
  int8_t *const rows[2] = { block[0], block[1] };

  finish_block (sums, channels, positions, range, rows, 0);
  for (uint32_t p = 0; p < positions; p++)
    for (int32_t i = 0; i < count; i++)
      y[p][first + i] = block[p][i];
}

/* Inlined with constant POSITIONS. */
static inline void
multiply (const struct frt_packed_matrix *matrix, const uint32_t *tile,
          uint32_t positions, struct frt_packed_range range, int8_t *const y[2])
{
  const uint32_t *end = tile + frt_packed_tile_words (matrix->taps, positions);
  const uint32_t *weights = matrix->weights;
  const struct frt_packed_channel *channels = matrix->channels;
  uint32_t sums[2 * FRT_PACKED_CHANNELS];

  for (int32_t first = 0; first < matrix->outputs; first += FRT_PACKED_CHANNELS)
    {
      const int32_t left = matrix->outputs - first;

      if (positions == 2)
        frt_packed_dot_two (sums, weights, tile, end);
      else
        frt_packed_dot_one (sums, weights, tile, end);
      if (left >= FRT_PACKED_CHANNELS)
        finish_block (sums, channels, positions, range, y, first);
      else
        finish_part (sums, channels, positions, range, y, first, left);
      weights += matrix->taps; /* four channels, a byte each */
      channels += FRT_PACKED_CHANNELS;
    }
}

void
frt_packed_multiply (const struct frt_packed_matrix *matrix, const uint32_t *tile,
                     uint32_t positions, int8_t *const y[2])
{
  const struct frt_packed_range all = { INT8_MIN, INT8_MAX };
  const bool is_limited =
      matrix->range.minimum != all.minimum || matrix->range.maximum != all.maximum;

  /* A constant range is one SSAT. */
  if (positions == 1)
    multiply (matrix, tile, 1, matrix->range, y);
  else if (is_limited)
    multiply (matrix, tile, 2, matrix->range, y);
  else
    multiply (matrix, tile, 2, all, y);
}

bool
frt_check_packed_channels (const frt_image *image, uint32_t channels_offset,
                           int32_t count)
{
  const uint64_t padded = ((uint64_t)count + FRT_PACKED_CHANNELS - 1)
                          / FRT_PACKED_CHANNELS * FRT_PACKED_CHANNELS;
  const struct frt_packed_channel *channels;

  if (channels_offset % _Alignof(struct frt_packed_channel) != 0
      || !frt_check_block (image, channels_offset, padded * sizeof *channels, 1))
    return false;
  channels = frt_constant (image, channels_offset);
  for (uint64_t i = 0; i < padded; i++)
    if (channels[i].shift < 0 || channels[i].shift > FRT_MAX_SHIFT)
      return false;
  return true;
}

int
frt_check_packed_matrix (const frt_image *image, uint32_t weights_offset,
                         uint32_t channels_offset, uint64_t taps, int32_t outputs)
{
  const uint64_t blocks =
      ((uint64_t)outputs + FRT_PACKED_CHANNELS - 1) / FRT_PACKED_CHANNELS;

  if (image->header->packing != FRT_PACKING_ARMV7E_M)
    return FRT_E_OPERATOR;
  if (taps > FRT_MAX_BYTES
      || !frt_check_block (image, weights_offset,
                           frt_check_product (frt_packed_taps ((uint32_t)taps), blocks),
                           4))
    return FRT_E_LAYOUT;
  return frt_check_packed_channels (image, channels_offset, outputs) ? FRT_OK
                                                                     : FRT_E_OPERATOR;
}
