/* SPDX-License-Identifier: Apache-2.0 */
/* compare_integer.c: EQUAL, LESS and their like of int32 and bool, with broadcasting. */
#include "elementwise.h"

static int32_t
compare (const void *parameters, int32_t a, int32_t b)
{
  const struct frt_compare_parameters *comparison = parameters;
  const uint32_t outcome = a < b ? FRT_LESS : a > b ? FRT_GREATER : FRT_EQUAL;

  return (comparison->accepted & outcome) != 0;
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  frt_map_integer_pairs (image, operator_, arena,
                         frt_input_tensor (image, operator_, 0)->type, FRT_BOOL, compare);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const uint8_t type = frt_input_tensor (image, operator_, 0)->type;

  return (type == FRT_INT32 || type == FRT_BOOL)
                 && frt_check_binary (image, operator_, type, FRT_BOOL)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_compare_integer = {
  .id = FRT_KERNEL_COMPARE_INTEGER,
  .parameters_size = sizeof (struct frt_compare_parameters),
  .input_count = 2,
  .output_count = 1,
  .check = check,
  .run = run,
};
