/* SPDX-License-Identifier: Apache-2.0 */
/* convolution_f32.h: what the convolutions of float share. */
#pragma once

#include "check.h"
#include "convolution.h"
#include "dot_product.h"
#include "float_range.h"

struct frt_convolution_f32
{
  struct frt_convolution convolution;
  const struct frt_conv2d_f32_parameters *parameters;
  const float *weights;
  const float *bias;
};

static inline struct frt_convolution_f32
frt_convolution_layer_f32 (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_conv2d_f32_parameters *parameters = frt_parameters (image, operator_);

  return (struct frt_convolution_f32){
    .convolution = { .window = &parameters->window,
                     .shape = frt_window_shape (image, operator_),
                     .groups = (int32_t)parameters->groups },
    .parameters = parameters,
    .weights = frt_constant (image, parameters->weights_offset),
    .bias = frt_constant (image, parameters->bias_offset),
  };
}

/* Types, limits and constants. There are WEIGHTS weights; 0 is refused. */
static inline int
frt_check_convolution_f32 (const frt_image *image, const struct frt_operator *operator_,
                           uint64_t weights)
{
  const struct frt_conv2d_f32_parameters *parameters = frt_parameters (image, operator_);
  const int32_t outputs = frt_output_tensor (image, operator_, 0)->dimensions[3];

  if (weights == 0 || !frt_check_types (image, operator_, FRT_FLOAT32, FRT_FLOAT32)
      || !frt_check_range_f32 (parameters->minimum, parameters->maximum))
    return FRT_E_OPERATOR;
  if (!frt_check_block (image, parameters->weights_offset, weights, 4)
      || !frt_check_optional_block (image, parameters->bias_offset, (uint64_t)outputs, 4))
    return FRT_E_LAYOUT;
  return FRT_OK;
}

/* The result of output CHANNEL, whose products add up to SUM. */
static inline float
frt_convolution_output_f32 (const struct frt_convolution_f32 *layer, int32_t channel,
                            float sum)
{
  const float bias = layer->bias != NULL ? layer->bias[channel] : 0.0f;

  return frt_limit_f32 (sum + bias, layer->parameters->minimum,
                        layer->parameters->maximum);
}

/* All channels of one position. */
static inline void
frt_convolve_f32 (const struct frt_convolution_f32 *layer, const struct frt_runs *runs,
                  const float *input, float *output)
{
  for (int32_t channel = 0; channel < layer->convolution.shape.output_depth; channel++)
    {
      int32_t x = frt_channel_input (runs, channel);
      int32_t w = frt_channel_weights (runs, channel);
      float sum = 0.0f;

      for (int32_t row = 0; row < runs->rows; row++)
        {
          for (int32_t column = 0; column < runs->columns; column++)
            sum = frt_dot_product_f32 (
                sum, input + x + column * runs->input_column_step,
                layer->weights + w + column * runs->weights_column_step, runs->length);
          x += runs->input_row_step;
          w += runs->weights_row_step;
        }
      output[channel] = frt_convolution_output_f32 (layer, channel, sum);
    }
}
