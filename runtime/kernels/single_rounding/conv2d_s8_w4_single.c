/* SPDX-License-Identifier: Apache-2.0 */
/* conv2d_s8_w4_single.c: CONV_2D, int8 with weights of 4 bits, optionally in groups; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/conv2d_s8_w4.c"
