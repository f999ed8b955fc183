/* SPDX-License-Identifier: Apache-2.0 */
/* window.c: moves a window over the output of a convolution or pool. */
#include "window.h"

static struct frt_taps
taps_inside (int32_t start, int32_t count, int32_t dilation, int32_t size)
{
  const int32_t first = start < 0 ? (dilation - 1 - start) / dilation : 0;
  const int32_t inside = (size - start + dilation - 1) / dilation;
  const int32_t end = inside < count ? inside : count;

  return (struct frt_taps){ first, end > first ? end : first };
}

struct frt_window_place
frt_window_place (const struct frt_window *window, const struct frt_window_shape *shape,
                  int32_t row, int32_t column)
{
  const int32_t top = row * window->stride_height - window->padding_top;
  const int32_t left = column * window->stride_width - window->padding_left;

  return (struct frt_window_place){
    .top = top,
    .left = left,
    .rows =
        taps_inside (top, window->height, window->dilation_height, shape->input_height),
    .columns =
        taps_inside (left, window->width, window->dilation_width, shape->input_width),
  };
}

void
frt_walk_outputs (const frt_image *image, const struct frt_operator *operator_,
                  uint8_t *arena, frt_position_function *function, const void *layer)
{
  const struct frt_window_shape shape = frt_window_shape (image, operator_);
  const struct frt_tensor *input = frt_input_tensor (image, operator_, 0);
  const struct frt_tensor *output = frt_output_tensor (image, operator_, 0);
  const uint32_t input_step = input->size / (uint32_t)shape.batches;
  const uint32_t output_step =
      (uint32_t)shape.output_depth * frt_element_size (output->type);
  const uint8_t *x = frt_input_data (image, operator_, arena, 0);
  uint8_t *y = frt_output_data (image, operator_, arena, 0);

  for (int32_t batch = 0; batch < shape.batches; batch++)
    {
      for (int32_t row = 0; row < shape.output_height; row++)
        for (int32_t column = 0; column < shape.output_width; column++)
          {
            function (layer, row, column, x, y);
            y += output_step;
          }
      x += input_step;
    }
}
