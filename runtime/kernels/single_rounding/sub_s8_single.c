/* SPDX-License-Identifier: Apache-2.0 */
/* sub_s8_single.c: SUB, int8, with broadcasting; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/sub_s8.c"
