/* SPDX-License-Identifier: Apache-2.0 */
/* softmax_s16_single.c: SOFTMAX over the last axis, int16; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/softmax_s16.c"
