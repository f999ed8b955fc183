/* SPDX-License-Identifier: Apache-2.0 */
/* packed_matrix.h: what convolution and fully connected layers share: one or two positions'
 * activations times all weights.
 *
 * A tile holds the activations of one or two positions as int16 pairs: of each four taps, 0
 * and 2, then 1 and 3, as SXTB16 leaves them. The pairs of two positions alternate. Taps are
 * filled up to a multiple of FRT_PACKED_TAPS.
 *
 * Weights come in blocks of FRT_PACKED_CHANNELS output channels. For each pair of taps a
 * block has two words, of channels 0 and 1, and of channels 2 and 3. The word of channels a
 * and b with weights a0, b0 and a1, b1 is read as two int16 lanes 256 * b0 + a0 and
 * 256 * b1 + a1: SXTB16 gives the lanes of a; the word as it is gives 256 times the sum of b
 * plus that of a, so b costs no unpacking at all. */
#pragma once

#include "arch/packed_requantize.h"
#include "check.h"

struct frt_packed_matrix
{
  const uint32_t *weights;
  const struct frt_packed_channel *channels;
  uint32_t taps; /* a multiple of FRT_PACKED_TAPS */
  int32_t outputs;
  struct frt_packed_range range;
};

static inline uint32_t
frt_packed_taps (uint32_t taps)
{
  return (taps + FRT_PACKED_TAPS - 1) / FRT_PACKED_TAPS * FRT_PACKED_TAPS;
}

/* Words of a tile. */
static inline uint32_t
frt_packed_tile_words (uint32_t taps, uint32_t positions)
{
  return frt_packed_taps (taps) / 2 * positions;
}

/* Widens COUNT activations from X into the pairs of one of POSITIONS positions, zeros up to
 * a multiple of four; returns where the next pair goes. */
uint32_t *frt_packed_unpack (uint32_t *pairs, const int8_t *x, int32_t count,
                             uint32_t positions);

/* COUNT taps, two in the pair VALUE, of one of POSITIONS positions; COUNT is even. */
static inline uint32_t *
frt_packed_fill (uint32_t *pairs, uint32_t value, int32_t count, uint32_t positions)
{
  for (int32_t i = 0; i < count; i += 2, pairs += positions)
    *pairs = value;
  return pairs;
}

/* Zeros from PAIRS up to the END of the tile. */
static inline void
frt_packed_fill_zero (uint32_t *pairs, const uint32_t *end, uint32_t positions)
{
  for (; pairs < end; pairs += positions)
    *pairs = 0;
}

/* All outputs of one position into Y[0], or of two into Y[0] and Y[1]. */
void frt_packed_multiply (const struct frt_packed_matrix *matrix, const uint32_t *tile,
                          uint32_t positions, int8_t *const y[2]);

/* COUNT rows of DEPTH activations that follow each other from X on; so do the outputs from Y
 * on. TILE is of one position if COUNT is 1, else of two. */
void frt_packed_multiply_rows (const struct frt_packed_matrix *matrix, uint32_t *tile,
                               const int8_t *x, int32_t depth, int32_t count, int8_t *y);

/* TAPS weights for each of OUTPUTS channels, and the channels; from the same tensors and
 * parameters as those of the portable kernels. Returns an frt_status. */
int frt_check_packed_matrix (const frt_image *image, uint32_t weights_offset,
                             uint32_t channels_offset, uint64_t taps, int32_t outputs);

/* COUNT channels, filled up to a multiple of FRT_PACKED_CHANNELS. */
bool frt_check_packed_channels (const frt_image *image, uint32_t channels_offset,
                                int32_t count);
