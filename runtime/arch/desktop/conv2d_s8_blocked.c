/* SPDX-License-Identifier: Apache-2.0 */
/* conv2d_s8_blocked.c: CONV_2D, int8, any window, one group, for desktop processors. */
#include "arch/desktop/blocked_convolution.h"
#include "arch/desktop/blocked_s8.h"

struct convolution
{
  struct frt_blocked_s8 matrix;
  int32_t input_offset;
  int16_t *tile;
  const int8_t *input; /* one image of the batch */
  int8_t *output;      /* of that image */
};

static void
clear (const void *layer, int32_t position)
{
  const struct convolution *convolution = layer;
  int16_t *row = convolution->tile + (uint32_t)position * convolution->matrix.taps;

  for (uint32_t tap = 0; tap < convolution->matrix.taps; tap++)
    row[tap] = 0;
}

static void
gather (const void *layer, int32_t position, int32_t first, int32_t count, uint32_t tap)
{
  const struct convolution *convolution = layer;
  int16_t *row = convolution->tile + (uint32_t)position * convolution->matrix.taps;

  frt_blocked_widen (convolution->input + first, count, convolution->input_offset,
                     row + tap);
}

static void
multiply (const void *layer, int32_t count, int32_t done)
{
  const struct convolution *convolution = layer;

  frt_blocked_multiply_s8 (&convolution->matrix, convolution->tile, count,
                           convolution->output + done * convolution->matrix.outputs);
}

static const struct frt_tile_functions functions = { clear, gather, multiply };

static uint32_t
count_taps (const struct frt_window *window, int32_t depth)
{
  return frt_even_taps ((uint32_t)(window->height * window->width) * (uint32_t)depth);
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_conv2d_s8_blocked_parameters *parameters =
      frt_parameters (image, operator_);
  const struct frt_window_shape shape = frt_window_shape (image, operator_);
  struct convolution convolution = {
    .matrix = { .weights = frt_constant (image, parameters->weights_offset),
                .channels = frt_constant (image, parameters->channels_offset),
                .taps = count_taps (&parameters->window, shape.input_depth),
                .outputs = shape.output_depth,
                .output_offset = parameters->output_offset,
                .minimum = parameters->minimum,
                .maximum = parameters->maximum },
    .input_offset = parameters->input_offset,
    .tile = (void *)(arena + operator_->scratch_offset),
    .input = frt_input_data (image, operator_, arena, 0),
    .output = frt_output_data (image, operator_, arena, 0),
  };

  /* The last tap, if it is only there to make their number even. */
  for (uint32_t i = 1; i <= FRT_TILE_POSITIONS; i++)
    convolution.tile[i * convolution.matrix.taps - 1] = 0;
  for (int32_t batch = 0; batch < shape.batches; batch++)
    {
      frt_convolve_tiles (&parameters->window, &shape, &functions, &convolution);
      convolution.input += shape.input_height * shape.input_width * shape.input_depth;
      convolution.output += shape.output_height * shape.output_width * shape.output_depth;
    }
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_conv2d_s8_blocked_parameters *parameters =
      frt_parameters (image, operator_);
  const struct frt_window_shape shape = frt_window_shape (image, operator_);

  if (!frt_check_types (image, operator_, FRT_INT8, FRT_INT8)
      || !frt_check_window (image, operator_, &parameters->window)
      || !frt_check_input_offset_s8 (parameters->input_offset)
      || !frt_check_output_offset_s8 (parameters->output_offset)
      || !frt_check_range_s8 (parameters->minimum, parameters->maximum))
    return FRT_E_OPERATOR;
  return frt_check_blocked_s8 (
      image, operator_, parameters->weights_offset, parameters->channels_offset,
      frt_check_weight_count (&parameters->window, 1, shape.input_depth),
      shape.output_depth, FRT_TILE_POSITIONS);
}

const struct frt_kernel frt_conv2d_s8_blocked = {
  .id = FRT_KERNEL_CONV2D_S8_BLOCKED,
  .parameters_size = sizeof (struct frt_conv2d_s8_blocked_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
