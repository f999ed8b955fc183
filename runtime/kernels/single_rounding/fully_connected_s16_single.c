/* SPDX-License-Identifier: Apache-2.0 */
/* fully_connected_s16_single.c: FULLY_CONNECTED, int16 with int8 weights; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/fully_connected_s16.c"
