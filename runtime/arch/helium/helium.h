/* SPDX-License-Identifier: Apache-2.0 */
/* helium.h: what the kernels for Helium (MVE: Cortex-M55, M85) share.
 *
 * Every function has a plain C twin, compiled where __ARM_FEATURE_MVE is not defined, which gives
 * the same bytes: sums are modulo 2^32, and each step of the requantization is the instruction's
 * definition. */
#pragma once

#include <stdbool.h>

#include "access.h"
#include "requantize.h"

#if defined __ARM_FEATURE_MVE && __ARM_FEATURE_MVE & 1
#define FRT_HAS_MVE 1
#include <arm_mve.h>
#else
#define FRT_HAS_MVE 0
#endif

/* Limits of int8 results. */
struct frt_helium_range
{
  int32_t offset, minimum, maximum;
};

/* Taps are filled up to whole chunks: 16 bytes are one vector. */
static inline uint32_t
frt_helium_taps (uint32_t taps)
{
  return (taps + FRT_HELIUM_TAPS - 1) / FRT_HELIUM_TAPS * FRT_HELIUM_TAPS;
}

static inline uint32_t
frt_helium_blocks (int32_t outputs, int32_t block)
{
  return ((uint32_t)outputs + (uint32_t)block - 1) / (uint32_t)block;
}

/* Copies COUNT bytes; the areas do not overlap. */
static inline void
frt_helium_copy (int8_t *to, const int8_t *from, int32_t count)
{
#if FRT_HAS_MVE
  __asm__ volatile("wlstp.8 lr, %[count], 2f    \n"
                   "1:                          \n\t"
                   "vldrb.8 q0, [%[from]], #16  \n\t"
                   "vstrb.8 q0, [%[to]], #16    \n\t"
                   "letp    lr, 1b              \n"
                   "2:                          \n\t"
                   : [from] "+r"(from), [to] "+r"(to)
                   : [count] "r"(count)
                   : "lr", "cc", "memory", "q0");
#else
  for (int32_t i = 0; i < count; i++)
    to[i] = from[i];
#endif
}

static inline void
frt_helium_fill (int8_t *to, int8_t value, int32_t count)
{
#if FRT_HAS_MVE
  const int8x16_t values = vdupq_n_s8 (value);

  for (; count >= 16; count -= 16, to += 16)
    vst1q (to, values);
  if (count > 0)
    vst1q_p (to, values, vctp8q ((uint32_t)count));
#else
  for (int32_t i = 0; i < count; i++)
    to[i] = value;
#endif
}

#if FRT_HAS_MVE
/* SRDHM, then RDBPOT, of four sums, not yet limited: VQRDMULH rounds ties upwards as SRDHM does;
 * VRSHL does too, so negative values are made smaller by 1 before it. */
static inline int32x4_t
frt_helium_scale (int32x4_t sums, int32x4_t multiplier, int32x4_t shift)
{
  const int32x4_t high = vqrdmulhq_s32 (sums, multiplier);
  const int32x4_t correction = vshrq_n_s32 (vandq_s32 (high, shift), 31);

  return vrshlq_s32 (vqaddq_s32 (high, correction), shift);
}

/* frt_helium_requantize of q0, in assembly; changes q1 and q2, and %[channels] moves on. */
#define FRT_HELIUM_REQUANTIZE_Q0                                                         \
  "vldrw.32     q1, [%[channels]], #16 \n\t"                                             \
  "vadd.i32     q0, q0, q1             \n\t"                                             \
  "vldrw.32     q1, [%[channels]], #16 \n\t"                                             \
  "vqrdmulh.s32 q0, q0, q1             \n\t"                                             \
  "vldrw.32     q2, [%[channels]], #16 \n\t"                                             \
  "vand         q1, q0, q2             \n\t"                                             \
  "vshr.s32     q1, q1, #31            \n\t"                                             \
  "vqadd.s32    q0, q0, q1             \n\t"                                             \
  "vrshl.s32    q0, q0, q2             \n\t"

static inline int32x4_t
frt_helium_requantize (const struct frt_helium_channels *channels, int32x4_t sums)
{
  return frt_helium_scale (vaddq_s32 (sums, vld1q (channels->bias)),
                           vld1q (channels->multiplier), vld1q (channels->shift));
}
#endif

/* One sum, the twin of frt_helium_requantize; limited. */
static inline int8_t
frt_helium_requantize_one (const struct frt_helium_channels *channels, int32_t lane,
                           uint32_t sum, const struct frt_helium_range *range)
{
  const int32_t high = frt_doubling_high_multiply (
      (int32_t)(sum + (uint32_t)channels->bias[lane]), channels->multiplier[lane]);

  return frt_narrow_s8 (frt_rounding_divide_by_power (high, -channels->shift[lane]),
                        range->offset, range->minimum, range->maximum);
}
