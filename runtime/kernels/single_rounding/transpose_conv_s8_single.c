/* SPDX-License-Identifier: Apache-2.0 */
/* transpose_conv_s8_single.c: TRANSPOSE_CONV, int8, weights per channel; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/transpose_conv_s8.c"
