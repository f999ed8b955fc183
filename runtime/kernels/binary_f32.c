/* SPDX-License-Identifier: Apache-2.0 */
/* binary_f32.c: SUB, DIV, SQUARED_DIFFERENCE, MINIMUM and MAXIMUM, float, with broadcasting. */
#include "elementwise.h"

static float
subtract (float a, float b)
{
  return a - b;
}

static void
run_subtract (const frt_image *image, const struct frt_operator *operator_,
              uint8_t *arena)
{
  frt_map_float_pairs (image, operator_, arena, subtract);
}

const struct frt_kernel frt_sub_f32 = {
  .id = FRT_KERNEL_SUB_F32,
  .parameters_size = sizeof (struct frt_float_range_parameters),
  .input_count = 2,
  .output_count = 1,
  .in_place = 1 << 0 | 1 << 1,
  .check = frt_check_binary_float,
  .run = run_subtract,
};

static float
divide (float a, float b)
{
  return a / b;
}

static void
run_divide (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  frt_map_float_pairs (image, operator_, arena, divide);
}

const struct frt_kernel frt_div_f32 = {
  .id = FRT_KERNEL_DIV_F32,
  .parameters_size = sizeof (struct frt_float_range_parameters),
  .input_count = 2,
  .output_count = 1,
  .in_place = 1 << 0 | 1 << 1,
  .check = frt_check_binary_float,
  .run = run_divide,
};

static float
square_difference (float a, float b)
{
  return (a - b) * (a - b);
}

static void
run_square_difference (const frt_image *image, const struct frt_operator *operator_,
                       uint8_t *arena)
{
  frt_map_float_pairs (image, operator_, arena, square_difference);
}

const struct frt_kernel frt_squared_difference_f32 = {
  .id = FRT_KERNEL_SQUARED_DIFFERENCE_F32,
  .parameters_size = sizeof (struct frt_float_range_parameters),
  .input_count = 2,
  .output_count = 1,
  .in_place = 1 << 0 | 1 << 1,
  .check = frt_check_binary_float,
  .run = run_square_difference,
};

static float
minimum (float a, float b)
{
  return a < b ? a : b;
}

static void
run_minimum (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  frt_map_float_pairs (image, operator_, arena, minimum);
}

const struct frt_kernel frt_minimum_f32 = {
  .id = FRT_KERNEL_MINIMUM_F32,
  .parameters_size = sizeof (struct frt_float_range_parameters),
  .input_count = 2,
  .output_count = 1,
  .in_place = 1 << 0 | 1 << 1,
  .check = frt_check_binary_float,
  .run = run_minimum,
};

static float
maximum (float a, float b)
{
  return a > b ? a : b;
}

static void
run_maximum (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  frt_map_float_pairs (image, operator_, arena, maximum);
}

const struct frt_kernel frt_maximum_f32 = {
  .id = FRT_KERNEL_MAXIMUM_F32,
  .parameters_size = sizeof (struct frt_float_range_parameters),
  .input_count = 2,
  .output_count = 1,
  .in_place = 1 << 0 | 1 << 1,
  .check = frt_check_binary_float,
  .run = run_maximum,
};
