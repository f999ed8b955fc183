/* SPDX-License-Identifier: Apache-2.0 */
/* check_window.c: what the check functions of convolutions and pools share. */
#include "check.h"

static bool
shapes_fit (const frt_image *image, const struct frt_operator *operator_,
            const struct frt_window *window)
{
  const struct frt_tensor *input = frt_input_tensor (image, operator_, 0);
  const struct frt_tensor *output = frt_output_tensor (image, operator_, 0);

  return input->rank == 4 && output->rank == 4
         && input->dimensions[0] == output->dimensions[0] && window->height > 0
         && window->width > 0 && window->stride_height > 0 && window->stride_width > 0
         && window->dilation_height > 0 && window->dilation_width > 0;
}

/* Kernels take N steps of SIZE without looking whether that overflows. */
static bool
reach_is_short (int32_t n, uint16_t size)
{
  return (int64_t)n * size <= FRT_MAX_BYTES;
}

/* The last position, its last tap, and the next tap's row or column of CELLS elements. */
static bool
axis_is_short (int32_t outputs, uint16_t stride, uint16_t taps, uint16_t dilation,
               int32_t cells)
{
  return reach_is_short (outputs - 1, stride) && reach_is_short (taps - 1, dilation)
         && reach_is_short (cells, dilation);
}

bool
frt_check_window (const frt_image *image, const struct frt_operator *operator_,
                  const struct frt_window *window)
{
  const struct frt_window_shape shape = frt_window_shape (image, operator_);

  return shapes_fit (image, operator_, window)
         && axis_is_short (shape.output_height, window->stride_height, window->height,
                           window->dilation_height, shape.input_width * shape.input_depth)
         && axis_is_short (shape.output_width, window->stride_width, window->width,
                           window->dilation_width, shape.input_depth);
}

/* The first and the last position touch the input; so do those between. */
static bool
axis_touches (int32_t inputs, int32_t outputs, uint16_t taps, uint16_t stride,
              uint16_t dilation, uint16_t padding)
{
  return (taps - 1) * (int64_t)dilation >= padding
         && (outputs - 1) * stride - padding < inputs;
}

bool
frt_check_touching_window (const frt_image *image, const struct frt_operator *operator_,
                           const struct frt_window *window)
{
  const struct frt_window_shape shape = frt_window_shape (image, operator_);

  return frt_check_window (image, operator_, window)
         && axis_touches (shape.input_height, shape.output_height, window->height,
                          window->stride_height, window->dilation_height,
                          window->padding_top)
         && axis_touches (shape.input_width, shape.output_width, window->width,
                          window->stride_width, window->dilation_width,
                          window->padding_left);
}

bool
frt_check_pool (const frt_image *image, const struct frt_operator *operator_,
                const struct frt_window *window, uint32_t most_cells)
{
  const struct frt_window_shape shape = frt_window_shape (image, operator_);

  return frt_check_touching_window (image, operator_, window)
         && shape.input_depth == shape.output_depth && window->dilation_height == 1
         && window->dilation_width == 1
         && (uint32_t)window->height * window->width <= most_cells;
}

uint64_t
frt_check_weight_count (const struct frt_window *window, int32_t outputs, int32_t depth)
{
  const uint64_t taps = (uint64_t)window->height * window->width;

  return frt_check_product (frt_check_product (taps, (uint64_t)depth), (uint64_t)outputs);
}

/* GROUPS divides both depths. */
static uint64_t
grouped_weight_count (const struct frt_window_shape *shape,
                      const struct frt_window *window, uint32_t groups)
{
  if (groups == 0 || groups > FRT_MAX_BYTES || shape->input_depth % (int32_t)groups != 0
      || shape->output_depth % (int32_t)groups != 0)
    return 0;
  return frt_check_weight_count (window, shape->output_depth,
                                 shape->input_depth / (int32_t)groups);
}

uint64_t
frt_check_convolution (const frt_image *image, const struct frt_operator *operator_,
                       const struct frt_window *window, uint32_t groups)
{
  const struct frt_window_shape shape = frt_window_shape (image, operator_);

  return frt_check_window (image, operator_, window)
             ? grouped_weight_count (&shape, window, groups)
             : 0;
}

uint64_t
frt_check_transposed (const frt_image *image, const struct frt_operator *operator_,
                      const struct frt_window *window, uint32_t groups)
{
  const struct frt_window_shape shape = frt_window_shape (image, operator_);
  /* Elements of one row of weights, at most 2^46. */
  const int64_t row = (int64_t)window->width * shape.input_depth;

  return shapes_fit (image, operator_, window) && window->dilation_height == 1
                 && window->dilation_width == 1
                 && row * window->stride_height <= FRT_MAX_BYTES
                 && reach_is_short (shape.input_depth, window->stride_width)
             ? grouped_weight_count (&shape, window, groups)
             : 0;
}

uint64_t
frt_check_depthwise (const frt_image *image, const struct frt_operator *operator_,
                     const struct frt_window *window)
{
  const struct frt_window_shape shape = frt_window_shape (image, operator_);

  return frt_check_window (image, operator_, window)
                 && shape.output_depth % shape.input_depth == 0
             ? frt_check_weight_count (window, shape.output_depth, 1)
             : 0;
}
