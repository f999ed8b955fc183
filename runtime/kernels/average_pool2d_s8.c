/* SPDX-License-Identifier: Apache-2.0 */
/* average_pool2d_s8.c: AVERAGE_POOL_2D, int8; cells outside the input do not count. */
#include "check.h"
#include "requantize.h"
#include "window.h"

/* To nearest, ties away from zero. */
static int32_t
rounded_quotient (int32_t sum, int32_t count)
{
  return (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
}

static int8_t
pool (const struct frt_pool2d_s8_parameters *parameters,
      const struct frt_window_shape *shape, const struct frt_window_place *place,
      const int8_t *input)
{
  const int32_t count =
      (place->rows.end - place->rows.first) * (place->columns.end - place->columns.first);
  int32_t sum = 0;

  for (int32_t row = place->rows.first; row < place->rows.end; row++)
    {
      const int8_t *x = input
                        + frt_window_input_index (&parameters->window, shape, place, row,
                                                  place->columns.first);

      for (int32_t column = place->columns.first; column < place->columns.end; column++)
        {
          sum += *x;
          x += shape->input_depth;
        }
    }
  return (int8_t)frt_limit_s32 (rounded_quotient (sum, count), parameters->minimum,
                                parameters->maximum);
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_pool2d_s8_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_window_shape shape = frt_window_shape (image, operator_);
  const int8_t *input = frt_input_data (image, operator_, arena, 0);
  int8_t *output = frt_output_data (image, operator_, arena, 0);

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
  const struct frt_pool2d_s8_parameters *parameters = frt_parameters (image, operator_);

  return frt_check_types (image, operator_, FRT_INT8, FRT_INT8)
                 && frt_check_pool (image, operator_, &parameters->window)
                 && frt_check_range_s8 (parameters->minimum, parameters->maximum)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_average_pool2d_s8 = {
  .id = FRT_KERNEL_AVERAGE_POOL2D_S8,
  .parameters_size = sizeof (struct frt_pool2d_s8_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
