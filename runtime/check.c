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
frt_afford (const frt_image *image, uint32_t count)
{
  struct frt_validation *validation = image->validation;

  if (count > validation->steps_left)
    {
      validation->gave_up = true;
      return false;
    }
  validation->steps_left -= count;
  return true;
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
frt_check_range_s16 (int32_t minimum, int32_t maximum)
{
  return minimum >= INT16_MIN && minimum <= maximum && maximum <= INT16_MAX;
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

  if (!frt_afford (image, (uint32_t)count))
    return false;
  for (int32_t i = 0; i < count; i++)
    if (!frt_check_multiplier (multipliers[i], shifts[i]))
      return false;
  return true;
}
