/* SPDX-License-Identifier: Apache-2.0 */
/* packed_place.h: where a window lies, without the divisions of window.h in the interior. */
#pragma once

#include "window.h"

static inline struct frt_taps
frt_packed_window_taps (int32_t start, int32_t count, int32_t dilation, int32_t size)
{
  if (start >= 0 && start + (count - 1) * dilation < size)
    return (struct frt_taps){ 0, count };
  return frt_window_taps (start, count, dilation, size);
}

/* As frt_window_place. */
static inline struct frt_window_place
frt_packed_place (const struct frt_window *window, const struct frt_window_shape *shape,
                  int32_t row, int32_t column)
{
  const int32_t top = row * window->stride_height - window->padding_top;
  const int32_t left = column * window->stride_width - window->padding_left;

  return (struct frt_window_place){
    .top = top,
    .left = left,
    .rows = frt_packed_window_taps (top, window->height, window->dilation_height,
                                    shape->input_height),
    .columns = frt_packed_window_taps (left, window->width, window->dilation_width,
                                       shape->input_width),
  };
}
