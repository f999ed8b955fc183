/* SPDX-License-Identifier: Apache-2.0 */
/* average_pool2d_f32.c: AVERAGE_POOL_2D, float; cells outside the input do not count. */
#include "check.h"
#include "float_range.h"
#include "window.h"

struct layer
{
  const struct frt_pool2d_f32_parameters *parameters;
  struct frt_window_shape shape;
};

static float
pool (const struct frt_pool2d_f32_parameters *parameters,
      const struct frt_window_shape *shape, const struct frt_window_place *place,
      const float *input)
{
  const int32_t count =
      (place->rows.end - place->rows.first) * (place->columns.end - place->columns.first);
  float sum = 0.0f;

  for (int32_t row = place->rows.first; row < place->rows.end; row++)
    {
      const float *x = input
                       + frt_window_input_index (&parameters->window, shape, place, row,
                                                 place->columns.first);

      for (int32_t column = place->columns.first; column < place->columns.end; column++)
        {
          sum += *x;
          x += shape->input_depth;
        }
    }
  return frt_limit_f32 (sum / (float)count, parameters->minimum, parameters->maximum);
}

static void
pool_channels (const void *user, int32_t row, int32_t column, const void *input,
               void *output)
{
  const struct layer *layer = user;
  const struct frt_window_place place =
      frt_window_place (&layer->parameters->window, &layer->shape, row, column);
  const float *x = input;
  float *y = output;

  for (int32_t channel = 0; channel < layer->shape.output_depth; channel++)
    y[channel] = pool (layer->parameters, &layer->shape, &place, x + channel);
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct layer layer = {
    .parameters = frt_parameters (image, operator_),
    .shape = frt_window_shape (image, operator_),
  };

  frt_walk_outputs (image, operator_, arena, pool_channels, &layer);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_pool2d_f32_parameters *parameters = frt_parameters (image, operator_);

  return frt_check_types (image, operator_, FRT_FLOAT32, FRT_FLOAT32)
                 && frt_check_pool (image, operator_, &parameters->window,
                                    FRT_MOST_CELLS_S8)
                 && frt_check_range_f32 (parameters->minimum, parameters->maximum)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_average_pool2d_f32 = {
  .id = FRT_KERNEL_AVERAGE_POOL2D_F32,
  .parameters_size = sizeof (struct frt_pool2d_f32_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
