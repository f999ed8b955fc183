/* SPDX-License-Identifier: Apache-2.0 */
/* add_f32.c: ADD, float, with broadcasting. */
#include "broadcast.h"
#include "check.h"
#include "float_range.h"

static void
run_row (const struct frt_float_range_parameters *parameters,
         const struct frt_broadcast *walk, const float *a, const float *b, float *y)
{
  for (int32_t i = 0; i < walk->extent[0]; i++)
    {
      y[i] = frt_limit_f32 (*a + *b, parameters->minimum, parameters->maximum);
      a += walk->step[0][0];
      b += walk->step[1][0];
    }
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_float_range_parameters *parameters = frt_parameters (image, operator_);
  const float *a = frt_input_data (image, operator_, arena, 0);
  const float *b = frt_input_data (image, operator_, arena, 1);
  float *output = frt_output_data (image, operator_, arena, 0);
  struct frt_broadcast walk;

  frt_broadcast_start (&walk, image, operator_);
  while (frt_broadcast_next (&walk))
    {
      run_row (parameters, &walk, a + walk.offset[0], b + walk.offset[1], output);
      output += walk.extent[0];
    }
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_float_range_parameters *parameters = frt_parameters (image, operator_);

  return frt_check_types (image, operator_, FRT_FLOAT32, FRT_FLOAT32)
                 && frt_input_tensor (image, operator_, 1)->type == FRT_FLOAT32
                 && frt_broadcast_check (image, operator_)
                 && frt_check_range_f32 (parameters->minimum, parameters->maximum)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_add_f32 = {
  .id = FRT_KERNEL_ADD_F32,
  .parameters_size = sizeof (struct frt_float_range_parameters),
  .input_count = 2,
  .output_count = 1,
  .in_place = 1 << 0 | 1 << 1,
  .check = check,
  .run = run,
};
