/* SPDX-License-Identifier: Apache-2.0 */
/* conv2d_f32_blocked.c: CONV_2D, float, any window, one group, for desktop processors. */
#include "arch/desktop/blocked_convolution.h"
#include "arch/desktop/blocked_f32.h"

#include <string.h>

struct convolution
{
  struct frt_blocked_f32 matrix;
  float *tile;
  const float *input; /* one image of the batch */
  float *output;      /* of that image */
};

static void
clear (const void *layer, int32_t position)
{
  const struct convolution *convolution = layer;
  float *row = convolution->tile + (uint32_t)position * convolution->matrix.taps;

  for (uint32_t tap = 0; tap < convolution->matrix.taps; tap++)
    row[tap] = 0.0f;
}

static void
gather (const void *layer, int32_t position, int32_t first, int32_t count, uint32_t tap)
{
  const struct convolution *convolution = layer;
  float *row = convolution->tile + (uint32_t)position * convolution->matrix.taps;

  memcpy (row + tap, convolution->input + first, (size_t)count * sizeof (float));
}

static void
multiply (const void *layer, int32_t count, int32_t done)
{
  const struct convolution *convolution = layer;

  frt_blocked_multiply_f32 (&convolution->matrix, convolution->tile, count,
                            convolution->output + done * convolution->matrix.outputs);
}

static const struct frt_tile_functions functions = { clear, gather, multiply };

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_conv2d_f32_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_window_shape shape = frt_window_shape (image, operator_);
  struct convolution convolution = {
    .matrix = { .weights = frt_constant (image, parameters->weights_offset),
                .bias = frt_constant (image, parameters->bias_offset),
                .taps = (uint32_t)(parameters->window.height * parameters->window.width)
                        * (uint32_t)shape.input_depth,
                .outputs = shape.output_depth,
                .minimum = parameters->minimum,
                .maximum = parameters->maximum },
    .tile = (void *)(arena + operator_->scratch_offset),
    .input = frt_input_data (image, operator_, arena, 0),
    .output = frt_output_data (image, operator_, arena, 0),
  };

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
  const struct frt_conv2d_f32_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_window_shape shape = frt_window_shape (image, operator_);

  if (!frt_check_types (image, operator_, FRT_FLOAT32, FRT_FLOAT32)
      || !frt_check_window (image, operator_, &parameters->window)
      || parameters->groups != 1
      || !frt_check_range_f32 (parameters->minimum, parameters->maximum))
    return FRT_E_OPERATOR;
  return frt_check_blocked_f32 (
      image, operator_, parameters->weights_offset, parameters->bias_offset,
      frt_check_weight_count (&parameters->window, 1, shape.input_depth),
      shape.output_depth, FRT_TILE_POSITIONS);
}

const struct frt_kernel frt_conv2d_f32_blocked = {
  .id = FRT_KERNEL_CONV2D_F32_BLOCKED,
  .parameters_size = sizeof (struct frt_conv2d_f32_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
