/* SPDX-License-Identifier: Apache-2.0 */
/* depthwise_conv2d_f32.c: DEPTHWISE_CONV_2D, float, any depth multiplier. */
#include "convolution_f32.h"

static void
add_tap (const struct frt_window_shape *shape, const float *x, const float *w,
         float *sums)
{
  const int32_t depth_multiplier = shape->output_depth / shape->input_depth;

  for (int32_t channel = 0; channel < shape->output_depth; channel++)
    sums[channel] += x[channel / depth_multiplier] * w[channel];
}

/* The sums grow in the output itself, so that inputs and weights are read in order. */
static void
convolve (const void *user, int32_t row, int32_t column, const void *input, void *output)
{
  const struct frt_convolution_f32 *layer = user;
  const struct frt_window *window = layer->convolution.window;
  const struct frt_window_shape *shape = &layer->convolution.shape;
  const struct frt_window_place place = frt_window_place (window, shape, row, column);
  float *sums = output;

  for (int32_t channel = 0; channel < shape->output_depth; channel++)
    sums[channel] = 0.0f;
  for (int32_t y = place.rows.first; y < place.rows.end; y++)
    for (int32_t x = place.columns.first; x < place.columns.end; x++)
      add_tap (shape,
               (const float *)input
                   + frt_window_input_index (window, shape, &place, y, x),
               layer->weights + (y * window->width + x) * shape->output_depth, sums);
  for (int32_t channel = 0; channel < shape->output_depth; channel++)
    sums[channel] = frt_convolution_output_f32 (layer, channel, sums[channel]);
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_convolution_f32 layer = frt_convolution_layer_f32 (image, operator_);

  frt_walk_outputs (image, operator_, arena, convolve, &layer);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_conv2d_f32_parameters *parameters = frt_parameters (image, operator_);
  const uint64_t weights = frt_check_depthwise (image, operator_, &parameters->window);

  return frt_check_convolution_f32 (image, operator_, weights);
}

const struct frt_kernel frt_depthwise_conv2d_f32 = {
  .id = FRT_KERNEL_DEPTHWISE_CONV2D_F32,
  .parameters_size = sizeof (struct frt_conv2d_f32_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
