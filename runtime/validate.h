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

/* The tables are inside the image. Type, shape, size, place and quantization of a tensor. */
int frt_validate_tensor (frt_image *image, uint32_t index);

/* All tensors are valid. Arity, tensors, parameters, scratch and overlaps of an operator,
 * then the check of its kernel. */
int frt_validate_operator (frt_image *image, uint32_t index);
