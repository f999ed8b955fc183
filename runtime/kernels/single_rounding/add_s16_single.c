/* SPDX-License-Identifier: Apache-2.0 */
/* add_s16_single.c: ADD, int16, with broadcasting; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/add_s16.c"
