/* SPDX-License-Identifier: Apache-2.0 */
/* packed_blocks.c: blocks of four output channels times one or two positions.
 *
 * In assembly where there is DSP: eight sums, four operands and two pointers fill all 14
 * registers, which compilers do not manage without spilling sums. */
#include "arch/packed_blocks.h"
#include "arch/packed_requantize.h"
#include "arch/requantize_asm.h"

#if FRT_HAS_DSP

/* clang-format off */

/* Sums in r4 to r7. A turn of the inner loop is 8 taps. */
NAKED void
frt_packed_blocks_one (struct frt_packed_job *job __attribute__ ((unused)))
{
  __asm__ volatile(
      "push {r4-r11, lr}\n\t"
      "ldr r3, [r0, #4]\n\t"
      "ldr r1, [r0, #24]\n\t"
      "push {r0, r3}\n"
      "2:\n\t"
      "ldr r2, [r0]\n\t"
      "movs r4, #0\n\t"
      "movs r5, #0\n\t"
      "movs r6, #0\n\t"
      "movs r7, #0\n"
      "1:\n\t"
      ".rept 2\n\t"
      "ldrd r8, r9, [r2], #8\n\t"
      "ldmia r1!, {r10, r11, r12, lr}\n\t"
      "smlad r5, r10, r8, r5\n\t"
      "smlad r7, r11, r8, r7\n\t"
      "smlad r5, r12, r9, r5\n\t"
      "smlad r7, lr, r9, r7\n\t"
      "sxtb16 r10, r10\n\t"
      "sxtb16 r11, r11\n\t"
      "sxtb16 r12, r12\n\t"
      "sxtb16 lr, lr\n\t"
      "smlad r4, r10, r8, r4\n\t"
      "smlad r6, r11, r8, r6\n\t"
      "smlad r4, r12, r9, r4\n\t"
      "smlad r6, lr, r9, r6\n\t"
      ".endr\n\t"
      "cmp r2, r3\n\t"
      "bne 1b\n\t"
      "mov r8, r0\n\t"
      "mov r9, r1\n\t"
      "ldrd r0, r10, [r8, #8]\n\t"
      "subs r5, r5, r4\n\t"
      "subs r7, r7, r6\n\t"
      NEXT_CHANNEL
      REQUANTIZE ("r4", EVEN)
      NEXT_CHANNEL
      REQUANTIZE ("r5", ODD)
      NEXT_CHANNEL
      REQUANTIZE ("r6", EVEN)
      NEXT_CHANNEL
      REQUANTIZE ("r7", ODD)
      "strb r5, [r10, #1]\n\t"
      "strb r6, [r10, #2]\n\t"
      "strb r7, [r10, #3]\n\t"
      "strb r4, [r10], #4\n\t"
      "strd r0, r10, [r8, #8]\n\t"
      "ldr r2, [r8, #20]\n\t"
      "mov r0, r8\n\t"
      "mov r1, r9\n\t"
      "subs r2, r2, #1\n\t"
      "str r2, [r8, #20]\n\t"
      "bne 2b\n\t"
      "str r1, [r0, #24]\n\t"
      "add sp, sp, #8\n\t"
      "pop {r4-r11, pc}\n");
}

