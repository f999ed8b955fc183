/* SPDX-License-Identifier: Apache-2.0 */
/* arithmetic_s32.c: ADD, SUB, MUL and SQUARED_DIFFERENCE, int32, with broadcasting. */
#include "elementwise.h"

static int32_t
limit (const struct frt_integer_range_parameters *parameters, int32_t value)
{
  return frt_limit_s32 (value, parameters->minimum, parameters->maximum);
}

static int32_t
add (const void *parameters, int32_t a, int32_t b)
{
  return limit (parameters, frt_wrapping_add (a, b));
}

static int32_t
subtract (const void *parameters, int32_t a, int32_t b)
{
  return limit (parameters, frt_wrapping_subtract (a, b));
}

static int32_t
multiply (const void *parameters, int32_t a, int32_t b)
{
  return limit (parameters, frt_wrapping_multiply (a, b));
}

static int32_t
square_difference (const void *parameters, int32_t a, int32_t b)
{
  const int32_t difference = frt_wrapping_subtract (a, b);

  return limit (parameters, frt_wrapping_multiply (difference, difference));
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_integer_range_parameters *parameters =
      frt_parameters (image, operator_);

  return frt_check_binary (image, operator_, FRT_INT32, FRT_INT32)
                 && frt_check_integer_range (parameters->minimum, parameters->maximum,
                                             FRT_INT32)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

static void
run_add (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  frt_map_integer_pairs (image, operator_, arena, FRT_INT32, FRT_INT32, add);
}

const struct frt_kernel frt_add_s32 = {
  .id = FRT_KERNEL_ADD_S32,
  .parameters_size = sizeof (struct frt_integer_range_parameters),
  .input_count = 2,
  .output_count = 1,
  .in_place = 1 << 0 | 1 << 1,
  .check = check,
  .run = run_add,
};

static void
run_subtract (const frt_image *image, const struct frt_operator *operator_,
              uint8_t *arena)
{
  frt_map_integer_pairs (image, operator_, arena, FRT_INT32, FRT_INT32, subtract);
}

const struct frt_kernel frt_sub_s32 = {
  .id = FRT_KERNEL_SUB_S32,
  .parameters_size = sizeof (struct frt_integer_range_parameters),
  .input_count = 2,
  .output_count = 1,
  .in_place = 1 << 0 | 1 << 1,
  .check = check,
  .run = run_subtract,
};

static void
run_multiply (const frt_image *image, const struct frt_operator *operator_,
              uint8_t *arena)
{
  frt_map_integer_pairs (image, operator_, arena, FRT_INT32, FRT_INT32, multiply);
}

const struct frt_kernel frt_mul_s32 = {
  .id = FRT_KERNEL_MUL_S32,
  .parameters_size = sizeof (struct frt_integer_range_parameters),
  .input_count = 2,
  .output_count = 1,
  .in_place = 1 << 0 | 1 << 1,
  .check = check,
  .run = run_multiply,
};

static void
run_square_difference (const frt_image *image, const struct frt_operator *operator_,
                       uint8_t *arena)
{
  frt_map_integer_pairs (image, operator_, arena, FRT_INT32, FRT_INT32,
                         square_difference);
}

const struct frt_kernel frt_squared_difference_s32 = {
  .id = FRT_KERNEL_SQUARED_DIFFERENCE_S32,
  .parameters_size = sizeof (struct frt_integer_range_parameters),
  .input_count = 2,
  .output_count = 1,
  .in_place = 1 << 0 | 1 << 1,
  .check = check,
  .run = run_square_difference,
};
