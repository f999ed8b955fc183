/* SPDX-License-Identifier: Apache-2.0 */
/* convolution_s8.h: what the convolutions of int8 share, whatever their weights' type. */
#pragma once

#include "check.h"
#include "convolution.h"
#include "requantize.h"

struct frt_convolution_s8
{
  struct frt_convolution convolution;
  const struct frt_conv2d_s8_parameters *parameters;
  const void *weights;
  const int32_t *bias;
  const int32_t *multipliers;
  const int8_t *shifts;
};

/* sum w * (x + OFFSET) of COUNT elements, modulo 2^32; the weights from FIRST on. */
typedef uint32_t frt_dot_function_s8 (const int8_t *x, const void *weights, int32_t first,
                                      int32_t count, int32_t offset);

struct frt_convolution_s8 frt_convolution_layer_s8 (const frt_image *image,
                                                    const struct frt_operator *operator_);

/* Types, offsets, limits and constants. The weights take WEIGHT_BYTES; 0 is refused. */
int frt_check_convolution_s8 (const frt_image *image,
                              const struct frt_operator *operator_,
                              uint64_t weight_bytes);

/* The result of output CHANNEL, whose products add up to SUM. */
static inline int8_t
frt_convolution_output_s8 (const struct frt_convolution_s8 *layer, int32_t channel,
                           uint32_t sum)
{
  const struct frt_conv2d_s8_parameters *parameters = layer->parameters;

  if (layer->bias != NULL)
    sum += (uint32_t)layer->bias[channel];
  return frt_narrow_s8 (
      frt_multiply_by_quantized ((int32_t)sum, layer->multipliers[channel],
                                 layer->shifts[channel]),
      parameters->output_offset, parameters->minimum, parameters->maximum);
}

/* All channels of one position. DOT is a constant wherever this is inlined. */
static inline void
frt_convolve_s8 (const struct frt_convolution_s8 *layer, const struct frt_runs *runs,
                 frt_dot_function_s8 *dot, const int8_t *input, int8_t *output)
{
  const int32_t offset = layer->parameters->input_offset;

  for (int32_t channel = 0; channel < layer->convolution.shape.output_depth; channel++)
    {
      int32_t x = frt_channel_input (runs, channel);
      int32_t w = frt_channel_weights (runs, channel);
      uint32_t sum = 0;

      for (int32_t row = 0; row < runs->rows; row++)
        {
          for (int32_t column = 0; column < runs->columns; column++)
            sum += dot (input + x + column * runs->input_column_step, layer->weights,
                        w + column * runs->weights_column_step, runs->length, offset);
          x += runs->input_row_step;
          w += runs->weights_row_step;
        }
      output[channel] = frt_convolution_output_s8 (layer, channel, sum);
    }
}
