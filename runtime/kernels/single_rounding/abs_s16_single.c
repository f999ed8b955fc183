/* SPDX-License-Identifier: Apache-2.0 */
/* abs_s16_single.c: ABS, int16; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/abs_s16.c"
