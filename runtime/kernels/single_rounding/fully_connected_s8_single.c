/* SPDX-License-Identifier: Apache-2.0 */
/* fully_connected_s8_single.c: FULLY_CONNECTED, int8, per tensor or per channel; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/fully_connected_s8.c"
