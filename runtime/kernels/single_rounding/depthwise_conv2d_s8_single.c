/* SPDX-License-Identifier: Apache-2.0 */
/* depthwise_conv2d_s8_single.c: DEPTHWISE_CONV_2D, int8, any depth multiplier; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/depthwise_conv2d_s8.c"
