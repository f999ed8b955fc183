/* SPDX-License-Identifier: Apache-2.0 */
/* sub_s16_single.c: SUB, int16, with broadcasting; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/sub_s16.c"
