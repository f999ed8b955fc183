/* SPDX-License-Identifier: Apache-2.0 */
/* softmax_s8.c: SOFTMAX over the last axis, int8; output scale 1/256, zero point -128. */
#include "check.h"
#include "softmax_fixed.h"

/* More equal values than this would carry out of the 32 bits of the sum. */
#define MAX_DEPTH 8191

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_softmax_s8_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_tensor *tensor = frt_output_tensor (image, operator_, 0);
  const int32_t depth = frt_last_extent (tensor);
  const int8_t *input = frt_input_data (image, operator_, arena, 0);
  int8_t *output = frt_output_data (image, operator_, arena, 0);

  for (int32_t at = 0; at < frt_element_count (tensor); at += depth)
    {
      const struct frt_softmax_row row = frt_softmax_row (parameters, input + at, depth);

      for (int32_t i = at; i < at + depth; i++)
        output[i] =
            (int8_t)(frt_limit_s32 (frt_softmax_share (parameters, &row, input[i], 8), 0,
                                    UINT8_MAX)
                     + INT8_MIN);
    }
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
