/* SPDX-License-Identifier: Apache-2.0 */
/* depthwise_conv2d_s8_w4_single.c: DEPTHWISE_CONV_2D, int8 with weights of 4 bits; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/depthwise_conv2d_s8_w4.c"