/* Sums in r3 to r6 and r7 to r10. */
NAKED void
frt_packed_blocks_two (struct frt_packed_job *job __attribute__ ((unused)))
{
  __asm__ volatile(
      "push {r4-r11, lr}\n\t"
      "ldr r3, [r0, #4]\n\t"
      "ldr r1, [r0, #24]\n\t"
      "push {r0, r3}\n"
      "2:\n\t"
      "ldr r2, [r0]\n\t"
      "movs r3, #0\n\t"
      "movs r4, #0\n\t"
      "movs r5, #0\n\t"
      "movs r6, #0\n\t"
      "movs r7, #0\n\t"
      "mov r8, r7\n\t"
      "mov r9, r7\n\t"
      "mov r10, r7\n"
      "1:\n\t"
      ".rept 4\n\t"
      "ldrd r0, r11, [r2], #8\n\t"
      "ldrd r12, lr, [r1], #8\n\t"
      "smlad r4, r12, r0, r4\n\t"
      "smlad r8, r12, r11, r8\n\t"
      "smlad r6, lr, r0, r6\n\t"
      "smlad r10, lr, r11, r10\n\t"
      "sxtb16 r12, r12\n\t"
      "sxtb16 lr, lr\n\t"
      "smlad r3, r12, r0, r3\n\t"
      "smlad r7, r12, r11, r7\n\t"
      "smlad r5, lr, r0, r5\n\t"
      "smlad r9, lr, r11, r9\n\t"
      ".endr\n\t"
      "ldr r0, [sp, #4]\n\t"
      "cmp r2, r0\n\t"
      "bne 1b\n\t"
      "ldr r0, [sp]\n\t"
      "str r1, [r0, #24]\n\t"
      "ldr r0, [r0, #8]\n\t"
      "subs r4, r4, r3\n\t"
      "subs r6, r6, r5\n\t"
      "sub r8, r8, r7\n\t"
      "sub r10, r10, r9\n\t"
      NEXT_CHANNEL
      REQUANTIZE ("r3", EVEN)
      REQUANTIZE ("r7", EVEN)
      NEXT_CHANNEL
      REQUANTIZE ("r4", ODD)
      REQUANTIZE ("r8", ODD)
      NEXT_CHANNEL
      REQUANTIZE ("r5", EVEN)
      REQUANTIZE ("r9", EVEN)
      NEXT_CHANNEL
      REQUANTIZE ("r6", ODD)
      REQUANTIZE ("r10", ODD)
      "ldr r1, [sp]\n\t"
      "str r0, [r1, #8]\n\t"
      "mov r0, r1\n\t"
      "ldrd r2, r11, [r0, #12]\n\t"
      "strb r4, [r2, #1]\n\t"
      "strb r5, [r2, #2]\n\t"
      "strb r6, [r2, #3]\n\t"
      "strb r3, [r2], #4\n\t"
      "strb r8, [r11, #1]\n\t"
      "strb r9, [r11, #2]\n\t"
      "strb r10, [r11, #3]\n\t"
      "strb r7, [r11], #4\n\t"
      "strd r2, r11, [r0, #12]\n\t"
      "ldrd r2, r1, [r0, #20]\n\t"
      "subs r2, r2, #1\n\t"
      "str r2, [r0, #20]\n\t"
      "bne 2b\n\t"
      "add sp, sp, #8\n\t"
      "pop {r4-r11, pc}\n");
}

/* clang-format on */

#else

/* The four outputs of position P of POSITIONS. */
static void
multiply_block (const struct frt_packed_job *job, uint32_t p, uint32_t positions)
{
  const struct frt_packed_range range = { INT8_MIN, INT8_MAX };

  for (uint32_t pair = 0; pair < 2; pair++)
    {
      const struct frt_packed_channel *channels = job->channels + 2 * pair;
      const uint32_t *weights = job->weights + pair;
      uint32_t even = 0, both = 0;

      for (const uint32_t *x = job->tile + p; x < job->end; x += positions, weights += 2)
        {
          even = frt_smlad (frt_sxtb16 (*weights), *x, even);
          both = frt_smlad (*weights, *x, both);
        }
      job->y[p][2 * pair] = frt_packed_requantize (
          (uint32_t)channels[0].twice_bias + 2 * even, &channels[0], range);
      job->y[p][2 * pair + 1] = frt_packed_requantize (
          (uint32_t)channels[1].twice_bias + (uint32_t)((int32_t)(both - even) >> 7),
          &channels[1], range);
    }
}

static void
multiply_blocks (struct frt_packed_job *job, uint32_t positions)
{
  const uint32_t words = 2 * (uint32_t)(job->end - job->tile) / positions;

  for (; job->blocks > 0; job->blocks--)
    {
      for (uint32_t p = 0; p < positions; p++)
        {
          multiply_block (job, p, positions);
          job->y[p] += FRT_PACKED_CHANNELS;
        }
      job->channels += FRT_PACKED_CHANNELS;
      job->weights += words;
    }
}

void
frt_packed_blocks_one (struct frt_packed_job *job)
{
  multiply_blocks (job, 1);
}

void
frt_packed_blocks_two (struct frt_packed_job *job)
{
  multiply_blocks (job, 2);
}

#endif
