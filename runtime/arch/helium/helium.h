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
frt_helium_copy_vector (int8_t *to, const int8_t *from)
{
#if FRT_HAS_MVE
  vst1q (to, vld1q (from));
#else
  for (int32_t i = 0; i < FRT_HELIUM_TAPS; i++)
    to[i] = from[i];
#endif
}

/* Copies COUNT bytes in whole vectors: up to 15 bytes more. */
static inline void
frt_helium_copy_vectors (int8_t *to, const int8_t *from, int32_t count)
{
  for (; count > 0;
       count -= FRT_HELIUM_TAPS, to += FRT_HELIUM_TAPS, from += FRT_HELIUM_TAPS)
    frt_helium_copy_vector (to, from);
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

/* The twin of the requantization, of one sum; limited. */
static inline int8_t
frt_helium_scale_one (int32_t sum, int32_t multiplier, int32_t shift,
                      const struct frt_helium_range *range)
{
  const int32_t high = frt_doubling_high_multiply (sum, multiplier);

  return frt_narrow_s8 (frt_rounding_divide_by_power (high, -shift), range->offset,
                        range->minimum, range->maximum);
}

/* The same with the bias of a matrix. */
static inline int8_t
frt_helium_requantize_one (const struct frt_helium_channels *channels, int32_t lane,
                           uint32_t sum, const struct frt_helium_range *range)
{
  return frt_helium_scale_one ((int32_t)(sum + (uint32_t)channels->bias[lane]),
                               channels->multiplier[lane], channels->shift[lane], range);
}
