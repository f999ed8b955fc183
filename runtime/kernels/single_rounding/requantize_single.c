/* SPDX-License-Identifier: Apache-2.0 */
/* requantize_single.c: QUANTIZE between int8, int16, int32 and uint8; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/requantize.c"
