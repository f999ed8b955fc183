/* SPDX-License-Identifier: Apache-2.0 */
/* log_softmax_s8.c: LOG_SOFTMAX over the last axis, int8; output scale 1/16, zero point 127. */
#include "check.h"
#include "softmax_fixed.h"

/* More equal values than this would carry out of the sign of the sum. */
#define MAX_DEPTH 4095

#define OUTPUT_ZERO_POINT INT8_MAX

/* A factor (1 + y) / 2 in [sqrt (1/2), 1] of a logarithm's argument, Q0.31, and the power of
 * two that goes with it, Q6.25. */
struct factor
{
  int32_t fraction, power;
};

/* Of SUM, Q12.19: normalized to the lower or the upper half octave, whichever is closer. */
static struct factor
split (int32_t sum)
{
  const int32_t sqrt_half = 1518500250, quarter = 1 << 23;
  const int32_t headroom = frt_leading_zeros ((uint32_t)sum);
  const int32_t scaled_headroom =
      frt_leading_zeros ((uint32_t)frt_doubling_high_multiply (sum, sqrt_half)) - 1;
  const int32_t a = frt_saturating_shift_left (
      frt_doubling_high_multiply (frt_saturating_shift_left (sum, headroom - 1),
                                  sqrt_half),
      1);
  const int32_t b = frt_saturating_shift_left (sum, scaled_headroom);
  const int32_t a_power = (FRT_SOFTMAX_SUM_BITS - headroom) * (1 << 25) + quarter;
  const int32_t b_power = (FRT_SOFTMAX_SUM_BITS - scaled_headroom) * (1 << 25) - quarter;

  return (struct factor){ a < b ? a : b, a_power > b_power ? a_power : b_power };
}

/* log of SUM, Q12.19 of at least 1, as Q5.26: a rational function around 2^(-1/4). */
static int32_t
logarithm (int32_t sum)
{
  const int32_t log_2 = 1488522236, fourth_root_of_half = 1805811301;
  const int32_t alpha_n = 117049297, alpha_d = 127690142;
  const int32_t alpha_i = 1057819769, alpha_f = 638450708;
  const struct factor factor = split (sum);
  const int32_t r = factor.fraction;
  const int32_t p = (int32_t)(((int64_t)r + fourth_root_of_half + 1) / 2);
  const int32_t q = (r - fourth_root_of_half) * 2;
  const int32_t square = frt_doubling_high_multiply (q, q);
  const int32_t numerator =
      frt_doubling_high_multiply (q, r)
      + frt_doubling_high_multiply (frt_doubling_high_multiply (q, square), alpha_n);
  const int32_t denominator_minus_one =
      frt_doubling_high_multiply (p, alpha_i + q
                                         + frt_doubling_high_multiply (alpha_d, square))
      + frt_doubling_high_multiply (alpha_f, q);
  const int32_t quotient =
      frt_doubling_high_multiply (frt_rounding_divide_by_power (numerator, 6),
                                  frt_reciprocal_of_one_plus (denominator_minus_one));

  return frt_saturating_shift_left (
      frt_doubling_high_multiply (factor.power, log_2) + quotient, 1);
}

static void
run_row (const struct frt_log_softmax_s8_parameters *parameters, const int8_t *x,
         int8_t *y, int32_t depth)
{
  const struct frt_softmax_s8_parameters *scaling = &parameters->scaling;
  int32_t largest;
  const int32_t log_sum =
      logarithm ((int32_t)frt_softmax_sum (scaling, x, depth, &largest));
  /* Differences from here on down would overflow when the logarithm is subtracted. */
  const int32_t overflow = frt_rounding_divide_by_power (
      frt_doubling_high_multiply (frt_wrapping_add (log_sum, INT32_MIN),
                                  parameters->reverse_multiplier),
      parameters->reverse_right_shift);
  int32_t limit = scaling->difference_minimum - 1;

  if (overflow > limit)
    limit = overflow;
  for (int32_t i = 0; i < depth; i++)
    {
      const int32_t scaled = frt_doubling_high_multiply (
          frt_wrapping_shift_left (x[i] - largest, scaling->left_shift),
          scaling->multiplier);
      const int32_t result =
          frt_rounding_divide_by_power (frt_wrapping_add (scaled, -log_sum), 22);

      y[i] = x[i] - largest > limit
                 ? frt_narrow_s8 (result, OUTPUT_ZERO_POINT, INT8_MIN, INT8_MAX)
                 : (int8_t)INT8_MIN;
    }
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_log_softmax_s8_parameters *parameters =
      frt_parameters (image, operator_);
  const struct frt_tensor *tensor = frt_output_tensor (image, operator_, 0);
  const int32_t depth = frt_last_extent (tensor);
  const int8_t *input = frt_input_data (image, operator_, arena, 0);
  int8_t *output = frt_output_data (image, operator_, arena, 0);

  for (int32_t at = 0; at < frt_element_count (tensor); at += depth)
    run_row (parameters, input + at, output + at, depth);
}

/* A difference_minimum of at most 0 lets the row's largest value through: no sum is less than
 * 1. */
static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_log_softmax_s8_parameters *parameters =
      frt_parameters (image, operator_);
  const struct frt_softmax_s8_parameters *scaling = &parameters->scaling;
  const struct frt_tensor *tensor = frt_output_tensor (image, operator_, 0);

  return frt_check_types (image, operator_, FRT_INT8, FRT_INT8)
                 && frt_check_same_shape (frt_input_tensor (image, operator_, 0), tensor)
                 && frt_last_extent (tensor) <= MAX_DEPTH
                 && frt_check_multiplier (scaling->multiplier, scaling->left_shift)
                 && scaling->left_shift >= 0 && scaling->difference_minimum <= 0
                 && scaling->difference_minimum >= -(1 << 30)
                 && parameters->reverse_multiplier >= 0
                 && parameters->reverse_right_shift >= 0
                 && parameters->reverse_right_shift <= FRT_MAX_SHIFT
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_log_softmax_s8 = {
  .id = FRT_KERNEL_LOG_SOFTMAX_S8,
  .parameters_size = sizeof (struct frt_log_softmax_s8_parameters),
  .input_count = 1,
  .output_count = 1,
  .in_place = 1 << 0,
  .check = check,
  .run = run,
};
