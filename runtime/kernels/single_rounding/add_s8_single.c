/* SPDX-License-Identifier: Apache-2.0 */
/* add_s8_single.c: ADD, int8, with broadcasting; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/add_s8.c"
