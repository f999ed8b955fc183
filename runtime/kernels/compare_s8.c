/* SPDX-License-Identifier: Apache-2.0 */
/* compare_s8.c: EQUAL, LESS and their like of int8, with broadcasting. */
#include "elementwise.h"

#define LEFT_SHIFT 8 /* keeps fractions of the scaled values */

static int32_t
compare (const void *parameters, int32_t x1, int32_t x2)
{
  const struct frt_compare_s8_parameters *comparison = parameters;
  const int32_t a =
      frt_common_scale (x1 + comparison->input1_offset, LEFT_SHIFT,
                        comparison->input1_multiplier, comparison->input1_shift);
  const int32_t b =
      frt_common_scale (x2 + comparison->input2_offset, LEFT_SHIFT,
                        comparison->input2_multiplier, comparison->input2_shift);
  const uint32_t outcome = a < b ? FRT_LESS : a > b ? FRT_GREATER : FRT_EQUAL;

  return (comparison->accepted & outcome) != 0;
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  frt_map_integer_pairs (image, operator_, arena, FRT_INT8, FRT_BOOL, compare);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_compare_s8_parameters *parameters = frt_parameters (image, operator_);

  return frt_check_binary (image, operator_, FRT_INT8, FRT_BOOL)
                 && frt_check_input_offset_s8 (parameters->input1_offset)
                 && frt_check_input_offset_s8 (parameters->input2_offset)
                 && frt_check_multiplier (parameters->input1_multiplier,
                                          parameters->input1_shift)
                 && frt_check_multiplier (parameters->input2_multiplier,
                                          parameters->input2_shift)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel FRT_ROUNDED (frt_compare_s8) = {
  .id = FRT_ROUNDED_ID (FRT_KERNEL_COMPARE_S8),
  .parameters_size = sizeof (struct frt_compare_s8_parameters),
  .input_count = 2,
  .output_count = 1,
  .check = check,
  .run = run,
};
