/* SPDX-License-Identifier: Apache-2.0 */
/* conv2d_f32.c: CONV_2D, float, optionally in groups. */
#include "check.h"
#include "dot_product.h"
#include "float_range.h"
#include "window.h"

struct convolution
{
  const struct frt_conv2d_f32_parameters *parameters;
  struct frt_window_shape shape;
  const float *weights;
  const float *bias;
};

/* The sum of one output channel at PLACE, without bias. */
static float
accumulate (const struct convolution *convolution, const struct frt_window_place *place,
            const float *input, int32_t channel)
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
  float sum = 0.0f;

  for (int32_t row = place->rows.first; row < place->rows.end; row++)
    {
      int32_t x = frt_window_input_index (window, shape, place, row, place->columns.first)
                  + group * depth;
      int32_t w =
          ((channel * window->height + row) * window->width + place->columns.first)
          * depth;

      for (int32_t run = 0; run < runs; run++)
        {
          sum =
              frt_dot_product_f32 (sum, input + x, convolution->weights + w, run_length);
          x += window->dilation_width * shape->input_depth;
          w += depth;
        }
    }
  return sum;
}

static void
convolve_place (const struct convolution *convolution,
                const struct frt_window_place *place, const float *input, float *output)
{
  const struct frt_conv2d_f32_parameters *parameters = convolution->parameters;

  for (int32_t channel = 0; channel < convolution->shape.output_depth; channel++)
    {
      const float sum = accumulate (convolution, place, input, channel);
      const float bias = convolution->bias != NULL ? convolution->bias[channel] : 0.0f;

      output[channel] =
          frt_limit_f32 (sum + bias, parameters->minimum, parameters->maximum);
    }
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_conv2d_f32_parameters *parameters = frt_parameters (image, operator_);
  const struct convolution convolution = {
    .parameters = parameters,
    .shape = frt_window_shape (image, operator_),
    .weights = frt_constant (image, parameters->weights_offset),
    .bias = frt_constant (image, parameters->bias_offset),
  };
  const struct frt_window_shape *shape = &convolution.shape;
  const float *input = frt_input_data (image, operator_, arena, 0);
  float *output = frt_output_data (image, operator_, arena, 0);

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
  const struct frt_conv2d_f32_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_window_shape shape = frt_window_shape (image, operator_);
  const int32_t outputs = shape.output_depth;

  if (!frt_check_types (image, operator_, FRT_FLOAT32, FRT_FLOAT32)
      || !frt_check_window (image, operator_, &parameters->window)
      || !frt_check_groups (&shape, parameters->groups)
      || !frt_check_range_f32 (parameters->minimum, parameters->maximum))
    return FRT_E_OPERATOR;
  if (!frt_check_block (
          image, parameters->weights_offset,
          frt_check_weight_count (&parameters->window, outputs,
                                  shape.input_depth / (int32_t)parameters->groups),
          4)
      || !frt_check_optional_block (image, parameters->bias_offset, (uint64_t)outputs, 4))
    return FRT_E_LAYOUT;
  return FRT_OK;
}

const struct frt_kernel frt_conv2d_f32 = {
  .id = FRT_KERNEL_CONV2D_F32,
  .parameters_size = sizeof (struct frt_conv2d_f32_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
