/* SPDX-License-Identifier: Apache-2.0 */
/* check.c: what the kernels' check functions share. */
#include "check.h"

#include <float.h>

uint64_t
frt_check_product (uint64_t a, uint64_t b)
{
  if (a > FRT_MAX_BYTES || b > FRT_MAX_BYTES)
    return UINT64_MAX;
  return a * b;
}

bool
frt_check_block (const frt_image *image, uint32_t offset, uint64_t count,
                 uint32_t element_size)
{
  const uint32_t size = image->header->size;

  return offset >= sizeof (struct frt_image_header) && offset <= size
         && offset % element_size == 0 && count <= (size - offset) / element_size;
}

bool
frt_check_optional_block (const frt_image *image, uint32_t offset, uint64_t count,
                          uint32_t element_size)
{
  return offset == 0 || frt_check_block (image, offset, count, element_size);
}

bool
frt_check_types (const frt_image *image, const struct frt_operator *operator_,
                 uint8_t input, uint8_t output)
{
  return frt_input_tensor (image, operator_, 0)->type == input
         && frt_output_tensor (image, operator_, 0)->type == output;
}

bool
frt_check_same_shape (const struct frt_tensor *a, const struct frt_tensor *b)
{
  if (a->rank != b->rank)
    return false;
  for (uint32_t i = 0; i < FRT_MAX_RANK; i++)
    if (a->dimensions[i] != b->dimensions[i])
      return false;
  return true;
}

/* The first and the last of OUTPUTS positions touch the INPUTS cells; so do those between. */
static bool
check_axis (int32_t inputs, int32_t outputs, uint16_t taps, uint16_t stride,
            uint16_t dilation, uint16_t padding)
{
  if (taps == 0 || stride == 0 || dilation == 0)
    return false;
  return (int64_t)(taps - 1) * dilation >= padding
         && (int64_t)(outputs - 1) * stride - padding < inputs;
}

bool
frt_check_window (const frt_image *image, const struct frt_operator *operator_,
                  const struct frt_window *window)
{
  const struct frt_tensor *output = frt_output_tensor (image, operator_, 0);
  const struct frt_window_shape shape = frt_window_shape (image, operator_);

  return frt_input_tensor (image, operator_, 0)->rank == 4 && output->rank == 4
         && output->dimensions[0] == shape.batches
         && check_axis (shape.input_height, shape.output_height, window->height,
                        window->stride_height, window->dilation_height,
                        window->padding_top)
         && check_axis (shape.input_width, shape.output_width, window->width,
                        window->stride_width, window->dilation_width,
                        window->padding_left);
}

bool
frt_check_pool (const frt_image *image, const struct frt_operator *operator_,
                const struct frt_window *window)
{
  const uint32_t most_cells = UINT32_C (1) << 23; /* times 128 leaves room for rounding */
  const struct frt_window_shape shape = frt_window_shape (image, operator_);

  return frt_check_window (image, operator_, window)
         && shape.input_depth == shape.output_depth && window->dilation_height == 1
         && window->dilation_width == 1
         && (uint32_t)window->height * window->width <= most_cells;
}

bool
frt_check_groups (const struct frt_window_shape *shape, uint32_t groups)
{
  return groups >= 1 && groups <= FRT_MAX_BYTES
         && shape->input_depth % (int32_t)groups == 0
         && shape->output_depth % (int32_t)groups == 0;
}

int32_t
frt_check_output_depth (const frt_image *image, const struct frt_operator *operator_,
                        uint32_t input_depth)
{
  const int32_t inputs = frt_element_count (frt_input_tensor (image, operator_, 0));
  const int32_t outputs = frt_element_count (frt_output_tensor (image, operator_, 0));
  int32_t rows;

  if (input_depth == 0 || input_depth > FRT_MAX_BYTES
      || inputs % (int32_t)input_depth != 0)
    return 0;
  rows = inputs / (int32_t)input_depth;
  return outputs % rows == 0 ? outputs / rows : 0;
}

uint64_t
frt_check_weight_count (const struct frt_window *window, int32_t outputs, int32_t depth)
{
  const uint64_t taps = (uint64_t)window->height * window->width;

  return frt_check_product (frt_check_product (taps, (uint64_t)depth), (uint64_t)outputs);
}

bool
frt_check_input_offset_s8 (int32_t offset)
{
  return offset >= -INT8_MAX && offset <= -INT8_MIN;
}

bool
frt_check_output_offset_s8 (int32_t offset)
{
  return offset >= INT8_MIN && offset <= INT8_MAX;
}

bool
frt_check_range_s8 (int32_t minimum, int32_t maximum)
{
  return minimum >= INT8_MIN && minimum <= maximum && maximum <= INT8_MAX;
}

bool
frt_check_range_f32 (float minimum, float maximum)
{
  return minimum <= maximum; /* false for NaN */
}

bool
frt_check_scale (float scale)
{
  return scale > 0.0f && scale <= FLT_MAX; /* false for NaN */
}

bool
frt_check_multiplier (int32_t multiplier, int32_t shift)
{
  return multiplier >= 0 && shift >= -FRT_MAX_SHIFT && shift <= FRT_MAX_SHIFT;
}

bool
frt_check_channel_multipliers (const frt_image *image, uint32_t multiplier_offset,
                               uint32_t shift_offset, int32_t count)
{
  const int32_t *multipliers = frt_constant (image, multiplier_offset);
  const int8_t *shifts = frt_constant (image, shift_offset);

  for (int32_t i = 0; i < count; i++)
    if (!frt_check_multiplier (multipliers[i], shifts[i]))
      return false;
  return true;
}
