/* SPDX-License-Identifier: Apache-2.0 */
/* blocked_s8.c: sums of products of int8, widened to int16, two taps at a time. */
#include "arch/desktop/blocked_s8.h"
#include "arch/desktop/blocked_requantize.h"

#if FRT_HAS_AVX2_CODE
/* Returns how many were widened. */
static FRT_AVX2 int32_t
widen_avx2 (const int8_t *x, int32_t count, int32_t offset, int16_t *widened)
{
  const __m256i offsets = _mm256_set1_epi16 ((int16_t)offset);
  int32_t i = 0;

  for (; count - i >= 16; i += 16)
    _mm256_storeu_si256 (
        (__m256i *)(widened + i),
        _mm256_add_epi16 (
            _mm256_cvtepi8_epi16 (_mm_loadu_si128 ((const __m128i *)(x + i))), offsets));
  return i;
}
#endif

void
frt_blocked_widen (const int8_t *x, int32_t count, int32_t offset, int16_t *widened)
{
  int32_t i = 0;

#if FRT_HAS_AVX2_CODE
  if (frt_runs_avx2 ())
    i = widen_avx2 (x, count, offset, widened);
#endif
  for (; i < count; i++)
    widened[i] = (int16_t)(x[i] + offset);
}

static void
multiply_plain (const struct frt_blocked_s8 *matrix, const int16_t *weights,
                const struct frt_block_channels *channels, const int16_t *x,
                const struct frt_block_output *output, int8_t *y)
{
  uint32_t sums[FRT_BLOCK_LANES] = { 0 };

  for (uint32_t tap = 0; tap < matrix->taps; tap += 2, weights += 2 * FRT_BLOCK_LANES)
    for (int lane = 0; lane < FRT_BLOCK_LANES; lane++)
      sums[lane] += (uint32_t)(weights[2 * lane] * x[tap])
                    + (uint32_t)(weights[2 * lane + 1] * x[tap + 1]);
  frt_block_requantize (channels, sums, output, y);
}

#if FRT_HAS_AVX2_CODE
/* One block of POSITIONS positions; a constant wherever this is inlined, so that all sums stay in
 * registers. */
static inline FRT_AVX2 void
multiply_avx2 (const struct frt_blocked_s8 *matrix, const int16_t *weights,
               const struct frt_block_channels *channels, const int16_t *tile,
               const struct frt_block_output *output, const int positions, int8_t *y)
{
  __m256i sums[FRT_TILE_POSITIONS][2];

#pragma GCC unroll 4
  for (int p = 0; p < positions; p++)
    sums[p][0] = sums[p][1] = _mm256_setzero_si256 ();
  for (uint32_t tap = 0; tap < matrix->taps; tap += 2, weights += 2 * FRT_BLOCK_LANES)
    {
      const __m256i first = _mm256_loadu_si256 ((const __m256i *)weights);
      const __m256i second = _mm256_loadu_si256 ((const __m256i *)weights + 1);

#pragma GCC unroll 4
      for (int p = 0; p < positions; p++)
        {
          const __m256i x = _mm256_broadcastd_epi32 (
              _mm_loadu_si32 (tile + (uint32_t)p * matrix->taps + tap));

          sums[p][0] = _mm256_add_epi32 (sums[p][0], _mm256_madd_epi16 (first, x));
          sums[p][1] = _mm256_add_epi32 (sums[p][1], _mm256_madd_epi16 (second, x));
        }
    }
#pragma GCC unroll 4
  for (int p = 0; p < positions; p++)
    frt_block_requantize_avx2 (channels, sums[p][0], sums[p][1], output,
                               y + p * matrix->outputs);
}

static FRT_AVX2 void
multiply_tile_avx2 (const struct frt_blocked_s8 *matrix, const int16_t *weights,
                    const struct frt_block_channels *channels, const int16_t *tile,
                    const struct frt_block_output *output, int32_t positions, int8_t *y)
{
  if (positions == FRT_TILE_POSITIONS)
    multiply_avx2 (matrix, weights, channels, tile, output, FRT_TILE_POSITIONS, y);
  else
    for (int32_t p = 0; p < positions; p++)
      multiply_avx2 (matrix, weights, channels, tile + (uint32_t)p * matrix->taps, output,
                     1, y + p * matrix->outputs);
}
#endif

void
frt_blocked_multiply_s8 (const struct frt_blocked_s8 *matrix, const int16_t *tile,
                         int32_t positions, int8_t *output)
{
  const int16_t *weights = matrix->weights;
  const struct frt_block_channels *channels = matrix->channels;
  const bool wide = frt_runs_avx2 ();
  struct frt_block_output limits = { .offset = matrix->output_offset,
                                     .minimum = matrix->minimum,
                                     .maximum = matrix->maximum };

  for (int32_t first = 0; first < matrix->outputs; first += FRT_BLOCK_LANES)
    {
      limits.count = frt_count_lanes (matrix->outputs, first);
#if FRT_HAS_AVX2_CODE
      if (wide)
        multiply_tile_avx2 (matrix, weights, channels, tile, &limits, positions,
                            output + first);
#endif
      for (int32_t p = 0; p < positions && !wide; p++)
        multiply_plain (matrix, weights, channels, tile + (uint32_t)p * matrix->taps,
                        &limits, output + first + p * matrix->outputs);
      weights += matrix->taps * FRT_BLOCK_LANES;
      channels++;
    }
}
