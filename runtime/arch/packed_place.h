/* SPDX-License-Identifier: Apache-2.0 */
/* packed_place.h: where a window lies, without the divisions of window.h in the interior. */
#pragma once

#include <stdbool.h>

#include "window.h"

static inline bool
frt_packed_is_inside (int32_t start, int32_t count, int32_t dilation, int32_t size)
{
  return start >= 0 && start + (int64_t)(count - 1) * dilation < size;
}

/* As frt_window_place. */
static inline struct frt_window_place
frt_packed_place (const struct frt_window *window, const struct frt_window_shape *shape,
                  int32_t row, int32_t column)
{
  const int32_t top = row * window->stride_height - window->padding_top;
  const int32_t left = column * window->stride_width - window->padding_left;

  if (!frt_packed_is_inside (top, window->height, window->dilation_height,
                             shape->input_height)
      || !frt_packed_is_inside (left, window->width, window->dilation_width,
                                shape->input_width))
    return frt_window_place (window, shape, row, column);
  return (struct frt_window_place){
    .top = top,
    .left = left,
    .rows = { 0, window->height },
    .columns = { 0, window->width },
  };
}
