/* SPDX-License-Identifier: Apache-2.0 */
/* minimum_maximum.c: MINIMUM and MAXIMUM of int8, int16 and int32, with broadcasting. */
#include "elementwise.h"

static int32_t
minimum (const void *parameters, int32_t a, int32_t b)
{
  (void)parameters;
  return a < b ? a : b;
}

static int32_t
maximum (const void *parameters, int32_t a, int32_t b)
{
  (void)parameters;
  return a > b ? a : b;
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const uint8_t type = frt_output_tensor (image, operator_, 0)->type;

  return (type == FRT_INT8 || type == FRT_INT16 || type == FRT_INT32)
                 && frt_check_binary (image, operator_, type, type)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

static void
run_minimum (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const uint8_t type = frt_output_tensor (image, operator_, 0)->type;

  frt_map_integer_pairs (image, operator_, arena, type, type, minimum);
}

const struct frt_kernel frt_minimum_integer = {
  .id = FRT_KERNEL_MINIMUM_INTEGER,
  .input_count = 2,
  .output_count = 1,
  .in_place = 1 << 0 | 1 << 1,
  .check = check,
  .run = run_minimum,
};

static void
run_maximum (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const uint8_t type = frt_output_tensor (image, operator_, 0)->type;

  frt_map_integer_pairs (image, operator_, arena, type, type, maximum);
}

const struct frt_kernel frt_maximum_integer = {
  .id = FRT_KERNEL_MAXIMUM_INTEGER,
  .input_count = 2,
  .output_count = 1,
  .in_place = 1 << 0 | 1 << 1,
  .check = check,
  .run = run_maximum,
};
