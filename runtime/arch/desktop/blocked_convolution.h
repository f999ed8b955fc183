/* SPDX-License-Identifier: Apache-2.0 */
/* blocked_convolution.h: the inputs of neighbouring output positions, gathered into a tile. */
#pragma once

#include "arch/desktop/blocked.h"
#include "window.h"

/* What a kernel does for the positions of one image; LAYER is its own. */
struct frt_tile_functions
{
  /* Makes row POSITION of the tile what lies outside the input. */
  void (*clear) (const void *layer, int32_t position);
  /* COUNT neighbouring inputs from element FIRST of the image to elements from TAP on of that row. */
  void (*gather) (const void *layer, int32_t position, int32_t first, int32_t count,
                  uint32_t tap);
  /* All outputs of the tile's first COUNT rows; the first of them is position DONE. */
  void (*multiply) (const void *layer, int32_t count, int32_t done);
};

/* Gathers all taps of output position (ROW, COLUMN). */
static inline void
frt_gather_position (const struct frt_window *window,
                     const struct frt_window_shape *shape, int32_t row, int32_t column,
                     const struct frt_tile_functions *functions, const void *layer,
                     int32_t position)
{
  const struct frt_window_place place = frt_window_place (window, shape, row, column);
  const int32_t columns = place.columns.end - place.columns.first;
  const int32_t depth = shape->input_depth;
  /* Neighbouring taps are neighbours in memory, too. */
  const int32_t run = window->dilation_width == 1 ? columns : 1;

  if (columns != window->width || place.rows.end - place.rows.first != window->height)
    functions->clear (layer, position);
  for (int32_t y = place.rows.first; y < place.rows.end; y++)
    for (int32_t x = place.columns.first; x < place.columns.end; x += run)
      functions->gather (layer, position,
                         frt_window_input_index (window, shape, &place, y, x),
                         run * depth, (uint32_t)((y * window->width + x) * depth));
}

/* All positions of one image, a tile at a time. FUNCTIONS are constants wherever this is inlined. */
static inline void
frt_convolve_tiles (const struct frt_window *window, const struct frt_window_shape *shape,
                    const struct frt_tile_functions *functions, const void *layer)
{
  const int32_t positions = shape->output_height * shape->output_width;
  int32_t row = 0, column = 0;

  for (int32_t done = 0; done < positions;)
    {
      int32_t count = 0;

      for (; count < FRT_TILE_POSITIONS && done + count < positions; count++)
        {
          frt_gather_position (window, shape, row, column, functions, layer, count);
          if (++column == shape->output_width)
            {
              column = 0;
              row++;
            }
        }
      functions->multiply (layer, count, done);
      done += count;
    }
}
