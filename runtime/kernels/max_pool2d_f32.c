/* SPDX-License-Identifier: Apache-2.0 */
/* max_pool2d_f32.c: MAX_POOL_2D, float; cells outside the input do not count. */
#include "check.h"
#include "float_range.h"
#include "window.h"

#include <float.h>

static float
pool (const struct frt_pool2d_f32_parameters *parameters,
      const struct frt_window_shape *shape, const struct frt_window_place *place,
      const float *input)
{
  float largest = -FLT_MAX;

  for (int32_t row = place->rows.first; row < place->rows.end; row++)
    {
      const float *x = input
                       + frt_window_input_index (&parameters->window, shape, place, row,
                                                 place->columns.first);

      for (int32_t column = place->columns.first; column < place->columns.end; column++)
        {
          if (*x > largest)
            largest = *x;
          x += shape->input_depth;
        }
    }
  return frt_limit_f32 (largest, parameters->minimum, parameters->maximum);
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_pool2d_f32_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_window_shape shape = frt_window_shape (image, operator_);
  const float *input = frt_input_data (image, operator_, arena, 0);
  float *output = frt_output_data (image, operator_, arena, 0);

  for (int32_t batch = 0; batch < shape.batches; batch++)
    {
      for (int32_t row = 0; row < shape.output_height; row++)
        for (int32_t column = 0; column < shape.output_width; column++)
          {
            const struct frt_window_place place =
                frt_window_place (&parameters->window, &shape, row, column);

            for (int32_t channel = 0; channel < shape.output_depth; channel++)
              *output++ = pool (parameters, &shape, &place, input + channel);
          }
      input += shape.input_height * shape.input_width * shape.input_depth;
    }
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_pool2d_f32_parameters *parameters = frt_parameters (image, operator_);

  return frt_check_types (image, operator_, FRT_FLOAT32, FRT_FLOAT32)
                 && frt_check_pool (image, operator_, &parameters->window)
                 && frt_check_range_f32 (parameters->minimum, parameters->maximum)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_max_pool2d_f32 = {
  .id = FRT_KERNEL_MAX_POOL2D_F32,
  .parameters_size = sizeof (struct frt_pool2d_f32_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
