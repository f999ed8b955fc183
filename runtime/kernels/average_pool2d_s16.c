/* SPDX-License-Identifier: Apache-2.0 */
/* average_pool2d_s16.c: AVERAGE_POOL_2D, int16; cells outside the input do not count. */
#include "check.h"
#include "requantize.h"
#include "window.h"

struct layer
{
  const struct frt_pool2d_s8_parameters *parameters;
  struct frt_window_shape shape;
};

/* To nearest, ties away from zero. */
static int32_t
rounded_quotient (int32_t sum, int32_t count)
{
  return (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
}

static int16_t
pool (const struct frt_pool2d_s8_parameters *parameters,
      const struct frt_window_shape *shape, const struct frt_window_place *place,
      const int16_t *input)
{
  const int32_t count =
      (place->rows.end - place->rows.first) * (place->columns.end - place->columns.first);
  int32_t sum = 0;

  for (int32_t row = place->rows.first; row < place->rows.end; row++)
    {
      const int16_t *x = input
                         + frt_window_input_index (&parameters->window, shape, place, row,
                                                   place->columns.first);

      for (int32_t column = place->columns.first; column < place->columns.end; column++)
        {
          sum += *x;
          x += shape->input_depth;
        }
    }
  return (int16_t)frt_limit_s32 (rounded_quotient (sum, count), parameters->minimum,
                                 parameters->maximum);
}

static void
pool_channels (const void *user, int32_t row, int32_t column, const void *input,
               void *output)
{
  const struct layer *layer = user;
  const struct frt_window_place place =
      frt_window_place (&layer->parameters->window, &layer->shape, row, column);
  const int16_t *x = input;
  int16_t *y = output;

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
  const struct frt_pool2d_s8_parameters *parameters = frt_parameters (image, operator_);

  return frt_check_types (image, operator_, FRT_INT16, FRT_INT16)
                 && frt_check_pool (image, operator_, &parameters->window,
                                    FRT_MOST_CELLS_S16)
                 && frt_check_range_s16 (parameters->minimum, parameters->maximum)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_average_pool2d_s16 = {
  .id = FRT_KERNEL_AVERAGE_POOL2D_S16,
  .parameters_size = sizeof (struct frt_pool2d_s8_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
