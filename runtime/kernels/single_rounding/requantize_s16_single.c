/* SPDX-License-Identifier: Apache-2.0 */
/* requantize_s16_single.c: RELU and RELU_N1_TO_1, int16; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/requantize_s16.c"
