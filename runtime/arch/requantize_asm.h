/* SPDX-License-Identifier: Apache-2.0 */
/* requantize_asm.h: packed_requantize.h for functions that are assembly as a whole. */
#pragma once

#define NAKED __attribute__ ((naked, noinline))

/* SUM, scaled by SCALE to twice a sum, becomes an output. r1 is the bias, r2 the multiplier,
 * r11 the rounding, r12 the shift; see packed_requantize.h. */
#define REQUANTIZE(sum, scale)                                                           \
  "add " sum ", r1, " sum ", " scale "\n\t"                                              \
  "add lr, r11, " sum ", asr #31\n\t"                                                    \
  "smmlar " sum ", " sum ", r2, lr\n\t"                                                  \
  "asr " sum ", " sum ", r12\n\t"                                                        \
  "ssat " sum ", #8, " sum "\n\t"

/* Of an even channel, and of an odd one, whose sum is 256 times too large. */
#define EVEN "lsl #1"
#define ODD  "asr #7"

#define NEXT_CHANNEL "ldmia r0!, {r1, r2, r11, r12}\n\t"
