/* SPDX-License-Identifier: Apache-2.0 */
/* mul_s16_single.c: MUL, int16, with broadcasting; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/mul_s16.c"
