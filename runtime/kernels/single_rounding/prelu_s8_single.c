/* SPDX-License-Identifier: Apache-2.0 */
/* prelu_s8_single.c: PRELU, int8; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/prelu_s8.c"
