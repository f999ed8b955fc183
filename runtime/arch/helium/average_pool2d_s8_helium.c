/* SPDX-License-Identifier: Apache-2.0 */
/* average_pool2d_s8_helium.c: AVERAGE_POOL_2D, int8, packed for Helium. */
#include "arch/helium/helium.h"
#include "arch/packed_place.h"
#include "pool.h"

#define LANES 4

struct pool
{
  const struct frt_window *window;
  struct frt_window_shape shape;
  int32_t minimum, maximum;
};

/* The sums of up to four channels over the cells of PLACE; X is the first of them under the first
 * cell. */
static inline void
add_cells (const struct pool *pool, const struct frt_window_place *place, const int8_t *x,
           int32_t count, int32_t *sums)
{
  const int32_t rows = place->rows.end - place->rows.first;
  const int32_t columns = place->columns.end - place->columns.first;
  const int32_t depth = pool->shape.input_depth;
  const int32_t pitch = (pool->shape.input_width - columns) * depth;
#if FRT_HAS_MVE
  const mve_pred16_t lanes = vctp32q ((uint32_t)count);
  int32x4_t total = vdupq_n_s32 (0);

  for (int32_t row = 0; row < rows; row++, x += pitch)
    for (int32_t column = 0; column < columns; column++, x += depth)
      total = vaddq_s32 (total, vldrbq_z_s32 (x, lanes));
  vst1q (sums, total);
#else
  for (int32_t lane = 0; lane < LANES; lane++)
    sums[lane] = 0;
  for (int32_t row = 0; row < rows; row++, x += pitch)
    for (int32_t column = 0; column < columns; column++, x += depth)
      for (int32_t lane = 0; lane < count; lane++)
        sums[lane] += x[lane];
#endif
}

static inline int8_t
average (const struct pool *pool, int32_t sum, int32_t count)
{
  return (int8_t)frt_limit_s32 (frt_pool_average (sum, count), pool->minimum,
                                pool->maximum);
}

static void
pool_channels (const void *layer, int32_t row, int32_t column, const void *input,
               void *output)
{
  const struct pool *pool = layer;
  const int32_t depth = pool->shape.output_depth;
  const struct frt_window_place place =
      frt_packed_place (pool->window, &pool->shape, row, column);
  const int32_t cells =
      (place.rows.end - place.rows.first) * (place.columns.end - place.columns.first);
  const int8_t *x = (const int8_t *)input
                    + frt_window_input_index (pool->window, &pool->shape, &place,
                                              place.rows.first, place.columns.first);
  int8_t *y = output;
  int32_t sums[LANES];

  for (int32_t channel = 0; channel < depth; channel += LANES)
    {
      const int32_t count = depth - channel < LANES ? depth - channel : LANES;

      add_cells (pool, &place, x + channel, count, sums);
      for (int32_t lane = 0; lane < count; lane++)
        y[channel + lane] = average (pool, sums[lane], cells);
    }
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_pool2d_s8_parameters *parameters = frt_parameters (image, operator_);
  const struct pool pool = {
    .window = &parameters->window,
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

  return image->header->packing == FRT_PACKING_HELIUM
                 && frt_check_types (image, operator_, FRT_INT8, FRT_INT8)
                 && frt_check_pool (image, operator_, &parameters->window,
                                    FRT_MOST_CELLS_S8)
                 && frt_check_range_s8 (parameters->minimum, parameters->maximum)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_average_pool2d_s8_helium = {
  .id = FRT_KERNEL_AVERAGE_POOL2D_S8_HELIUM,
  .parameters_size = sizeof (struct frt_pool2d_s8_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
