/* SPDX-License-Identifier: Apache-2.0 */
/* reduce_extreme_f32.c: REDUCE_MAX and REDUCE_MIN over any axes, float. */
#include "check.h"
#include "reduction.h"

static void
reduce (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena,
        bool largest)
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
      float extreme = input[kept.offset];

      do
        {
          const float value = input[kept.offset + reduced.offset];

          if (largest ? value > extreme : value < extreme)
            extreme = value;
        }
      while (frt_axis_walk_next (&reduced));
      *output++ = extreme;
    }
  while (frt_axis_walk_next (&kept));
}

static void
run_max (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  reduce (image, operator_, arena, true);
}

static void
run_min (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  reduce (image, operator_, arena, false);
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

const struct frt_kernel frt_reduce_max_f32 = {
  .id = FRT_KERNEL_REDUCE_MAX_F32,
  .parameters_size = sizeof (struct frt_reduction_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run_max,
};

const struct frt_kernel frt_reduce_min_f32 = {
  .id = FRT_KERNEL_REDUCE_MIN_F32,
  .parameters_size = sizeof (struct frt_reduction_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run_min,
};
