/* SPDX-License-Identifier: Apache-2.0 */
/* average_pool2d_s8_packed.c: AVERAGE_POOL_2D, int8, packed for ARMv7E-M: depths of at least
 * four, few enough cells for sums of int16.
 *
 * Four channels side by side, two in a word of sums. */
#include "arch/dsp.h"
#include "arch/packed_place.h"
#include "pool.h"

#define CHANNELS   4
#define MOST_CELLS 255 /* of -128 each */

struct pool
{
  struct frt_window window;
  struct frt_window_shape shape;
  int32_t minimum, maximum;
};

static int8_t
average (const struct pool *pool, int32_t sum, int32_t count)
{
  return (int8_t)frt_limit_s32 (frt_pool_average (sum, count), pool->minimum,
                                pool->maximum);
}

/* Of four channels; X is the first of them under the first cell. */
static void
average_four (const struct pool *pool, const struct frt_window_place *place,
              const int8_t *x, int8_t *y)
{
  const int32_t rows = place->rows.end - place->rows.first;
  const int32_t columns = place->columns.end - place->columns.first;
  const int32_t depth = pool->shape.input_depth;
  const int32_t pitch = (pool->shape.input_width - columns) * depth;
  uint32_t even = 0, odd = 0;

  for (int32_t row = 0; row < rows; row++, x += pitch)
    for (int32_t column = 0; column < columns; column++, x += depth)
      {
        const uint32_t word = frt_load_word (x);

        even = frt_sxtab16 (even, word);
        odd = frt_sxtab16_odd (odd, word);
      }
  y[0] = average (pool, frt_pair_low (even), rows * columns);
  y[1] = average (pool, frt_pair_low (odd), rows * columns);
  y[2] = average (pool, frt_pair_high (even), rows * columns);
  y[3] = average (pool, frt_pair_high (odd), rows * columns);
}

/* The last four channels may overlap with the four before. */
static void
pool_channels (const void *layer, int32_t row, int32_t column, const void *input,
               void *output)
{
  const struct pool *pool = layer;
  const int32_t depth = pool->shape.output_depth;
  const struct frt_window_place place =
      frt_packed_place (&pool->window, &pool->shape, row, column);
  const int8_t *x = (const int8_t *)input
                    + frt_window_input_index (&pool->window, &pool->shape, &place,
                                              place.rows.first, place.columns.first);
  int8_t *y = output;

  for (int32_t channel = 0; channel + CHANNELS <= depth; channel += CHANNELS)
    average_four (pool, &place, x + channel, y + channel);
  if (depth % CHANNELS != 0)
    average_four (pool, &place, x + depth - CHANNELS, y + depth - CHANNELS);
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_pool2d_s8_parameters *parameters = frt_parameters (image, operator_);
  const struct pool pool = {
    .window = parameters->window,
    .shape = frt_window_shape (image, operator_),
    .minimum = parameters->minimum,
    .maximum = parameters->maximum,
  };

  frt_walk_outputs (image, operator_, arena, pool_channels, &pool);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_pool2d_s8_parameters *parameters = frt_parameters (image, operator_);

  return image->header->packing == FRT_PACKING_ARMV7E_M
                 && frt_check_types (image, operator_, FRT_INT8, FRT_INT8)
                 && frt_check_pool (image, operator_, &parameters->window, MOST_CELLS)
                 && frt_window_shape (image, operator_).output_depth >= CHANNELS
                 && frt_check_range_s8 (parameters->minimum, parameters->maximum)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_average_pool2d_s8_packed = {
  .id = FRT_KERNEL_AVERAGE_POOL2D_S8_PACKED,
  .parameters_size = sizeof (struct frt_pool2d_s8_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
