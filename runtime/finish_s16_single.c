/* SPDX-License-Identifier: Apache-2.0 */
/* finish_s16_single.c: the last step of int16 with int8 weights, with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "finish_s16.c"
