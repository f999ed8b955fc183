/* SPDX-License-Identifier: Apache-2.0 */
/* depthwise_conv2d_f32.c: DEPTHWISE_CONV_2D, float, any depth multiplier. */
#include "check.h"
#include "float_range.h"
#include "window.h"

struct convolution
{
  const struct frt_conv2d_f32_parameters *parameters;
  struct frt_window_shape shape;
  int32_t depth_multiplier;
  const float *weights;
  const float *bias;
};

/* The sums grow in the output itself, so that inputs and weights are read in order. */
static void
convolve_place (const struct convolution *convolution,
                const struct frt_window_place *place, const float *input, float *output)
{
  const struct frt_conv2d_f32_parameters *parameters = convolution->parameters;
  const struct frt_window *window = &parameters->window;
  const struct frt_window_shape *shape = &convolution->shape;

  for (int32_t channel = 0; channel < shape->output_depth; channel++)
    output[channel] = 0.0f;
  for (int32_t row = place->rows.first; row < place->rows.end; row++)
    for (int32_t column = place->columns.first; column < place->columns.end; column++)
      {
        const float *x =
            input + frt_window_input_index (window, shape, place, row, column);
        const float *w =
            convolution->weights + (row * window->width + column) * shape->output_depth;

        for (int32_t channel = 0; channel < shape->output_depth; channel++)
          output[channel] += x[channel / convolution->depth_multiplier] * w[channel];
      }
  for (int32_t channel = 0; channel < shape->output_depth; channel++)
    {
      const float bias = convolution->bias != NULL ? convolution->bias[channel] : 0.0f;

      output[channel] = frt_limit_f32 (output[channel] + bias, parameters->minimum,
                                       parameters->maximum);
    }
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_conv2d_f32_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_window_shape shape = frt_window_shape (image, operator_);
  const struct convolution convolution = {
    .parameters = parameters,
    .shape = shape,
    .depth_multiplier = shape.output_depth / shape.input_depth,
    .weights = frt_constant (image, parameters->weights_offset),
    .bias = frt_constant (image, parameters->bias_offset),
  };
  const float *input = frt_input_data (image, operator_, arena, 0);
  float *output = frt_output_data (image, operator_, arena, 0);

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
  const struct frt_conv2d_f32_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_window_shape shape = frt_window_shape (image, operator_);
  const int32_t outputs = shape.output_depth;

  if (!frt_check_types (image, operator_, FRT_FLOAT32, FRT_FLOAT32)
      || !frt_check_window (image, operator_, &parameters->window)
      || outputs % shape.input_depth != 0
      || !frt_check_range_f32 (parameters->minimum, parameters->maximum))
    return FRT_E_OPERATOR;
  if (!frt_check_block (image, parameters->weights_offset,
                        frt_check_weight_count (&parameters->window, outputs, 1), 4)
      || !frt_check_optional_block (image, parameters->bias_offset, (uint64_t)outputs, 4))
    return FRT_E_LAYOUT;
  return FRT_OK;
}

const struct frt_kernel frt_depthwise_conv2d_f32 = {
  .id = FRT_KERNEL_DEPTHWISE_CONV2D_F32,
  .parameters_size = sizeof (struct frt_conv2d_f32_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
