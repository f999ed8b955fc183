/* SPDX-License-Identifier: Apache-2.0 */
/* requantize_s8_single.c: QUANTIZE from int8 to int8, and RELU; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/requantize_s8.c"
