/* SPDX-License-Identifier: Apache-2.0 */
/* depthwise_s8.h: what the depthwise convolutions of int8 share, whatever their weights'
 * type. */
#pragma once

#include "convolution_s8.h"

/* Channels that are summed side by side, so that inputs and weights are read in order. */
#define FRT_DEPTHWISE_BLOCK 16

/* Adds one tap to the SUMS of COUNT output channels from FIRST. X is its input; its weights
 * begin at element TAP. */
typedef void frt_tap_function_s8 (const int8_t *x, int32_t depth_multiplier,
                                  int32_t offset, const void *weights, int32_t tap,
                                  int32_t first, int32_t count, uint32_t *sums);

/* All channels of one position. ADD_TAP is a constant wherever this is inlined. */
static inline void
frt_convolve_depthwise_s8 (const struct frt_convolution_s8 *layer, int32_t row,
                           int32_t column, frt_tap_function_s8 *add_tap,
                           const int8_t *input, int8_t *output)
{
  const struct frt_window *window = layer->convolution.window;
  const struct frt_window_shape *shape = &layer->convolution.shape;
  const struct frt_window_place place = frt_window_place (window, shape, row, column);
  const int32_t channels = shape->output_depth;
  const int32_t depth_multiplier = channels / shape->input_depth;

  for (int32_t first = 0; first < channels; first += FRT_DEPTHWISE_BLOCK)
    {
      const int32_t rest = channels - first;
      const int32_t count = rest < FRT_DEPTHWISE_BLOCK ? rest : FRT_DEPTHWISE_BLOCK;
      uint32_t sums[FRT_DEPTHWISE_BLOCK] = { 0 };

      for (int32_t y = place.rows.first; y < place.rows.end; y++)
        for (int32_t x = place.columns.first; x < place.columns.end; x++)
          add_tap (input + frt_window_input_index (window, shape, &place, y, x),
                   depth_multiplier, layer->parameters->input_offset, layer->weights,
                   (y * window->width + x) * channels, first, count, sums);
      for (int32_t i = 0; i < count; i++)
        output[first + i] = frt_convolution_output_s8 (layer, first + i, sums[i]);
    }
}
