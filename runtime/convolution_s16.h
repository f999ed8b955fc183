/* SPDX-License-Identifier: Apache-2.0 */
/* convolution_s16.h: what the convolutions of int16 with int8 weights share. */
#pragma once

#include "check.h"
#include "convolution.h"
#include "dot_product.h"
#include "output_s16.h"

struct frt_convolution_s16
{
  struct frt_convolution convolution;
  struct frt_output_s16 stage;
  const int8_t *weights;
};

struct frt_convolution_s16
frt_convolution_layer_s16 (const frt_image *image, const struct frt_operator *operator_);

/* Types, limits and constants. There are WEIGHTS weights; 0 is refused. */
int frt_check_convolution_s16 (const frt_image *image,
                               const struct frt_operator *operator_, uint64_t weights);

/* All channels of one position. */
static inline void
frt_convolve_s16 (const struct frt_convolution_s16 *layer, const struct frt_runs *runs,
                  const int16_t *input, int16_t *output)
{
  for (int32_t channel = 0; channel < layer->convolution.shape.output_depth; channel++)
    {
      int32_t x = frt_channel_input (runs, channel);
      int32_t w = frt_channel_weights (runs, channel);
      int64_t sum = 0;

      for (int32_t row = 0; row < runs->rows; row++)
        {
          for (int32_t column = 0; column < runs->columns; column++)
            sum += frt_dot_product_s16 (
                input + x + column * runs->input_column_step,
                layer->weights + w + column * runs->weights_column_step, runs->length);
          x += runs->input_row_step;
          w += runs->weights_row_step;
        }
      output[channel] = FRT_ROUNDED (frt_finish_s16) (&layer->stage, channel, sum);
    }
}
