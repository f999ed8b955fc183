/* SPDX-License-Identifier: Apache-2.0 */
/* mean_s8_single.c: MEAN and SUM over any axes, int8; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/mean_s8.c"
