/* SPDX-License-Identifier: Apache-2.0 */
/* packed_requantize.h: from a sum to int8 in a handful of instructions, exactly as
 * requantize.h while the sum is within what lowering has proven (model/pack-armv7e-m.h).
 *
 * SRDHM (a, m) is the high word of 2a * m, rounded, while |a| < 2^30. RDBPOT (x, n), n >= 1,
 * is (x + (x >> 31) + 2^(n-1)) >> n; the zero point comes along as Z * 2^n. The sign of x
 * may be taken from a: they differ only where x is 0, and there both give the same. Beyond
 * the proof everything wraps modulo 2^32, and nothing is undefined. */
#pragma once

#include <stdbool.h>

#include "arch/dsp.h"
#include "frt_format.h"
#include "requantize.h"

struct frt_packed_range
{
  int32_t minimum, maximum;
};

/* TWICE_SUM includes twice the bias. */
static inline int32_t
frt_packed_scale (uint32_t twice_sum, const struct frt_packed_channel *channel)
{
  const int32_t value = (int32_t)twice_sum;
  const uint32_t rounding = (uint32_t)channel->rounding + (uint32_t)(value >> 31);

  return frt_smmlar (value, channel->multiplier, rounding) >> channel->shift;
}

/* Inlined so that a constant RANGE of all int8 becomes one SSAT. */
static inline __attribute__ ((always_inline)) int8_t
frt_packed_requantize (uint32_t twice_sum, const struct frt_packed_channel *channel,
                       struct frt_packed_range range)
{
  return (int8_t)frt_limit_s32 (frt_packed_scale (twice_sum, channel), range.minimum,
                                range.maximum);
}

void frt_packed_apply_limits (int8_t *y, int32_t count, struct frt_packed_range range);

/* Mostly nothing: RANGE is all of int8. */
static inline void
frt_packed_limit (int8_t *y, int32_t count, struct frt_packed_range range)
{
  if (range.minimum != INT8_MIN || range.maximum != INT8_MAX)
    frt_packed_apply_limits (y, count, range);
}

/* Whether CHANNEL can be computed: whatever its numbers, all else wraps. */
static inline bool
frt_check_packed_shift (const struct frt_packed_channel *channel)
{
  return channel->shift >= 0 && channel->shift <= 31;
}
