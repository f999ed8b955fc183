/* SPDX-License-Identifier: Apache-2.0 */
/* packed_depthwise.c: one position of a depthwise convolution, four channels at a time.
 *
 * In assembly where there is DSP: four sums, four operands, two pointers, two distances and
 * two counters are as many registers as there are, and compilers spill half of them. */
#include "arch/packed_depthwise.h"
#include "arch/packed_requantize.h"
#include "arch/requantize_asm.h"

#if FRT_HAS_DSP

/* Adds the tap whose activations are loaded by LOAD into r8; r3 is the offset. Single loads
 * directly behind each other take a cycle each, so that LDRD would be one cycle slower. */
#define ADD_TAP(load)                                                                    \
  load "ldr r10, [r1], #4\n\t"                                                           \
       "ldr r11, [r1], #4\n\t"                                                           \
       "sxtab16 r9, r3, r8, ror #8\n\t"                                                  \
       "sxtab16 r8, r3, r8\n\t"                                                          \
       "smlabb r4, r8, r10, r4\n\t"                                                      \
       "smlatt r6, r8, r10, r6\n\t"                                                      \
       "smlabb r5, r9, r11, r5\n\t"                                                      \
       "smlatt r7, r9, r11, r7\n\t"

/* Lines of three whole taps have a loop of their own. x in r0, weights in r1, step in r2, the
 * sums in r4 to r7, pitch in r12, lines in lr; the job at [sp]. */
/* clang-format off */
NAKED void
frt_packed_depthwise_blocks (struct frt_packed_depthwise_job *job
                             __attribute__ ((unused)))
{
  __asm__ volatile(
      "push {r0, r4-r11, lr}\n"
      /* the next block */
      "1:\n\t"
      "ldr r9, [sp]\n\t"
      "ldrd r10, r11, [r9, #24]\n\t"
      "ldmia r9, {r0, r1, r2, r3, r12, lr}\n\t"
      "movs r4, #0\n\t"
      "movs r5, #0\n\t"
      "movs r6, #0\n\t"
      "movs r7, #0\n\t"
      "cmp lr, #0\n\t"
      "beq 5f\n\t"
      "cmp r10, #3\n\t"
      "it eq\n\t"
      "cmpeq r11, #0\n\t"
      "bne 6f\n"
      /* a line of three taps */
      "2:\n\t"
      ADD_TAP ("ldr r8, [r0]\n\t")
      ADD_TAP ("ldr r8, [r0, r2]\n\t")
      ADD_TAP ("ldr r8, [r0, r2, lsl #1]\n\t")
      "add r0, r0, r12\n\t"
      "subs lr, lr, #1\n\t"
      "bgt 2b\n\t"
      "b 5f\n"
      /* a line of any length */
      "6:\n\t"
      "ldr r9, [sp]\n\t"
      "ldr r12, [r9, #24]\n"
      "4:\n\t"
      ADD_TAP ("ldr r8, [r0]\n\t")
      "add r0, r0, r2\n\t"
      "subs r12, r12, #1\n\t"
      "bne 4b\n\t"
      "ldr r9, [sp]\n\t"
      "ldr r8, [r9, #16]\n\t"
      "ldrd r10, r11, [r9, #24]\n\t"
      "mls r0, r10, r2, r0\n\t"
      "add r0, r0, r8\n\t"
      "add r1, r1, r11\n\t"
      "subs lr, lr, #1\n\t"
      "bne 6b\n"
      /* four outputs */
      "5:\n\t"
      "ldr r9, [sp]\n\t"
      "ldrd r0, r10, [r9, #36]\n\t"
      NEXT_CHANNEL REQUANTIZE ("r4", EVEN)
      NEXT_CHANNEL REQUANTIZE ("r5", EVEN)
      NEXT_CHANNEL REQUANTIZE ("r6", EVEN)
      NEXT_CHANNEL REQUANTIZE ("r7", EVEN)
      "strb r5, [r10, #1]\n\t"
      "strb r6, [r10, #2]\n\t"
      "strb r7, [r10, #3]\n\t"
      "strb r4, [r10], #4\n\t"
      "strd r0, r10, [r9, #36]\n\t"
      "ldrd r0, r1, [r9]\n\t"
      "ldr r2, [r9, #32]\n\t"
      "ldr r3, [r9, #44]\n\t"
      "adds r0, r0, #4\n\t"
      "add r1, r1, r2\n\t"
      "strd r0, r1, [r9]\n\t"
      "subs r3, r3, #1\n\t"
      "str r3, [r9, #44]\n\t"
      "bne 1b\n\t"
      "pop {r0, r4-r11, pc}\n");
}
/* clang-format on */

#else

static const uint32_t *
advance_words (const uint32_t *words, int32_t bytes)
{
  return words + bytes / (int32_t)sizeof *words;
}

static void
add_lines (const struct frt_packed_depthwise_job *job, uint32_t sums[4])
{
  const int8_t *line = job->x;
  const uint32_t *w = job->weights;

  if (job->lines == 0)
    return;
  for (int32_t left = job->lines;; line += job->pitch)
    {
      const int8_t *x = line;

      for (int32_t i = 0; i < job->count; i++, x += job->step, w += 2)
        {
          const uint32_t word = frt_load_word (x);
          const uint32_t even = frt_sxtab16 (job->offset, word);
          const uint32_t odd = frt_sxtab16_odd (job->offset, word);

          sums[0] = frt_smlabb (even, w[0], sums[0]);
          sums[2] = frt_smlatt (even, w[0], sums[2]);
          sums[1] = frt_smlabb (odd, w[1], sums[1]);
          sums[3] = frt_smlatt (odd, w[1], sums[3]);
        }
      if (--left == 0)
        return;
      w = advance_words (w, job->skip);
    }
}

void
frt_packed_depthwise_blocks (struct frt_packed_depthwise_job *job)
{
  const struct frt_packed_range range = { INT8_MIN, INT8_MAX };

  for (; job->blocks > 0; job->blocks--)
    {
      uint32_t sums[FRT_PACKED_CHANNELS] = { 0 };

      add_lines (job, sums);
      for (uint32_t i = 0; i < FRT_PACKED_CHANNELS; i++, job->channels++)
        *job->y++ = frt_packed_requantize (
            (uint32_t)job->channels->twice_bias + 2 * sums[i], job->channels, range);
      job->x += FRT_PACKED_CHANNELS;
      job->weights = advance_words (job->weights, job->block);
    }
}

#endif
