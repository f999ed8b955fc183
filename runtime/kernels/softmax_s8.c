/* SPDX-License-Identifier: Apache-2.0 */
/* softmax_s8.c: SOFTMAX over the last axis, int8; output scale 1/256, zero point -128. */
#include "check.h"
#include "fixed_point.h"

#define SUM_INTEGER_BITS 12

/* More equal values than this would carry out of the 32 bits of the sum. */
#define MAX_DEPTH 8191

/* exp of a value that lies DIFFERENCE below the row's largest, Q0.31. */
static int32_t
exponential (const struct frt_softmax_s8_parameters *parameters, int32_t difference)
{
  return frt_exp_on_negative (frt_doubling_high_multiply (
      frt_wrapping_shift_left (difference, parameters->left_shift),
      parameters->multiplier));
}

static int8_t
probability (int32_t exponential, int32_t reciprocal, int32_t bits_over_unit)
{
  const int32_t exponent = bits_over_unit + 31 - 8;
  const int32_t product = frt_doubling_high_multiply (reciprocal, exponential);

  /* Beyond 31 the quotient is less than a half. */
  return frt_narrow_s8 (exponent > 31 ? 0
                                      : frt_rounding_divide_by_power (product, exponent),
                        INT8_MIN, INT8_MIN, INT8_MAX);
}

static void
run_row (const struct frt_softmax_s8_parameters *parameters, const int8_t *x, int8_t *y,
         int32_t depth)
{
  int32_t largest = INT8_MIN;
  uint32_t sum = 0; /* Q12.19 */
  int32_t headroom, reciprocal;

  for (int32_t i = 0; i < depth; i++)
    if (x[i] > largest)
      largest = x[i];
  for (int32_t i = 0; i < depth; i++)
    if (x[i] - largest >= parameters->difference_minimum)
      sum += (uint32_t)frt_rounding_divide_by_power (
          exponential (parameters, x[i] - largest), SUM_INTEGER_BITS);
  headroom = frt_leading_zeros (sum);
  reciprocal =
      frt_reciprocal_of_one_plus ((int32_t)((sum << headroom) - (UINT32_C (1) << 31)));
  for (int32_t i = 0; i < depth; i++)
    y[i] = x[i] - largest >= parameters->difference_minimum
               ? probability (exponential (parameters, x[i] - largest), reciprocal,
                              SUM_INTEGER_BITS - headroom)
               : (int8_t)INT8_MIN;
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_softmax_s8_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_tensor *tensor = frt_output_tensor (image, operator_, 0);
  const int32_t depth = frt_last_extent (tensor);
  const int8_t *input = frt_input_data (image, operator_, arena, 0);
  int8_t *output = frt_output_data (image, operator_, arena, 0);

  for (int32_t at = 0; at < frt_element_count (tensor); at += depth)
    run_row (parameters, input + at, output + at, depth);
}

/* A difference_minimum of at most 0 lets the row's largest value through: no sum is 0. */
static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_softmax_s8_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_tensor *tensor = frt_output_tensor (image, operator_, 0);

  return frt_check_types (image, operator_, FRT_INT8, FRT_INT8)
                 && frt_check_same_shape (frt_input_tensor (image, operator_, 0), tensor)
                 && frt_last_extent (tensor) <= MAX_DEPTH
                 && frt_check_multiplier (parameters->multiplier, parameters->left_shift)
                 && parameters->left_shift >= 0 && parameters->difference_minimum <= 0
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_softmax_s8 = {
  .id = FRT_KERNEL_SOFTMAX_S8,
  .parameters_size = sizeof (struct frt_softmax_s8_parameters),
  .input_count = 1,
  .output_count = 1,
  .in_place = 1 << 0,
  .check = check,
  .run = run,
};
