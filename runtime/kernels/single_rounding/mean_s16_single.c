/* SPDX-License-Identifier: Apache-2.0 */
/* mean_s16_single.c: MEAN and SUM over any axes, int16; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/mean_s16.c"
