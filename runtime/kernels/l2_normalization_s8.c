/* SPDX-License-Identifier: Apache-2.0 */
/* l2_normalization_s8.c: L2_NORMALIZATION over the last axis, int8; output scale 1/128, zero
 * point 0. */
#include "check.h"
#include "inverse_square_root.h"

/* Longer rows could carry out of the sum of squares. */
#define MAX_DEPTH 32768

static void
run_row (const struct frt_l2_normalization_s8_parameters *parameters, const int8_t *x,
         int8_t *y, int32_t depth)
{
  const int32_t offset = parameters->input_offset, output_bits = 7;
  struct frt_inverse_square_root factor;
  int32_t sum = 0;

  for (int32_t i = 0; i < depth; i++)
    sum += (x[i] + offset) * (x[i] + offset);
  factor = frt_inverse_square_root (sum);
  for (int32_t i = 0; i < depth; i++)
    y[i] = frt_narrow_s8 (frt_multiply_by_quantized (x[i] + offset, factor.multiplier,
                                                     factor.shift + output_bits),
                          0, INT8_MIN, INT8_MAX);
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_l2_normalization_s8_parameters *parameters =
      frt_parameters (image, operator_);
  const struct frt_tensor *tensor = frt_output_tensor (image, operator_, 0);
  const int32_t depth = frt_last_extent (tensor);
  const int8_t *input = frt_input_data (image, operator_, arena, 0);
  int8_t *output = frt_output_data (image, operator_, arena, 0);

  for (int32_t at = 0; at < frt_element_count (tensor); at += depth)
    run_row (parameters, input + at, output + at, depth);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_l2_normalization_s8_parameters *parameters =
      frt_parameters (image, operator_);
  const struct frt_tensor *tensor = frt_output_tensor (image, operator_, 0);

  return frt_check_types (image, operator_, FRT_INT8, FRT_INT8)
                 && frt_check_same_shape (frt_input_tensor (image, operator_, 0), tensor)
                 && frt_last_extent (tensor) <= MAX_DEPTH
                 && frt_check_input_offset_s8 (parameters->input_offset)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel FRT_ROUNDED (frt_l2_normalization_s8) = {
  .id = FRT_ROUNDED_ID (FRT_KERNEL_L2_NORMALIZATION_S8),
  .parameters_size = sizeof (struct frt_l2_normalization_s8_parameters),
  .input_count = 1,
  .output_count = 1,
  .in_place = 1 << 0,
  .check = check,
  .run = run,
};
