/* SPDX-License-Identifier: Apache-2.0 */
/* softmax_fixed.c: SOFTMAX of int8 in fixed point, for any type of output. */
#include "softmax_fixed.h"

uint32_t
frt_softmax_sum (const struct frt_softmax_s8_parameters *parameters, const int8_t *x,
                 int32_t depth, int32_t *largest)
{
  uint32_t sum = 0;

  *largest = INT8_MIN;
  for (int32_t i = 0; i < depth; i++)
    if (x[i] > *largest)
      *largest = x[i];
  for (int32_t i = 0; i < depth; i++)
    if (x[i] - *largest >= parameters->difference_minimum)
      sum += (uint32_t)frt_rounding_divide_by_power (
          frt_softmax_exponential (parameters, x[i] - *largest), FRT_SOFTMAX_SUM_BITS);
  return sum;
}

struct frt_softmax_row
frt_softmax_row (const struct frt_softmax_s8_parameters *parameters, const int8_t *x,
                 int32_t depth)
{
  struct frt_softmax_row row;
  const uint32_t sum = frt_softmax_sum (parameters, x, depth, &row.largest);
  const int32_t headroom = frt_leading_zeros (sum);

  row.reciprocal =
      frt_reciprocal_of_one_plus ((int32_t)((sum << headroom) - (UINT32_C (1) << 31)));
  row.bits_over_unit = FRT_SOFTMAX_SUM_BITS - headroom;
  return row;
}

int32_t
frt_softmax_share (const struct frt_softmax_s8_parameters *parameters,
                   const struct frt_softmax_row *row, int32_t x, int32_t bits)
{
  const int32_t difference = x - row->largest;
  const int32_t exponent = row->bits_over_unit + 31 - bits;

  /* Beyond 31 the quotient is less than a half. */
  if (difference < parameters->difference_minimum || exponent > 31)
    return 0;
  return frt_rounding_divide_by_power (
      frt_doubling_high_multiply (row->reciprocal,
                                  frt_softmax_exponential (parameters, difference)),
      exponent);
}
