/* SPDX-License-Identifier: Apache-2.0 */
/* convolution.c: which inputs meet which weights in a convolution, of any type. */
#include "convolution.h"

#include <stdbool.h>

static struct frt_runs
start_runs (const struct frt_convolution *convolution)
{
  const struct frt_window_shape *shape = &convolution->shape;
  const struct frt_window *window = convolution->window;
  const int32_t depth = shape->input_depth / convolution->groups;

  return (struct frt_runs){
    .depth = depth,
    .group_outputs = shape->output_depth / convolution->groups,
    .channel_step = window->height * window->width * depth,
  };
}

struct frt_runs
frt_convolution_runs (const struct frt_convolution *convolution, int32_t row,
                      int32_t column)
{
  const struct frt_window_shape *shape = &convolution->shape;
  const struct frt_window *window = convolution->window;
  const struct frt_window_place place = frt_window_place (window, shape, row, column);
  const int32_t columns = place.columns.end - place.columns.first;
  /* Neighbouring taps are neighbours in memory too: one run per row. */
  const bool contiguous = convolution->groups == 1 && window->dilation_width == 1;
  struct frt_runs runs = start_runs (convolution);

  runs.rows = columns > 0 ? place.rows.end - place.rows.first : 0;
  if (runs.rows == 0)
    return runs;
  runs.columns = contiguous ? 1 : columns;
  runs.length = contiguous ? columns * runs.depth : runs.depth;
  runs.input = frt_window_input_index (window, shape, &place, place.rows.first,
                                       place.columns.first);
  runs.input_row_step = window->dilation_height * shape->input_width * shape->input_depth;
  runs.input_column_step = window->dilation_width * shape->input_depth;
  runs.weights = (place.rows.first * window->width + place.columns.first) * runs.depth;
  runs.weights_row_step = window->width * runs.depth;
  runs.weights_column_step = runs.depth;
  return runs;
}

/* The cells of one axis that reach position START - padding, and the tap of the first one. */
struct reach
{
  int32_t first, end, tap;
};

/* START is the position plus the padding: cell i meets tap START - i * STRIDE. */
static struct reach
reach_of (int32_t start, int32_t taps, int32_t stride, int32_t cells)
{
  const int32_t first = start < taps ? 0 : (start - taps) / stride + 1;
  const int32_t inside = start / stride + 1;
  const int32_t end = inside < cells ? inside : cells;

  return (struct reach){ first, end > first ? end : first, start - first * stride };
}

struct frt_runs
frt_transposed_runs (const struct frt_convolution *convolution, int32_t row,
                     int32_t column)
{
  const struct frt_window_shape *shape = &convolution->shape;
  const struct frt_window *window = convolution->window;
  const struct reach rows = reach_of (row + window->padding_top, window->height,
                                      window->stride_height, shape->input_height);
  const struct reach columns = reach_of (column + window->padding_left, window->width,
                                         window->stride_width, shape->input_width);
  struct frt_runs runs = start_runs (convolution);

  runs.columns = columns.end - columns.first;
  runs.rows = runs.columns > 0 ? rows.end - rows.first : 0;
  if (runs.rows == 0)
    return runs;
  runs.length = runs.depth;
  runs.input = (rows.first * shape->input_width + columns.first) * shape->input_depth;
  runs.input_row_step = shape->input_width * shape->input_depth;
  runs.input_column_step = shape->input_depth;
  runs.weights = (rows.tap * window->width + columns.tap) * runs.depth;
  runs.weights_row_step = -window->stride_height * window->width * runs.depth;
  runs.weights_column_step = -window->stride_width * runs.depth;
  return runs;
}
