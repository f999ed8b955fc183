/* SPDX-License-Identifier: Apache-2.0 */
/* blocked_requantize.h: from the sums of one block to int8, and the AVX2 twin of requantize.h. */
#pragma once

#include "arch/desktop/blocked.h"
#include "requantize.h"

/* Where results are written, and their limits. */
struct frt_block_output
{
  int32_t offset, minimum, maximum;
  int32_t count; /* lanes that are written */
};

static inline void
frt_block_requantize (const struct frt_block_channels *channels, const uint32_t *sums,
                      const struct frt_block_output *output, int8_t *y)
{
  for (int32_t lane = 0; lane < output->count; lane++)
    {
      const int32_t sum = (int32_t)(sums[lane] + (uint32_t)channels->bias[lane]);
      const int32_t high = frt_doubling_high_multiply (
          frt_wrapping_shift_left (sum, channels->left_shift[lane]),
          channels->multiplier[lane]);

      y[lane] =
          frt_narrow_s8 (frt_rounding_divide_by_power (high, channels->right_shift[lane]),
                         output->offset, output->minimum, output->maximum);
    }
}

#if FRT_HAS_AVX2_CODE
#include <immintrin.h>

/* frt_doubling_high_multiply of eight lanes: the products of even and of odd lanes are formed
 * apart, since they take 64 bits. */
static inline FRT_AVX2 __m256i
frt_doubling_high_multiply_avx2 (__m256i a, __m256i b)
{
  const __m256i half = _mm256_set1_epi64x (INT64_C (1) << 30);
  const __m256i even = _mm256_add_epi64 (_mm256_mul_epi32 (a, b), half);
  const __m256i odd = _mm256_add_epi64 (
      _mm256_mul_epi32 (_mm256_srli_epi64 (a, 32), _mm256_srli_epi64 (b, 32)), half);

  return _mm256_blend_epi32 (_mm256_srli_epi64 (even, 31), _mm256_slli_epi64 (odd, 1),
                             0xAA);
}

static inline FRT_AVX2 __m256i
frt_rounding_divide_by_power_avx2 (__m256i value, __m256i exponent)
{
  const __m256i one = _mm256_set1_epi32 (1);
  const __m256i mask = _mm256_sub_epi32 (_mm256_sllv_epi32 (one, exponent), one);
  const __m256i remainder = _mm256_and_si256 (value, mask);
  const __m256i threshold =
      _mm256_sub_epi32 (_mm256_srli_epi32 (mask, 1), _mm256_srai_epi32 (value, 31));

  /* A comparison that holds is -1. */
  return _mm256_sub_epi32 (_mm256_srav_epi32 (value, exponent),
                           _mm256_cmpgt_epi32 (remainder, threshold));
}

/* Eight lanes from LANE on, as int32. */
static inline FRT_AVX2 __m256i
frt_half_block_requantize_avx2 (const struct frt_block_channels *channels, int lane,
                                __m256i sums, const struct frt_block_output *output)
{
#define LOAD(field) _mm256_loadu_si256 ((const __m256i *)(channels->field + lane))
  const __m256i sum =
      _mm256_sllv_epi32 (_mm256_add_epi32 (sums, LOAD (bias)), LOAD (left_shift));
  const __m256i value = frt_rounding_divide_by_power_avx2 (
      frt_doubling_high_multiply_avx2 (sum, LOAD (multiplier)), LOAD (right_shift));
#undef LOAD
  const __m256i low = _mm256_set1_epi32 (output->minimum - output->offset);
  const __m256i high = _mm256_set1_epi32 (output->maximum - output->offset);

  return _mm256_add_epi32 (_mm256_min_epi32 (_mm256_max_epi32 (value, low), high),
                           _mm256_set1_epi32 (output->offset));
}

static inline FRT_AVX2 void
frt_block_requantize_avx2 (const struct frt_block_channels *channels, __m256i first,
                           __m256i second, const struct frt_block_output *output,
                           int8_t *y)
{
  const __m256i a = frt_half_block_requantize_avx2 (channels, 0, first, output);
  const __m256i b = frt_half_block_requantize_avx2 (channels, 8, second, output);
  const __m256i words =
      _mm256_permute4x64_epi64 (_mm256_packs_epi32 (a, b), _MM_SHUFFLE (3, 1, 2, 0));
  const __m128i bytes = _mm_packs_epi16 (_mm256_castsi256_si128 (words),
                                         _mm256_extracti128_si256 (words, 1));
  int8_t lanes[FRT_BLOCK_LANES];

  if (output->count == FRT_BLOCK_LANES)
    {
      _mm_storeu_si128 ((__m128i *)y, bytes);
      return;
    }
  _mm_storeu_si128 ((__m128i *)lanes, bytes);
  for (int32_t lane = 0; lane < output->count; lane++)
    y[lane] = lanes[lane];
}
#endif
