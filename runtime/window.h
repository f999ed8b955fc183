/* SPDX-License-Identifier: Apache-2.0 */
/* window.h: where a convolution's or pool's window lies, and which of its taps are inside.
 */
#pragma once

#include "access.h"

/* Taps FIRST to END - 1 lie inside the input. */
struct frt_taps
{
  int32_t first, end;
};

/* Both images of a windowed operator, NHWC. */
struct frt_window_shape
{
  int32_t batches;
  int32_t input_height, input_width, input_depth;
  int32_t output_height, output_width, output_depth;
};

/* One output position: the input row and column under tap 0 (may be negative). */
struct frt_window_place
{
  int32_t top, left;
  struct frt_taps rows, columns;
};

static inline struct frt_window_shape
frt_window_shape (const frt_image *image, const struct frt_operator *operator_)
{
  const int32_t *input = frt_input_tensor (image, operator_, 0)->dimensions;
  const int32_t *output = frt_output_tensor (image, operator_, 0)->dimensions;

  return (struct frt_window_shape){
    .batches = input[0],
    .input_height = input[1],
    .input_width = input[2],
    .input_depth = input[3],
    .output_height = output[1],
    .output_width = output[2],
    .output_depth = output[3],
  };
}

/* Without any tap inside, FIRST and END of an axis are equal. */
struct frt_window_place frt_window_place (const struct frt_window *window,
                                          const struct frt_window_shape *shape,
                                          int32_t row, int32_t column);

/* Computes the channels of the output position (ROW, COLUMN). INPUT is its image of the
 * batch, OUTPUT its first channel. LAYER is what the kernel gave to the walk. */
typedef void frt_position_function (const void *layer, int32_t row, int32_t column,
                                    const void *input, void *output);

/* Calls FUNCTION for every output position, in the order of memory. */
void frt_walk_outputs (const frt_image *image, const struct frt_operator *operator_,
                       uint8_t *arena, frt_position_function *function,
                       const void *layer);

/* Index of the first channel under tap (ROW, COLUMN), which must be inside. */
static inline int32_t
frt_window_input_index (const struct frt_window *window,
                        const struct frt_window_shape *shape,
                        const struct frt_window_place *place, int32_t row, int32_t column)
{
  const int32_t y = place->top + row * window->dilation_height;
  const int32_t x = place->left + column * window->dilation_width;

  return (y * shape->input_width + x) * shape->input_depth;
}
