/* SPDX-License-Identifier: Apache-2.0 */
/* convolution.h: which inputs meet which weights in a convolution, of any type.
 *
 * CONV_2D and TRANSPOSE_CONV differ in nothing else: both sum, for each output position,
 * over a rectangle of input cells. A transposed convolution is thus computed by gathering,
 * and needs no accumulators in memory. */
#pragma once

#include "window.h"

/* The products of one output position: ROWS times COLUMNS runs of LENGTH neighbours, in the
 * input and in the weights [out][height][width][depth]. Indices are elements. */
struct frt_runs
{
  int32_t rows, columns, length;
  int32_t input, input_row_step, input_column_step;
  int32_t weights, weights_row_step, weights_column_step;
  /* INPUT and WEIGHTS are those of output channel 0; of others, see below. */
  int32_t depth;         /* of one group */
  int32_t group_outputs; /* output channels of one group */
  int32_t channel_step;  /* weights of one output channel */
};

/* The kernel's layer begins with this. */
struct frt_convolution
{
  const struct frt_window *window;
  struct frt_window_shape shape;
  int32_t groups;
};

struct frt_runs frt_convolution_runs (const struct frt_convolution *convolution,
                                      int32_t row, int32_t column);

/* The same for TRANSPOSE_CONV: cell i and tap k meet where position p = i * stride + k -
 * padding. */
struct frt_runs frt_transposed_runs (const struct frt_convolution *convolution,
                                     int32_t row, int32_t column);

/* Where the runs of output channel CHANNEL begin. */
static inline int32_t
frt_channel_input (const struct frt_runs *runs, int32_t channel)
{
  return runs->input + channel / runs->group_outputs * runs->depth;
}

static inline int32_t
frt_channel_weights (const struct frt_runs *runs, int32_t channel)
{
  return runs->weights + channel * runs->channel_step;
}
