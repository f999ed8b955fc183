/* SPDX-License-Identifier: Apache-2.0 */
/* squared_difference_s16_single.c: SQUARED_DIFFERENCE, int16, with broadcasting; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/squared_difference_s16.c"
