/* SPDX-License-Identifier: Apache-2.0 */
/* validate.h: the parts of frt_image_open. */
#pragma once

#include "check.h"

#define FRT_HEADER_FIELD(name) ((uint32_t)offsetof (struct frt_image_header, name))

/* Remembers that the byte at OFFSET of the image is what STATUS complains about. */
static inline int
frt_fault (frt_image *image, uint32_t offset, int status)
{
  image->fault_offset = offset;
  return status;
}

/* Bytes of the arena. */
struct frt_range
{
  uint32_t offset, size;
};

static inline bool
frt_ranges_overlap (struct frt_range a, struct frt_range b)
{
  return a.offset < b.offset + b.size && b.offset < a.offset + a.size;
}

static inline struct frt_range
frt_tensor_range (const struct frt_tensor *tensor)
{
  return (struct frt_range){ tensor->offset, tensor->size };
}

/* The tables are inside the image. Type, shape, size, place and quantization of a tensor. */
int frt_validate_tensor (frt_image *image, uint32_t index);

/* All tensors are valid. Nothing else lies where the variable tensor INDEX lies; others pass. */
int frt_validate_variable (frt_image *image, uint32_t index);

/* No variable tensor lies in RANGE. */
bool frt_spares_variables (const frt_image *image, struct frt_range range);

/* The inputs that KERNEL changes are variable tensors, and no other operand is the same one. */
bool frt_states_are_valid (const frt_image *image, const struct frt_operator *operator_,
                           const struct frt_kernel *kernel);

/* All tensors are valid. Arity, tensors, parameters, scratch and overlaps of an operator,
 * then the check of its kernel. */
int frt_validate_operator (frt_image *image, uint32_t index);
