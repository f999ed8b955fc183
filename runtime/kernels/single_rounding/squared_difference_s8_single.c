/* SPDX-License-Identifier: Apache-2.0 */
/* squared_difference_s8_single.c: SQUARED_DIFFERENCE, int8, with broadcasting; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/squared_difference_s8.c"
