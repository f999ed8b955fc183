/* SPDX-License-Identifier: Apache-2.0 */
/* resize_bilinear_s8.c: RESIZE_BILINEAR, int8. */
#include "check.h"
#include "requantize.h"

/* A + (B - A) * WEIGHT, in 1024ths. */
static int32_t
mix (int32_t a, int32_t b, int32_t weight)
{
  return a * (1024 - weight) + b * weight;
}

static int8_t
divide (int32_t sum)
{
#ifdef FRT_SINGLE_ROUNDING
  return (int8_t)((sum + (1 << 19)) >> 20);
#else
  return (int8_t)((sum + (sum > 0 ? 1 << 19 : -(1 << 19))) / (1 << 20));
#endif
}

/* DEPTH channels of one cell, from TOP on; the neighbours lie BELOW and to the RIGHT. */
static void
mix_cell (const int8_t *top, int32_t right, int32_t below, int32_t depth,
          const struct frt_position_s8 *row, const struct frt_position_s8 *column,
          int8_t *y)
{
  for (int32_t i = 0; i < depth; i++)
    {
      const int32_t sum =
          mix (mix (top[i], top[i + right], column->weight),
               mix (top[i + below], top[i + below + right], column->weight), row->weight);

      y[i] = divide (sum);
    }
}

/* A neighbour without weight may not exist; the cell itself stands for it. */
static int32_t
step (const struct frt_position_s8 *position, int32_t stride)
{
  return position->weight > 0 ? stride : 0;
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_resize_bilinear_parameters *parameters =
      frt_parameters (image, operator_);
  const struct frt_window_shape shape = frt_window_shape (image, operator_);
  const int32_t depth = shape.input_depth, stride = shape.input_width * depth;
  const struct frt_position_s8 *rows = frt_constant (image, parameters->rows_offset);
  const struct frt_position_s8 *columns =
      frt_constant (image, parameters->columns_offset);
  const int8_t *x = frt_input_data (image, operator_, arena, 0);
  int8_t *y = frt_output_data (image, operator_, arena, 0);

  for (int32_t batch = 0; batch < shape.batches; batch++)
    {
      for (int32_t i = 0; i < shape.output_height; i++)
        for (int32_t j = 0; j < shape.output_width; j++)
          {
            mix_cell (x + (int32_t)rows[i].low * stride + (int32_t)columns[j].low * depth,
                      step (&columns[j], depth), step (&rows[i], stride), depth, &rows[i],
                      &columns[j], y);
            y += depth;
          }
      x += shape.input_height * stride;
    }
}

/* COUNT positions whose neighbours are among EXTENT cells. */
static bool
check_positions (const frt_image *image, uint32_t offset, int32_t count, int32_t extent)
{
  const struct frt_position_s8 *positions = frt_constant (image, offset);

  if (!frt_check_block (image, offset, 2 * (uint64_t)count, 2)
      || !frt_afford (image, (uint32_t)count))
    return false;
  for (int32_t i = 0; i < count; i++)
    if (!(positions[i].weight <= 1024)
        || (uint64_t)positions[i].low + (positions[i].weight > 0 ? 1 : 0)
               >= (uint32_t)extent)
      return false;
  return true;
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_resize_bilinear_parameters *parameters =
      frt_parameters (image, operator_);
  const struct frt_window_shape shape = frt_window_shape (image, operator_);
  const struct frt_tensor *output = frt_output_tensor (image, operator_, 0);

  return frt_check_types (image, operator_, FRT_INT8, FRT_INT8)
                 && frt_input_tensor (image, operator_, 0)->rank == 4 && output->rank == 4
                 && output->dimensions[0] == shape.batches
                 && shape.input_depth == shape.output_depth
                 && check_positions (image, parameters->rows_offset, shape.output_height,
                                     shape.input_height)
                 && check_positions (image, parameters->columns_offset,
                                     shape.output_width, shape.input_width)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel FRT_ROUNDED (frt_resize_bilinear_s8) = {
  .id = FRT_ROUNDED_ID (FRT_KERNEL_RESIZE_BILINEAR_S8),
  .parameters_size = sizeof (struct frt_resize_bilinear_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
