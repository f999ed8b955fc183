/* SPDX-License-Identifier: Apache-2.0 */
/* packed_matrix.c: one or two positions' activations times all weights. */
#include "arch/packed_matrix.h"
#include "arch/packed_blocks.h"

/* Inlined with constant POSITIONS. */
static inline __attribute__ ((always_inline)) uint32_t *
unpack (uint32_t *pairs, const int8_t *x, int32_t count, uint32_t positions)
{
  for (; count >= 8; count -= 8, x += 8, pairs += 4 * positions)
    {
      const uint32_t first = frt_load_word (x), second = frt_load_word (x + 4);

      pairs[0] = frt_sxtb16 (first);
      pairs[positions] = frt_sxtb16_odd (first);
      pairs[2 * positions] = frt_sxtb16 (second);
      pairs[3 * positions] = frt_sxtb16_odd (second);
    }
  if (count >= 4)
    {
      const uint32_t word = frt_load_word (x);

      pairs[0] = frt_sxtb16 (word);
      pairs[positions] = frt_sxtb16_odd (word);
      count -= 4;
      x += 4;
      pairs += 2 * positions;
    }
  if (count > 0)
    {
      pairs[0] = frt_make_pair (x[0], count > 2 ? x[2] : 0);
      pairs[positions] = frt_make_pair (count > 1 ? x[1] : 0, 0);
      pairs += 2 * positions;
    }
  return pairs;
}

uint32_t *
frt_packed_unpack (uint32_t *pairs, const int8_t *x, int32_t count, uint32_t positions)
{
  return positions == 2 ? unpack (pairs, x, count, 2) : unpack (pairs, x, count, 1);
}

static void
multiply_blocks (struct frt_packed_job *job, uint32_t blocks, uint32_t positions)
{
  job->blocks = blocks;
  if (blocks > 0 && positions == 2)
    frt_packed_blocks_two (job);
  else if (blocks > 0)
    frt_packed_blocks_one (job);
}

/* The last block, of which only COUNT channels are stored. */
static void
multiply_part (struct frt_packed_job *job, uint32_t count, uint32_t positions)
{
  int8_t block[2][FRT_PACKED_CHANNELS];
  int8_t *const y[2] = { job->y[0], job->y[1] };

  job->y[0] = block[0];
  job->y[1] = block[1];
  multiply_blocks (job, 1, positions);
  for (uint32_t p = 0; p < positions; p++)
    for (uint32_t i = 0; i < count; i++)
      y[p][i] = block[p][i];
}

void
frt_packed_multiply (const struct frt_packed_matrix *matrix, const uint32_t *tile,
                     uint32_t positions, int8_t *const y[2])
{
  const uint32_t outputs = (uint32_t)matrix->outputs;
  struct frt_packed_job job = {
    .tile = tile,
    .end = tile + frt_packed_tile_words (matrix->taps, positions),
    .channels = matrix->channels,
    .y = { y[0], y[1] },
    .weights = matrix->weights,
  };

  multiply_blocks (&job, outputs / FRT_PACKED_CHANNELS, positions);
  if (outputs % FRT_PACKED_CHANNELS != 0)
    multiply_part (&job, outputs % FRT_PACKED_CHANNELS, positions);
  if (matrix->range.minimum != INT8_MIN || matrix->range.maximum != INT8_MAX)
    for (uint32_t p = 0; p < positions; p++)
      frt_packed_apply_limits (y[p], matrix->outputs, matrix->range);
}

static void
widen_row (uint32_t *pairs, const uint32_t *end, const int8_t *x, int32_t depth,
           uint32_t positions)
{
  frt_packed_fill_zero (frt_packed_unpack (pairs, x, depth, positions), end, positions);
}

void
frt_packed_multiply_rows (const struct frt_packed_matrix *matrix, uint32_t *tile,
                          const int8_t *x, int32_t depth, int32_t count, int8_t *y)
{
  const uint32_t *end = tile + frt_packed_tile_words (matrix->taps, 2);

  for (; count > 1; count -= 2, x += 2 * depth, y += 2 * matrix->outputs)
    {
      int8_t *const outputs[2] = { y, y + matrix->outputs };

      widen_row (tile, end, x, depth, 2);
      widen_row (tile + 1, end, x + depth, depth, 2);
      frt_packed_multiply (matrix, tile, 2, outputs);
    }
  if (count > 0)
    {
      int8_t *const outputs[2] = { y, NULL };

      widen_row (tile, tile + frt_packed_tile_words (matrix->taps, 1), x, depth, 1);
      frt_packed_multiply (matrix, tile, 1, outputs);
    }
}

bool
frt_check_packed_channels (const frt_image *image, uint32_t channels_offset,
                           int32_t count)
{
  const uint64_t padded = ((uint64_t)count + FRT_PACKED_CHANNELS - 1)
                          / FRT_PACKED_CHANNELS * FRT_PACKED_CHANNELS;
  const struct frt_packed_channel *channels;

  if (channels_offset % _Alignof(struct frt_packed_channel) != 0
      || !frt_check_block (image, channels_offset, padded * sizeof *channels, 1)
      || !frt_afford (image, (uint32_t)padded))
    return false;
  channels = frt_constant (image, channels_offset);
  for (uint64_t i = 0; i < padded; i++)
    if (!frt_check_packed_shift (&channels[i]))
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
