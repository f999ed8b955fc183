/* SPDX-License-Identifier: Apache-2.0 */
/* mean_s8.c: MEAN and SUM over any axes, int8. */
#include "check.h"
#include "reduction.h"
#include "requantize.h"

/* Elements whose sum fits in int32_t, whatever they are. */
#define MAX_COUNT (1 << 23)

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_mean_s8_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_tensor *tensor = frt_input_tensor (image, operator_, 0);
  const int8_t *input = frt_input_data (image, operator_, arena, 0);
  int8_t *output = frt_output_data (image, operator_, arena, 0);
  struct frt_axis_walk kept, reduced;

  frt_axis_walk_start (&kept, tensor, ~parameters->axes);
  frt_axis_walk_start (&reduced, tensor, parameters->axes);
  do
    {
      int32_t sum = 0;

      do
        sum += input[kept.offset + reduced.offset];
      while (frt_axis_walk_next (&reduced));
      *output++ = frt_narrow_s8 (
          frt_multiply_by_quantized (frt_wrapping_add (sum, parameters->input_offset_sum),
                                     parameters->multiplier, parameters->shift),
          parameters->output_offset, INT8_MIN, INT8_MAX);
    }
  while (frt_axis_walk_next (&kept));
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_mean_s8_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_tensor *tensor = frt_input_tensor (image, operator_, 0);

  return frt_check_types (image, operator_, FRT_INT8, FRT_INT8)
                 && frt_reduction_check (image, operator_, parameters->axes)
                 && frt_reduced_count (tensor, parameters->axes) <= MAX_COUNT
                 && frt_check_output_offset_s8 (parameters->output_offset)
                 && frt_check_multiplier (parameters->multiplier, parameters->shift)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel FRT_ROUNDED (frt_mean_s8) = {
  .id = FRT_ROUNDED_ID (FRT_KERNEL_MEAN_S8),
  .parameters_size = sizeof (struct frt_mean_s8_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
