/* SPDX-License-Identifier: Apache-2.0 */
/* mean_f32.c: MEAN and SUM over any axes, float. */
#include "check.h"
#include "reduction.h"

static void
reduce (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena,
        float divisor)
{
  const struct frt_reduction_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_tensor *tensor = frt_input_tensor (image, operator_, 0);
  const float *input = frt_input_data (image, operator_, arena, 0);
  float *output = frt_output_data (image, operator_, arena, 0);
  struct frt_axis_walk kept, reduced;

  frt_axis_walk_start (&kept, tensor, ~parameters->axes);
  frt_axis_walk_start (&reduced, tensor, parameters->axes);
  do
    {
      float sum = 0.0f;

      do
        sum += input[kept.offset + reduced.offset];
      while (frt_axis_walk_next (&reduced));
      *output++ = sum / divisor;
    }
  while (frt_axis_walk_next (&kept));
}

static void
run_mean (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_reduction_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_tensor *tensor = frt_input_tensor (image, operator_, 0);

  reduce (image, operator_, arena, (float)frt_reduced_count (tensor, parameters->axes));
}

static void
run_sum (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  reduce (image, operator_, arena, 1.0f);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_reduction_parameters *parameters = frt_parameters (image, operator_);

  return frt_check_types (image, operator_, FRT_FLOAT32, FRT_FLOAT32)
                 && frt_reduction_check (image, operator_, parameters->axes)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_mean_f32 = {
  .id = FRT_KERNEL_MEAN_F32,
  .parameters_size = sizeof (struct frt_reduction_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run_mean,
};

const struct frt_kernel frt_sum_f32 = {
  .id = FRT_KERNEL_SUM_F32,
  .parameters_size = sizeof (struct frt_reduction_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run_sum,
};
