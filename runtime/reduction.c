/* SPDX-License-Identifier: Apache-2.0 */
/* reduction.c: walks a tensor some of whose axes are reduced. */
#include "reduction.h"

void
frt_axis_walk_start (struct frt_axis_walk *walk, const struct frt_tensor *tensor,
                     uint32_t axes)
{
  int32_t stride = 1;

  *walk = (struct frt_axis_walk){ .count = 0 };
  for (uint32_t axis = tensor->rank; axis-- > 0;)
    {
      if (axes >> axis & 1)
        {
          walk->extent[walk->count] = tensor->dimensions[axis];
          walk->step[walk->count] = stride;
          walk->count++;
        }
      stride *= tensor->dimensions[axis];
    }
}

bool
frt_axis_walk_next (struct frt_axis_walk *walk)
{
  for (uint32_t i = 0; i < walk->count; i++)
    {
      walk->offset += walk->step[i];
      if (++walk->index[i] < walk->extent[i])
        return true;
      walk->offset -= walk->step[i] * walk->extent[i];
      walk->index[i] = 0;
    }
  return false;
}

int32_t
frt_reduced_count (const struct frt_tensor *tensor, uint32_t axes)
{
  int32_t count = 1;

  for (uint32_t axis = 0; axis < tensor->rank; axis++)
    if (axes >> axis & 1)
      count *= tensor->dimensions[axis];
  return count;
}

bool
frt_reduction_check (const frt_image *image, const struct frt_operator *operator_,
                     uint32_t axes)
{
  const struct frt_tensor *input = frt_input_tensor (image, operator_, 0);
  const int32_t outputs = frt_element_count (frt_output_tensor (image, operator_, 0));

  return axes >> input->rank == 0
         && outputs == frt_element_count (input) / frt_reduced_count (input, axes);
}
