/* SPDX-License-Identifier: Apache-2.0 */
/* dsp.h: the instructions of ARMv7E-M that the packed kernels are written in.
 *
 * Each has a plain C twin that computes the same modulo 2^32, for every other processor. A
 * "pair" is a word of two int16 lanes. */
#pragma once

#include <stdint.h>

#if defined __ARM_FEATURE_DSP && defined __thumb2__
#define FRT_HAS_DSP 1
#include <arm_acle.h>
#else
#define FRT_HAS_DSP 0
#endif

/* A word at any address. Not memcpy: freestanding compilers call it. */
struct __attribute__ ((packed, may_alias)) frt_unaligned_word
{
  uint32_t value;
};

static inline uint32_t
frt_load_word (const int8_t *bytes)
{
  return ((const struct frt_unaligned_word *)(const void *)bytes)->value;
}

static inline uint32_t
frt_make_pair (int32_t low, int32_t high)
{
  return ((uint32_t)low & 0xFFFFu) | (uint32_t)high << 16;
}

static inline int32_t
frt_pair_low (uint32_t pair)
{
  return (int16_t)pair;
}

static inline int32_t
frt_pair_high (uint32_t pair)
{
  return (int16_t)(pair >> 16);
}

/* Bytes 0 and 2 of WORD as int8, widened. */
static inline uint32_t
frt_sxtb16 (uint32_t word)
{
#if FRT_HAS_DSP
  return (uint32_t)__sxtb16 ((int8x4_t)word);
#else
  return frt_make_pair ((int8_t)word, (int8_t)(word >> 16));
#endif
}

/* Bytes 1 and 3. Assembly because the compiler does not fold the rotation in. */
static inline uint32_t
frt_sxtb16_odd (uint32_t word)
{
#if FRT_HAS_DSP
  uint32_t pair;

  __asm__("sxtb16 %0, %1, ror #8" : "=r"(pair) : "r"(word));
  return pair;
#else
  return frt_sxtb16 (word >> 8);
#endif
}

/* PAIR + the same, lane by lane. */
static inline uint32_t
frt_sxtab16 (uint32_t pair, uint32_t word)
{
#if FRT_HAS_DSP
  return (uint32_t)__sxtab16 ((int16x2_t)pair, (int8x4_t)word);
#else
  return frt_make_pair (frt_pair_low (pair) + (int8_t)word,
                        frt_pair_high (pair) + (int8_t)(word >> 16));
#endif
}

static inline uint32_t
frt_sxtab16_odd (uint32_t pair, uint32_t word)
{
#if FRT_HAS_DSP
  uint32_t sum;

  __asm__("sxtab16 %0, %1, %2, ror #8" : "=r"(sum) : "r"(pair), "r"(word));
  return sum;
#else
  return frt_sxtab16 (pair, word >> 8);
#endif
}

/* SUM + the low lanes' product + the high lanes' product */
static inline uint32_t
frt_smlad (uint32_t a, uint32_t b, uint32_t sum)
{
#if FRT_HAS_DSP
  return (uint32_t)__smlad ((int16x2_t)a, (int16x2_t)b, (int32_t)sum);
#else
  return sum + (uint32_t)(frt_pair_low (a) * frt_pair_low (b))
         + (uint32_t)(frt_pair_high (a) * frt_pair_high (b));
#endif
}

/* SUM + the low lanes' product */
static inline uint32_t
frt_smlabb (uint32_t a, uint32_t b, uint32_t sum)
{
#if FRT_HAS_DSP
  return (uint32_t)__smlabb ((int32_t)a, (int32_t)b, (int32_t)sum);
#else
  return sum + (uint32_t)(frt_pair_low (a) * frt_pair_low (b));
#endif
}

/* SUM + the high lanes' product */
static inline uint32_t
frt_smlatt (uint32_t a, uint32_t b, uint32_t sum)
{
#if FRT_HAS_DSP
  return (uint32_t)__smlatt ((int32_t)a, (int32_t)b, (int32_t)sum);
#else
  return sum + (uint32_t)(frt_pair_high (a) * frt_pair_high (b));
#endif
}

/* SUM + a * b / 2^32, nearest, ties upwards. Assembly because there is no intrinsic. */
static inline int32_t
frt_smmlar (int32_t a, int32_t b, uint32_t sum)
{
#if FRT_HAS_DSP
  int32_t result;

  __asm__("smmlar %0, %1, %2, %3" : "=r"(result) : "r"(a), "r"(b), "r"(sum));
  return result;
#else
  return (int32_t)(sum + (uint32_t)(((int64_t)a * b + (INT64_C (1) << 31)) >> 32));
#endif
}

/* SUM + both products, in 64 bits */
static inline int64_t
frt_smlald (uint32_t a, uint32_t b, int64_t sum)
{
#if FRT_HAS_DSP
  return __smlald ((int16x2_t)a, (int16x2_t)b, sum);
#else
  return sum + frt_pair_low (a) * frt_pair_low (b)
         + (int64_t)(frt_pair_high (a) * frt_pair_high (b));
#endif
}

/* The low lanes of LOW and HIGH, or their high lanes. Assembly because the compiler takes more instructions. */
static inline uint32_t
frt_join_low (uint32_t low, uint32_t high)
{
#if FRT_HAS_DSP
  uint32_t pair;

  __asm__("pkhbt %0, %1, %2, lsl #16" : "=r"(pair) : "r"(low), "r"(high));
  return pair;
#else
  return (low & 0xFFFFu) | high << 16;
#endif
}

static inline uint32_t
frt_join_high (uint32_t low, uint32_t high)
{
#if FRT_HAS_DSP
  uint32_t pair;

  __asm__("pkhtb %0, %1, %2, asr #16" : "=r"(pair) : "r"(high), "r"(low));
  return pair;
#else
  return low >> 16 | (high & 0xFFFF0000u);
#endif
}
