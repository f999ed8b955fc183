/* SPDX-License-Identifier: Apache-2.0 */
/* blocked_f32.c: sums of products of float, each in the order of its taps. */
#include "arch/desktop/blocked.h"
#include "float_range.h"

static void
multiply_plain (const struct frt_blocked_f32 *matrix, const float *weights,
                const float *bias, const float *x, int32_t count, float *y)
{
  float sums[FRT_BLOCK_LANES] = { 0 };

  for (uint32_t tap = 0; tap < matrix->taps; tap++, weights += FRT_BLOCK_LANES)
    for (int lane = 0; lane < FRT_BLOCK_LANES; lane++)
      sums[lane] += x[tap] * weights[lane];
  for (int32_t lane = 0; lane < count; lane++)
    y[lane] = frt_limit_f32 (sums[lane] + bias[lane], matrix->minimum, matrix->maximum);
}

#if FRT_HAS_AVX2_CODE
#include <immintrin.h>

/* One block of POSITIONS positions; a constant wherever this is inlined, so that all sums stay in
 * registers. */
static inline FRT_AVX2 void
multiply_avx2 (const struct frt_blocked_f32 *matrix, const float *weights,
               const float *bias, const float *tile, const int positions, int32_t count,
               float *y)
{
  __m256 sums[FRT_TILE_POSITIONS][2];

#pragma GCC unroll 4
  for (int p = 0; p < positions; p++)
    sums[p][0] = sums[p][1] = _mm256_setzero_ps ();
  for (uint32_t tap = 0; tap < matrix->taps; tap++, weights += FRT_BLOCK_LANES)
    {
      const __m256 first = _mm256_loadu_ps (weights);
      const __m256 second = _mm256_loadu_ps (weights + 8);

#pragma GCC unroll 4
      for (int p = 0; p < positions; p++)
        {
          const __m256 x = _mm256_broadcast_ss (tile + p * matrix->taps + tap);

          sums[p][0] = _mm256_add_ps (sums[p][0], _mm256_mul_ps (x, first));
          sums[p][1] = _mm256_add_ps (sums[p][1], _mm256_mul_ps (x, second));
        }
    }
#pragma GCC unroll 4
  for (int p = 0; p < positions; p++)
    {
      float lanes[FRT_BLOCK_LANES];

      _mm256_storeu_ps (lanes, _mm256_add_ps (sums[p][0], _mm256_loadu_ps (bias)));
      _mm256_storeu_ps (lanes + 8,
                        _mm256_add_ps (sums[p][1], _mm256_loadu_ps (bias + 8)));
      for (int32_t lane = 0; lane < count; lane++)
        y[p * matrix->outputs + lane] =
            frt_limit_f32 (lanes[lane], matrix->minimum, matrix->maximum);
    }
}

static FRT_AVX2 void
multiply_tile_avx2 (const struct frt_blocked_f32 *matrix, const float *weights,
                    const float *bias, const float *tile, int32_t positions,
                    int32_t count, float *y)
{
  if (positions == FRT_TILE_POSITIONS)
    multiply_avx2 (matrix, weights, bias, tile, FRT_TILE_POSITIONS, count, y);
  else
    for (int32_t p = 0; p < positions; p++)
      multiply_avx2 (matrix, weights, bias, tile + (uint32_t)p * matrix->taps, 1, count,
                     y + p * matrix->outputs);
}
#endif

void
frt_blocked_multiply_f32 (const struct frt_blocked_f32 *matrix, const float *tile,
                          int32_t positions, float *output)
{
  const float *weights = matrix->weights;
  const float *bias = matrix->bias;
  const bool wide = frt_runs_avx2 ();

  for (int32_t first = 0; first < matrix->outputs; first += FRT_BLOCK_LANES)
    {
      const int32_t count = frt_count_lanes (matrix->outputs, first);

#if FRT_HAS_AVX2_CODE
      if (wide)
        multiply_tile_avx2 (matrix, weights, bias, tile, positions, count,
                            output + first);
#endif
      for (int32_t p = 0; p < positions && !wide; p++)
        multiply_plain (matrix, weights, bias, tile + (uint32_t)p * matrix->taps, count,
                        output + first + p * matrix->outputs);
      weights += matrix->taps * FRT_BLOCK_LANES;
      bias += FRT_BLOCK_LANES;
    }
}
