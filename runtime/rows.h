/* SPDX-License-Identifier: Apache-2.0 */
/* rows.h: tensors whose rows, one behind the other, are the rows of another one. */
#pragma once

#include "check.h"

/* Tensor WHOLE is ROWS rows, each made of one row of each of the COUNT tensors PARTS, and all have the
 * same type. */
static inline bool
frt_rows_fit (const frt_image *image, uint32_t rows, uint16_t whole,
              const uint16_t *parts, uint32_t count)
{
  const struct frt_tensor *tensor = &image->tensors[whole];
  uint64_t size = 0;

  if (rows == 0)
    return false;
  for (uint32_t i = 0; i < count; i++)
    {
      const struct frt_tensor *part = &image->tensors[parts[i]];

      if (part->type != tensor->type || part->size % rows != 0)
        return false;
      size += part->size;
    }
  return size == tensor->size;
}
