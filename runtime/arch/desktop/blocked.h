/* SPDX-License-Identifier: Apache-2.0 */
/* blocked.h: sums of products for desktop processors: blocks of channels, tiles of positions.
 *
 * A block is FRT_BLOCK_LANES output channels side by side, a tile the inputs of up to
 * FRT_TILE_POSITIONS output positions. Each function has a plain C twin, which gives the same
 * bytes on any processor: int8 sums are modulo 2^32, and each float sum is added in the order
 * of its taps, one lane per channel. */
#pragma once

#include <stdbool.h>

#include "access.h"

#ifndef FRT_HAS_AVX2_CODE
#if defined __x86_64__ && defined __GNUC__
#define FRT_HAS_AVX2_CODE 1
#else
#define FRT_HAS_AVX2_CODE 0
#endif
#endif
#if FRT_HAS_AVX2_CODE
#define FRT_AVX2 __attribute__ ((target ("avx2")))
#endif

#define FRT_TILE_POSITIONS 4

/* What is multiplied: one position's taps, and one row of outputs. */
struct frt_blocked_s8
{
  const int16_t *weights; /* [block][taps / 2][lane][2]; TAPS is even */
  const struct frt_block_channels *channels;
  uint32_t taps;
  int32_t outputs;
  int32_t output_offset, minimum, maximum;
};

struct frt_blocked_f32
{
  const float *weights; /* [block][taps][lane] */
  const float *bias;    /* [block][lane] */
  uint32_t taps;
  int32_t outputs;
  float minimum, maximum;
};

/* POSITIONS rows of outputs, one behind the other at OUTPUT, from as many rows of TAPS inputs at
 * TILE. */
void frt_blocked_multiply_s8 (const struct frt_blocked_s8 *matrix, const int16_t *tile,
                              int32_t positions, int8_t *output);
void frt_blocked_multiply_f32 (const struct frt_blocked_f32 *matrix, const float *tile,
                               int32_t positions, float *output);

/* Whether this processor runs the AVX2 code. */
static inline bool
frt_runs_avx2 (void)
{
#if FRT_HAS_AVX2_CODE
  return __builtin_cpu_supports ("avx2");
#else
  return false;
#endif
}

static inline uint32_t
frt_count_blocks (int32_t outputs)
{
  return ((uint32_t)outputs + FRT_BLOCK_LANES - 1) / FRT_BLOCK_LANES;
}

/* Channels of the block that begins with channel FIRST. */
static inline int32_t
frt_count_lanes (int32_t outputs, int32_t first)
{
  return outputs - first < FRT_BLOCK_LANES ? outputs - first : FRT_BLOCK_LANES;
}

static inline uint32_t
frt_even_taps (uint32_t taps)
{
  return taps + taps % 2;
}
