/* SPDX-License-Identifier: Apache-2.0 */
/* blocked_convolution.h: the inputs of neighbouring output positions, gathered into a tile. */
#pragma once

#include "arch/desktop/blocked.h"
#include "window.h"

/* COUNT neighbouring inputs from element FIRST of an image to elements from TAP on of a tile's
 * row. */
typedef void frt_gather_function (const void *layer, int32_t first, int32_t count,
                                  uint32_t tap);

/* Clears the row to what lies outside the input. */
typedef void frt_clear_function (const void *layer);

/* Gathers all taps of output position (ROW, COLUMN). Functions are constants wherever this is
 * inlined. */
static inline void
frt_gather_position (const struct frt_window *window,
                     const struct frt_window_shape *shape, int32_t row, int32_t column,
                     frt_clear_function *clear, frt_gather_function *gather,
                     const void *layer)
{
  const struct frt_window_place place = frt_window_place (window, shape, row, column);
  const int32_t columns = place.columns.end - place.columns.first;
  const int32_t depth = shape->input_depth;
  /* Neighbouring taps are neighbours in memory, too. */
  const int32_t run = window->dilation_width == 1 ? columns : 1;

  if (columns != window->width || place.rows.end - place.rows.first != window->height)
    clear (layer);
  for (int32_t y = place.rows.first; y < place.rows.end; y++)
    for (int32_t x = place.columns.first; x < place.columns.end; x += run)
      gather (layer, frt_window_input_index (window, shape, &place, y, x), run * depth,
              (uint32_t)((y * window->width + x) * depth));
}

/* Where the output positions of a layer are computed, a tile at a time. */
struct frt_positions
{
  int32_t row, column;
  int32_t left; /* in this image of the batch */
};

static inline void
frt_next_position (struct frt_positions *positions, const struct frt_window_shape *shape)
{
  positions->left--;
  if (++positions->column == shape->output_width)
    {
      positions->column = 0;
      positions->row++;
    }
}
