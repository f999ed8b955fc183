/* SPDX-License-Identifier: Apache-2.0 */
/* depthwise_conv2d_s16.c: DEPTHWISE_CONV_2D, int16 with int8 weights, any depth multiplier. */
#include "convolution_s16.h"

static int64_t
accumulate (const struct frt_convolution_s16 *layer, const struct frt_window_place *place,
            const int16_t *input, int32_t channel)
{
  const struct frt_window *window = layer->convolution.window;
  const struct frt_window_shape *shape = &layer->convolution.shape;
  const int32_t depth_multiplier = shape->output_depth / shape->input_depth;
  int64_t sum = 0;

  for (int32_t row = place->rows.first; row < place->rows.end; row++)
    for (int32_t column = place->columns.first; column < place->columns.end; column++)
      {
        const int32_t x = frt_window_input_index (window, shape, place, row, column)
                          + channel / depth_multiplier;
        const int32_t w = (row * window->width + column) * shape->output_depth + channel;

        sum += layer->weights[w] * input[x];
      }
  return sum;
}

static void
convolve (const void *user, int32_t row, int32_t column, const void *input, void *output)
{
  const struct frt_convolution_s16 *layer = user;
  const struct frt_window_shape *shape = &layer->convolution.shape;
  const struct frt_window_place place =
      frt_window_place (layer->convolution.window, shape, row, column);
  int16_t *y = output;

  for (int32_t channel = 0; channel < shape->output_depth; channel++)
    y[channel] = FRT_ROUNDED (frt_finish_s16) (
        &layer->stage, channel, accumulate (layer, &place, input, channel));
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_convolution_s16 layer = frt_convolution_layer_s16 (image, operator_);

  frt_walk_outputs (image, operator_, arena, convolve, &layer);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_conv2d_s16_parameters *parameters = frt_parameters (image, operator_);
  const uint64_t weights = frt_check_depthwise (image, operator_, &parameters->window);

  return frt_check_convolution_s16 (image, operator_, weights);
}

const struct frt_kernel frt_depthwise_conv2d_s16 = {
  .id = FRT_KERNEL_DEPTHWISE_CONV2D_S16,
  .parameters_size = sizeof (struct frt_conv2d_s16_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
