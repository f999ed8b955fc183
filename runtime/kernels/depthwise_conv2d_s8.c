/* SPDX-License-Identifier: Apache-2.0 */
/* depthwise_conv2d_s8.c: DEPTHWISE_CONV_2D, int8, any depth multiplier. */
#include "check.h"
#include "requantize.h"
#include "window.h"

/* Channels that are summed side by side, so that inputs and weights are read in order. */
#define BLOCK 16

struct convolution
{
  const struct frt_conv2d_s8_parameters *parameters;
  struct frt_window_shape shape;
  int32_t depth_multiplier;
  const int8_t *weights;
  const int32_t *bias;
  const int32_t *multipliers;
  const int8_t *shifts;
};

/* Adds one tap to the sums of COUNT output channels from FIRST; X and W are its channels. */
static void
add_tap (const struct convolution *convolution, const int8_t *x, const int8_t *w,
         int32_t first, int32_t count, uint32_t *sums)
{
  const int32_t offset = convolution->parameters->input_offset;
  const int32_t depth_multiplier = convolution->depth_multiplier;

  if (depth_multiplier == 1)
    for (int32_t i = 0; i < count; i++)
      sums[i] += (uint32_t)(w[first + i] * (x[first + i] + offset));
  else
    for (int32_t i = 0; i < count; i++)
      sums[i] += (uint32_t)(w[first + i] * (x[(first + i) / depth_multiplier] + offset));
}

static void
accumulate (const struct convolution *convolution, const struct frt_window_place *place,
            const int8_t *input, int32_t first, int32_t count, uint32_t *sums)
{
  const struct frt_window *window = &convolution->parameters->window;
  const struct frt_window_shape *shape = &convolution->shape;

  for (int32_t i = 0; i < count; i++)
    sums[i] = convolution->bias != NULL ? (uint32_t)convolution->bias[first + i] : 0;
  for (int32_t row = place->rows.first; row < place->rows.end; row++)
    for (int32_t column = place->columns.first; column < place->columns.end; column++)
      add_tap (
          convolution, input + frt_window_input_index (window, shape, place, row, column),
          convolution->weights + (row * window->width + column) * shape->output_depth,
          first, count, sums);
}

static void
convolve_place (const struct convolution *convolution,
                const struct frt_window_place *place, const int8_t *input, int8_t *output)
{
  const struct frt_conv2d_s8_parameters *parameters = convolution->parameters;
  const int32_t channels = convolution->shape.output_depth;
  uint32_t sums[BLOCK];

  for (int32_t first = 0; first < channels; first += BLOCK)
    {
      const int32_t count = channels - first < BLOCK ? channels - first : BLOCK;

      accumulate (convolution, place, input, first, count, sums);
      for (int32_t i = 0; i < count; i++)
        output[first + i] = frt_narrow_s8 (
            frt_multiply_by_quantized ((int32_t)sums[i],
                                       convolution->multipliers[first + i],
                                       convolution->shifts[first + i]),
            parameters->output_offset, parameters->minimum, parameters->maximum);
    }
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_conv2d_s8_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_window_shape shape = frt_window_shape (image, operator_);
  const struct convolution convolution = {
    .parameters = parameters,
    .shape = shape,
    .depth_multiplier = shape.output_depth / shape.input_depth,
    .weights = frt_constant (image, parameters->weights_offset),
    .bias = frt_constant (image, parameters->bias_offset),
    .multipliers = frt_constant (image, parameters->multiplier_offset),
    .shifts = frt_constant (image, parameters->shift_offset),
  };
  const int8_t *input = frt_input_data (image, operator_, arena, 0);
  int8_t *output = frt_output_data (image, operator_, arena, 0);

  for (int32_t batch = 0; batch < shape.batches; batch++)
    {
      for (int32_t row = 0; row < shape.output_height; row++)
        for (int32_t column = 0; column < shape.output_width; column++)
          {
            const struct frt_window_place place =
                frt_window_place (&parameters->window, &shape, row, column);

            convolve_place (&convolution, &place, input, output);
            output += shape.output_depth;
          }
      input += shape.input_height * shape.input_width * shape.input_depth;
    }
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_conv2d_s8_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_window_shape shape = frt_window_shape (image, operator_);
  const int32_t outputs = shape.output_depth;

  if (!frt_check_types (image, operator_, FRT_INT8, FRT_INT8)
      || !frt_check_window (image, operator_, &parameters->window)
      || outputs % shape.input_depth != 0
      || !frt_check_input_offset_s8 (parameters->input_offset)
      || !frt_check_output_offset_s8 (parameters->output_offset)
      || !frt_check_range_s8 (parameters->minimum, parameters->maximum))
    return FRT_E_OPERATOR;
  if (!frt_check_block (image, parameters->weights_offset,
                        frt_check_weight_count (&parameters->window, outputs, 1), 1)
      || !frt_check_optional_block (image, parameters->bias_offset, (uint64_t)outputs, 4)
      || !frt_check_block (image, parameters->multiplier_offset, (uint64_t)outputs, 4)
      || !frt_check_block (image, parameters->shift_offset, (uint64_t)outputs, 1))
    return FRT_E_LAYOUT;
  return frt_check_channel_multipliers (image, parameters->multiplier_offset,
                                        parameters->shift_offset, outputs)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_depthwise_conv2d_s8 = {
  .id = FRT_KERNEL_DEPTHWISE_CONV2D_S8,
  .parameters_size = sizeof (struct frt_conv2d_s8_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
