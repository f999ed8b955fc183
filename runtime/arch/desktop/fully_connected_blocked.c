/* SPDX-License-Identifier: Apache-2.0 */
/* fully_connected_blocked.c: FULLY_CONNECTED, int8 and float, for desktop processors. */
#include "arch/desktop/blocked_f32.h"
#include "arch/desktop/blocked_s8.h"

static int32_t
limit_rows (int32_t rows)
{
  return rows < FRT_TILE_POSITIONS ? rows : FRT_TILE_POSITIONS;
}

static int32_t
count_rows (const frt_image *image, const struct frt_operator *operator_,
            uint32_t input_depth)
{
  return frt_element_count (frt_input_tensor (image, operator_, 0))
         / (int32_t)input_depth;
}

static void
run_s8 (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_fully_connected_s8_blocked_parameters *parameters =
      frt_parameters (image, operator_);
  const int32_t depth = (int32_t)parameters->input_depth;
  const int32_t rows = count_rows (image, operator_, parameters->input_depth);
  const struct frt_blocked_s8 matrix = {
    .weights = frt_constant (image, parameters->weights_offset),
    .channels = frt_constant (image, parameters->channels_offset),
    .taps = frt_even_taps (parameters->input_depth),
    .outputs = frt_element_count (frt_output_tensor (image, operator_, 0)) / rows,
    .output_offset = parameters->output_offset,
    .minimum = parameters->minimum,
    .maximum = parameters->maximum,
  };
  const int8_t *x = frt_input_data (image, operator_, arena, 0);
  int8_t *y = frt_output_data (image, operator_, arena, 0);
  int16_t *tile = (void *)(arena + operator_->scratch_offset);

  for (int32_t row = 0; row < rows;)
    {
      const int32_t count = limit_rows (rows - row);

      for (int32_t i = 0; i < count; i++, x += depth)
        {
          int16_t *widened = tile + (uint32_t)i * matrix.taps;

          frt_blocked_widen (x, depth, parameters->input_offset, widened);
          if (depth % 2 != 0)
            widened[depth] = 0;
        }
      frt_blocked_multiply_s8 (&matrix, tile, count, y);
      y += count * matrix.outputs;
      row += count;
    }
}

static int
check_s8 (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_fully_connected_s8_blocked_parameters *parameters =
      frt_parameters (image, operator_);
  const int32_t outputs =
      frt_check_output_depth (image, operator_, parameters->input_depth);

  if (!frt_check_types (image, operator_, FRT_INT8, FRT_INT8) || outputs == 0
      || !frt_check_input_offset_s8 (parameters->input_offset)
      || !frt_check_output_offset_s8 (parameters->output_offset)
      || !frt_check_range_s8 (parameters->minimum, parameters->maximum))
    return FRT_E_OPERATOR;
  return frt_check_blocked_s8 (
      image, operator_, parameters->weights_offset, parameters->channels_offset,
      parameters->input_depth, outputs,
      limit_rows (count_rows (image, operator_, parameters->input_depth)));
}

const struct frt_kernel frt_fully_connected_s8_blocked = {
  .id = FRT_KERNEL_FULLY_CONNECTED_S8_BLOCKED,
  .parameters_size = sizeof (struct frt_fully_connected_s8_blocked_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check_s8,
  .run = run_s8,
};

static void
run_f32 (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_fully_connected_f32_parameters *parameters =
      frt_parameters (image, operator_);
  const int32_t rows = count_rows (image, operator_, parameters->input_depth);
  const struct frt_blocked_f32 matrix = {
    .weights = frt_constant (image, parameters->weights_offset),
    .bias = frt_constant (image, parameters->bias_offset),
    .taps = parameters->input_depth,
    .outputs = frt_element_count (frt_output_tensor (image, operator_, 0)) / rows,
    .minimum = parameters->minimum,
    .maximum = parameters->maximum,
  };
  const float *x = frt_input_data (image, operator_, arena, 0);
  float *y = frt_output_data (image, operator_, arena, 0);

  /* The rows of the input are a tile as they lie. */
  for (int32_t row = 0; row < rows;)
    {
      const int32_t count = limit_rows (rows - row);

      frt_blocked_multiply_f32 (&matrix, x, count, y);
      x += (uint32_t)count * matrix.taps;
      y += count * matrix.outputs;
      row += count;
    }
}

static int
check_f32 (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_fully_connected_f32_parameters *parameters =
      frt_parameters (image, operator_);
  const int32_t outputs =
      frt_check_output_depth (image, operator_, parameters->input_depth);

  if (!frt_check_types (image, operator_, FRT_FLOAT32, FRT_FLOAT32) || outputs == 0
      || !frt_check_range_f32 (parameters->minimum, parameters->maximum))
    return FRT_E_OPERATOR;
  return frt_check_blocked_f32 (image, operator_, parameters->weights_offset,
                                parameters->bias_offset, parameters->input_depth, outputs,
                                0);
}

const struct frt_kernel frt_fully_connected_f32_blocked = {
  .id = FRT_KERNEL_FULLY_CONNECTED_F32_BLOCKED,
  .parameters_size = sizeof (struct frt_fully_connected_f32_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check_f32,
  .run = run_f32,
};
