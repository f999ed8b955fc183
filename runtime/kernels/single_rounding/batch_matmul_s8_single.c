/* SPDX-License-Identifier: Apache-2.0 */
/* batch_matmul_s8_single.c: BATCH_MATMUL, int8, either matrix transposed; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/batch_matmul_s8.c"
