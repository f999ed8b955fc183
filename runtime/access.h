/* SPDX-License-Identifier: Apache-2.0 */
/* access.h: how kernels reach the tensors, parameters and constants of an operator. */
#pragma once

#include "frt_format.h"

/* Tensor numbers: the inputs, then the outputs. */
static inline const uint16_t *
frt_operands (const frt_image *image, const struct frt_operator *operator_)
{
  return (const void *)(image->bytes + operator_->operands_offset);
}

static inline const struct frt_tensor *
frt_input_tensor (const frt_image *image, const struct frt_operator *operator_,
                  uint32_t index)
{
  return &image->tensors[frt_operands (image, operator_)[index]];
}

static inline const struct frt_tensor *
frt_output_tensor (const frt_image *image, const struct frt_operator *operator_,
                   uint32_t index)
{
  return &image->tensors[frt_operands (image, operator_)[operator_->input_count + index]];
}

static inline const void *
frt_input_data (const frt_image *image, const struct frt_operator *operator_,
                const uint8_t *arena, uint32_t index)
{
  const struct frt_tensor *tensor = frt_input_tensor (image, operator_, index);

  return (tensor->storage == FRT_STORAGE_CONSTANT ? image->bytes : arena)
         + tensor->offset;
}

/* Of an input that is state, which opening has found in the arena. */
static inline void *
frt_state_data (const frt_image *image, const struct frt_operator *operator_,
                uint8_t *arena, uint32_t index)
{
  return arena + frt_input_tensor (image, operator_, index)->offset;
}

static inline void *
frt_output_data (const frt_image *image, const struct frt_operator *operator_,
                 uint8_t *arena, uint32_t index)
{
  return arena + frt_output_tensor (image, operator_, index)->offset;
}

static inline const void *
frt_parameters (const frt_image *image, const struct frt_operator *operator_)
{
  return image->bytes + operator_->parameters_offset;
}

/* NULL if the block is absent. */
static inline const void *
frt_constant (const frt_image *image, uint32_t offset)
{
  return offset != 0 ? image->bytes + offset : NULL;
}

/* Bytes per element of an enum frt_type; 0 if there is no such type. */
static inline uint32_t
frt_element_size (uint8_t type)
{
  switch (type)
    {
    case FRT_INT8:
    case FRT_UINT8:
    case FRT_BOOL:
      return 1;
    case FRT_INT16:
      return 2;
    case FRT_FLOAT32:
    case FRT_INT32:
      return 4;
    case FRT_INT64:
      return 8;
    default:
      return 0;
    }
}

/* Of a tensor that frt_image_open accepted: at most FRT_MAX_BYTES. */
static inline int32_t
frt_element_count (const struct frt_tensor *tensor)
{
  return (int32_t)(tensor->size / frt_element_size (tensor->type));
}

/* Elements along the last axis; 1 for a scalar. */
static inline int32_t
frt_last_extent (const struct frt_tensor *tensor)
{
  return tensor->rank > 0 ? tensor->dimensions[tensor->rank - 1] : 1;
}
