/* SPDX-License-Identifier: Apache-2.0 */
/* conv2d_s8.c: CONV_2D, int8, weights per channel, optionally in groups. */
#include "check.h"
#include "dot_product.h"
#include "requantize.h"
#include "window.h"

struct convolution
{
  const struct frt_conv2d_s8_parameters *parameters;
  struct frt_window_shape shape;
  const int8_t *weights;
  const int32_t *bias;
  const int32_t *multipliers;
  const int8_t *shifts;
};

/* The sum of one output channel at PLACE, without bias. */
static uint32_t
accumulate (const struct convolution *convolution, const struct frt_window_place *place,
            const int8_t *input, int32_t channel)
{
  const struct frt_window *window = &convolution->parameters->window;
  const struct frt_window_shape *shape = &convolution->shape;
  const int32_t groups = (int32_t)convolution->parameters->groups;
  const int32_t depth = shape->input_depth / groups;
  const int32_t group = channel / (shape->output_depth / groups);
  const int32_t columns = place->columns.end - place->columns.first;
  /* Neighbouring taps are neighbours in memory too: one run per row. */
  const bool contiguous = groups == 1 && window->dilation_width == 1;
  const int32_t runs = contiguous ? 1 : columns;
  const int32_t run_length = contiguous ? columns * depth : depth;
  uint32_t sum = 0;

  for (int32_t row = place->rows.first; row < place->rows.end; row++)
    {
      int32_t x = frt_window_input_index (window, shape, place, row, place->columns.first)
                  + group * depth;
      int32_t w =
          ((channel * window->height + row) * window->width + place->columns.first)
          * depth;

      for (int32_t run = 0; run < runs; run++)
        {
          sum += frt_dot_product_s8 (input + x, convolution->weights + w, run_length,
                                     convolution->parameters->input_offset);
          x += window->dilation_width * shape->input_depth;
          w += depth;
        }
    }
  return sum;
}

static void
convolve_place (const struct convolution *convolution,
                const struct frt_window_place *place, const int8_t *input, int8_t *output)
{
  const struct frt_conv2d_s8_parameters *parameters = convolution->parameters;

  for (int32_t channel = 0; channel < convolution->shape.output_depth; channel++)
    {
      uint32_t sum = accumulate (convolution, place, input, channel);

      if (convolution->bias != NULL)
        sum += (uint32_t)convolution->bias[channel];
      output[channel] = frt_narrow_s8 (
          frt_multiply_by_quantized ((int32_t)sum, convolution->multipliers[channel],
                                     convolution->shifts[channel]),
          parameters->output_offset, parameters->minimum, parameters->maximum);
    }
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_conv2d_s8_parameters *parameters = frt_parameters (image, operator_);
  const struct convolution convolution = {
    .parameters = parameters,
    .shape = frt_window_shape (image, operator_),
    .weights = frt_constant (image, parameters->weights_offset),
    .bias = frt_constant (image, parameters->bias_offset),
    .multipliers = frt_constant (image, parameters->multiplier_offset),
    .shifts = frt_constant (image, parameters->shift_offset),
  };
  const struct frt_window_shape *shape = &convolution.shape;
  const int8_t *input = frt_input_data (image, operator_, arena, 0);
  int8_t *output = frt_output_data (image, operator_, arena, 0);

  for (int32_t batch = 0; batch < shape->batches; batch++)
    {
      for (int32_t row = 0; row < shape->output_height; row++)
        for (int32_t column = 0; column < shape->output_width; column++)
          {
            const struct frt_window_place place =
                frt_window_place (&parameters->window, shape, row, column);

            convolve_place (&convolution, &place, input, output);
            output += shape->output_depth;
          }
      input += shape->input_height * shape->input_width * shape->input_depth;
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
      || !frt_check_groups (&shape, parameters->groups)
      || !frt_check_input_offset_s8 (parameters->input_offset)
      || !frt_check_output_offset_s8 (parameters->output_offset)
      || !frt_check_range_s8 (parameters->minimum, parameters->maximum))
    return FRT_E_OPERATOR;
  if (!frt_check_block (
          image, parameters->weights_offset,
          frt_check_weight_count (&parameters->window, outputs,
                                  shape.input_depth / (int32_t)parameters->groups),
          1)
      || !frt_check_optional_block (image, parameters->bias_offset, (uint64_t)outputs, 4)
      || !frt_check_block (image, parameters->multiplier_offset, (uint64_t)outputs, 4)
      || !frt_check_block (image, parameters->shift_offset, (uint64_t)outputs, 1))
    return FRT_E_LAYOUT;
  return frt_check_channel_multipliers (image, parameters->multiplier_offset,
                                        parameters->shift_offset, outputs)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_conv2d_s8 = {
  .id = FRT_KERNEL_CONV2D_S8,
  .parameters_size = sizeof (struct frt_conv2d_s8_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
