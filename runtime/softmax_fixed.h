/* SPDX-License-Identifier: Apache-2.0 */
/* softmax_fixed.h: SOFTMAX of int8 in fixed point, for any type of output. */
#pragma once

#include "fixed_point.h"
#include "frt_format.h"

/* Integer bits of sums of exponentials. */
#define FRT_SOFTMAX_SUM_BITS 12

/* What the elements of one row share. */
struct frt_softmax_row
{
  int32_t largest;
  int32_t reciprocal;     /* of the sum */
  int32_t bits_over_unit; /* by which it is too large */
};

/* X lies DIFFERENCE below the row's largest; exp of that, Q0.31. */
static inline int32_t
frt_softmax_exponential (const struct frt_softmax_s8_parameters *parameters,
                         int32_t difference)
{
  return frt_exp_on_negative (frt_doubling_high_multiply (
      frt_wrapping_shift_left (difference, parameters->left_shift),
      parameters->multiplier));
}

/* The sum of the exponentials of DEPTH elements, Q12.19, and *LARGEST of them. */
uint32_t frt_softmax_sum (const struct frt_softmax_s8_parameters *parameters,
                          const int8_t *x, int32_t depth, int32_t *largest);

struct frt_softmax_row
frt_softmax_row (const struct frt_softmax_s8_parameters *parameters, const int8_t *x,
                 int32_t depth);

/* The share of X in its row, BITS fraction bits, not yet limited; 0 if it is too small. */
int32_t frt_softmax_share (const struct frt_softmax_s8_parameters *parameters,
                           const struct frt_softmax_row *row, int32_t x, int32_t bits);
