/* SPDX-License-Identifier: Apache-2.0 */
/* logical.c: LOGICAL_AND, LOGICAL_OR, with broadcasting, and LOGICAL_NOT, bool. */
#include "elementwise.h"

static int32_t
combine_with_and (const void *parameters, int32_t a, int32_t b)
{
  (void)parameters;
  return a && b;
}

static int32_t
combine_with_or (const void *parameters, int32_t a, int32_t b)
{
  (void)parameters;
  return a || b;
}

static int32_t
negate (const void *parameters, int32_t x)
{
  (void)parameters;
  return !x;
}

static int
check_pair (const frt_image *image, const struct frt_operator *operator_)
{
  return frt_check_binary (image, operator_, FRT_BOOL, FRT_BOOL) ? FRT_OK
                                                                 : FRT_E_OPERATOR;
}

static int
check_single (const frt_image *image, const struct frt_operator *operator_)
{
  return frt_check_unary (image, operator_, FRT_BOOL) ? FRT_OK : FRT_E_OPERATOR;
}

static void
run_and (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  frt_map_integer_pairs (image, operator_, arena, FRT_BOOL, FRT_BOOL, combine_with_and);
}

const struct frt_kernel frt_logical_and = {
  .id = FRT_KERNEL_LOGICAL_AND,
  .input_count = 2,
  .output_count = 1,
  .in_place = 1 << 0 | 1 << 1,
  .check = check_pair,
  .run = run_and,
};

static void
run_or (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  frt_map_integer_pairs (image, operator_, arena, FRT_BOOL, FRT_BOOL, combine_with_or);
}

const struct frt_kernel frt_logical_or = {
  .id = FRT_KERNEL_LOGICAL_OR,
  .input_count = 2,
  .output_count = 1,
  .in_place = 1 << 0 | 1 << 1,
  .check = check_pair,
  .run = run_or,
};

static void
run_not (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  frt_map_integers (image, operator_, arena, FRT_BOOL, negate);
}

const struct frt_kernel frt_logical_not = {
  .id = FRT_KERNEL_LOGICAL_NOT,
  .input_count = 1,
  .output_count = 1,
  .in_place = 1 << 0,
  .check = check_single,
  .run = run_not,
};
