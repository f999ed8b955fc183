/* SPDX-License-Identifier: Apache-2.0 */
/* packed_dot.c: four output channels times one or two positions.
 *
 * In assembly where there is DSP: eight sums, four operands and two pointers fill all 14
 * registers, which compilers do not manage without spilling sums. */
#include "arch/packed_dot.h"
#include "arch/dsp.h"

#if FRT_HAS_DSP

#define NAKED  __attribute__ ((naked, noinline))
#define UNUSED __attribute__ ((unused))

/* A turn is 8 taps. */
NAKED void
frt_packed_dot_one (UNUSED uint32_t sums[4], UNUSED const uint32_t *weights,
                    UNUSED const uint32_t *tile, UNUSED const uint32_t *end)
{
  __asm__ volatile("push {r4-r11, lr}\n\t"
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
                   "stmia r0!, {r4-r7}\n\t"
                   "pop {r4-r11, pc}\n");
}

NAKED void
frt_packed_dot_two (UNUSED uint32_t sums[8], UNUSED const uint32_t *weights,
                    UNUSED const uint32_t *tile, UNUSED const uint32_t *end)
{
  __asm__ volatile("push {r0, r3-r11, lr}\n\t"
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
                   "ldr r0, [sp], #8\n\t"
                   "stmia r0!, {r3-r10}\n\t"
                   "pop {r4-r11, pc}\n");
}

#else

/* The first of POSITIONS positions. */
static void
dot (uint32_t sums[4], const uint32_t *weights, const uint32_t *tile, const uint32_t *end,
     uint32_t positions)
{
  uint32_t a = 0, ab = 0, c = 0, cd = 0;

  for (; tile < end; tile += positions, weights += 2)
    {
      a = frt_smlad (frt_sxtb16 (weights[0]), *tile, a);
      ab = frt_smlad (weights[0], *tile, ab);
      c = frt_smlad (frt_sxtb16 (weights[1]), *tile, c);
      cd = frt_smlad (weights[1], *tile, cd);
    }
  sums[0] = a;
  sums[1] = ab;
  sums[2] = c;
  sums[3] = cd;
}

void
frt_packed_dot_one (uint32_t sums[4], const uint32_t *weights, const uint32_t *tile,
                    const uint32_t *end)
{
  dot (sums, weights, tile, end, 1);
}

void
frt_packed_dot_two (uint32_t sums[8], const uint32_t *weights, const uint32_t *tile,
                    const uint32_t *end)
{
  dot (sums, weights, tile, end, 2);
  dot (sums + 4, weights, tile + 1, end, 2);
}

#endif
