/* SPDX-License-Identifier: Apache-2.0 */
/* leaky_relu_s16_single.c: LEAKY_RELU, int16; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/leaky_relu_s16.c"
