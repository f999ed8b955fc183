/* SPDX-License-Identifier: Apache-2.0 */
/* rsqrt_s16_single.c: RSQRT, int16; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/rsqrt_s16.c"
