/* SPDX-License-Identifier: Apache-2.0 */
/* l2_normalization_s8_single.c: L2_NORMALIZATION over the last axis, int8; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/l2_normalization_s8.c"
