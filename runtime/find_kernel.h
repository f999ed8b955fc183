/* SPDX-License-Identifier: Apache-2.0 */
/* find_kernel.h: looks up a kernel by its id. */
#pragma once

#include "frt_format.h"

/* NULL if the table given to frt_image_open does not hold ID. */
static inline const struct frt_kernel *
frt_find_kernel (const frt_image *image, uint16_t id)
{
  uint32_t low = 0, high = image->kernel_count;

  while (low < high)
    {
      const uint32_t middle = low + (high - low) / 2;
      const struct frt_kernel *kernel = image->kernels[middle];

      if (kernel->id == id)
        return kernel;
      if (kernel->id < id)
        low = middle + 1;
      else
        high = middle;
    }
  return NULL;
}
