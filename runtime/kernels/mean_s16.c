/* SPDX-License-Identifier: Apache-2.0 */
/* mean_s16.c: MEAN and SUM over any axes, int16. */
#include "check.h"
#include "reduction.h"
#include "requantize.h"

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_mean_s8_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_tensor *tensor = frt_input_tensor (image, operator_, 0);
  const int16_t *input = frt_input_data (image, operator_, arena, 0);
  int16_t *output = frt_output_data (image, operator_, arena, 0);
  struct frt_axis_walk kept, reduced;

  frt_axis_walk_start (&kept, tensor, ~parameters->axes);
  frt_axis_walk_start (&reduced, tensor, parameters->axes);
  do
    {
      uint32_t sum = (uint32_t)parameters->input_offset_sum;
      int32_t value;

      do
        sum += (uint32_t)input[kept.offset + reduced.offset];
      while (frt_axis_walk_next (&reduced));
      value = frt_multiply_by_quantized ((int32_t)sum, parameters->multiplier,
                                         parameters->shift);
      *output++ = (int16_t)(frt_limit_s32 (value, INT16_MIN - parameters->output_offset,
                                           INT16_MAX - parameters->output_offset)
                            + parameters->output_offset);
    }
  while (frt_axis_walk_next (&kept));
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_mean_s8_parameters *parameters = frt_parameters (image, operator_);

  return frt_check_types (image, operator_, FRT_INT16, FRT_INT16)
                 && frt_reduction_check (image, operator_, parameters->axes)
                 && parameters->output_offset >= INT16_MIN
                 && parameters->output_offset <= INT16_MAX
                 && frt_check_multiplier (parameters->multiplier, parameters->shift)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel FRT_ROUNDED (frt_mean_s16) = {
  .id = FRT_ROUNDED_ID (FRT_KERNEL_MEAN_S16),
  .parameters_size = sizeof (struct frt_mean_s8_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
