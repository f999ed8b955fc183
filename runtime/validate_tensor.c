/* SPDX-License-Identifier: Apache-2.0 */
/* validate_tensor.c: type, shape, size, place and quantization of one tensor. */
#include "validate.h"

#include <float.h>

static bool
shape_is_valid (const struct frt_tensor *tensor)
{
  uint64_t size = frt_element_size (tensor->type);

  if (size == 0 || tensor->rank > FRT_MAX_RANK)
    return false;
  for (uint32_t i = 0; i < FRT_MAX_RANK; i++)
    {
      if (tensor->dimensions[i] < 1 || (i >= tensor->rank && tensor->dimensions[i] != 1))
        return false;
      size = frt_check_product (size, (uint64_t)tensor->dimensions[i]);
    }
  return size <= FRT_MAX_BYTES && size == tensor->size;
}

static bool
place_is_valid (const frt_image *image, const struct frt_tensor *tensor)
{
  const bool constant = tensor->storage == FRT_STORAGE_CONSTANT;
  const uint32_t limit = constant ? image->header->size : image->header->arena_size;

  if (!constant && tensor->storage != FRT_STORAGE_ARENA)
    return false;
  if (constant
      && (tensor->offset < sizeof (struct frt_image_header)
          || (tensor->flags & FRT_TENSOR_VARIABLE)))
    return false;
  return tensor->offset % FRT_ALIGNMENT == 0 && tensor->offset <= limit
         && tensor->size <= limit - tensor->offset;
}

static bool
quantization_is_valid (const struct frt_tensor *tensor)
{
  int32_t minimum = INT32_MIN, maximum = INT32_MAX;

  if (tensor->type == FRT_INT8)
    minimum = INT8_MIN, maximum = INT8_MAX;
  else if (tensor->type == FRT_UINT8)
    minimum = 0, maximum = UINT8_MAX;
  else if (tensor->type == FRT_INT16)
    minimum = INT16_MIN, maximum = INT16_MAX;
  return tensor->scale >= 0.0f && tensor->scale <= FLT_MAX /* false for NaN */
         && tensor->zero_point >= minimum && tensor->zero_point <= maximum;
}

/* The tensor's first field that is wrong, or -1. */
static int
first_fault (const frt_image *image, const struct frt_tensor *tensor)
{
  if (tensor->flags & ~FRT_TENSOR_VARIABLE)
    return offsetof (struct frt_tensor, flags);
  if (!shape_is_valid (tensor))
    return offsetof (struct frt_tensor, dimensions);
  if (!place_is_valid (image, tensor))
    return offsetof (struct frt_tensor, offset);
  if (!quantization_is_valid (tensor))
    return offsetof (struct frt_tensor, scale);
  if (image->header->names_size > 0 && tensor->name >= image->header->names_size)
    return offsetof (struct frt_tensor, name);
  return -1;
}

int
frt_validate_tensor (frt_image *image, uint32_t index)
{
  const struct frt_tensor *tensor = &image->tensors[index];
  const int fault = first_fault (image, tensor);

  if (fault < 0)
    return FRT_OK;
  return frt_fault (image,
                    image->header->tensors_offset + index * (uint32_t)sizeof *tensor
                        + (uint32_t)fault,
                    FRT_E_TENSOR);
}
