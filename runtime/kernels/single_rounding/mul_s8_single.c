/* SPDX-License-Identifier: Apache-2.0 */
/* mul_s8_single.c: MUL, int8, with broadcasting; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/mul_s8.c"
