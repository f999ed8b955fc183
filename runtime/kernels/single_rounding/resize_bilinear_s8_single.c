/* SPDX-License-Identifier: Apache-2.0 */
/* resize_bilinear_s8_single.c: RESIZE_BILINEAR, int8; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/resize_bilinear_s8.c"
