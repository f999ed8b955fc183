/* SPDX-License-Identifier: Apache-2.0 */
/* compare_s8_single.c: EQUAL, LESS and their like of int8, with broadcasting; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/compare_s8.c"
