/* SPDX-License-Identifier: Apache-2.0 */
/* svdf_s8_single.c: SVDF, int8 with a state of int16 or int8; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/svdf_s8.c"
