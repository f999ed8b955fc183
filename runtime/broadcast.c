/* SPDX-License-Identifier: Apache-2.0 */
/* broadcast.c: walks two inputs and one output whose shapes broadcast. */
#include "broadcast.h"

/* Extent of AXIS, counted from the last. */
static int32_t
extent_from_last (const struct frt_tensor *tensor, uint32_t axis)
{
  return axis < tensor->rank ? tensor->dimensions[tensor->rank - 1u - axis] : 1;
}

bool
frt_broadcast_check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_tensor *a = frt_input_tensor (image, operator_, 0);
  const struct frt_tensor *b = frt_input_tensor (image, operator_, 1);
  const struct frt_tensor *output = frt_output_tensor (image, operator_, 0);

  for (uint32_t axis = 0; axis < FRT_MAX_RANK; axis++)
    {
      const int32_t extent_a = extent_from_last (a, axis);
      const int32_t extent_b = extent_from_last (b, axis);

      if (extent_a != extent_b && extent_a != 1 && extent_b != 1)
        return false;
      if (extent_from_last (output, axis) != (extent_a == 1 ? extent_b : extent_a))
        return false;
    }
  return true;
}

static void
fill_steps (int32_t *step, const struct frt_tensor *tensor)
{
  int32_t stride = 1;

  for (uint32_t axis = 0; axis < FRT_MAX_RANK; axis++)
    {
      const int32_t extent = extent_from_last (tensor, axis);

      step[axis] = extent == 1 ? 0 : stride;
      stride *= extent;
    }
}

void
frt_broadcast_start (struct frt_broadcast *walk, const frt_image *image,
                     const struct frt_operator *operator_)
{
  const struct frt_tensor *output = frt_output_tensor (image, operator_, 0);
  const int32_t count = frt_element_count (output);

  *walk = (struct frt_broadcast){ .rows = 1 };
  for (uint32_t input = 0; input < 2; input++)
    fill_steps (walk->step[input], frt_input_tensor (image, operator_, input));
  for (uint32_t axis = 0; axis < FRT_MAX_RANK; axis++)
    walk->extent[axis] = extent_from_last (output, axis);
  if (frt_element_count (frt_input_tensor (image, operator_, 0)) == count
      && frt_element_count (frt_input_tensor (image, operator_, 1)) == count)
    {
      walk->extent[0] = count;
      walk->step[0][0] = 1;
      walk->step[1][0] = 1;
    }
  else
    walk->rows = count / walk->extent[0];
}

bool
frt_broadcast_next (struct frt_broadcast *walk)
{
  if (walk->rows_before == walk->rows)
    return false;
  if (walk->rows_before++ == 0)
    return true;
  for (uint32_t axis = 1; axis < FRT_MAX_RANK; axis++)
    {
      walk->offset[0] += walk->step[0][axis];
      walk->offset[1] += walk->step[1][axis];
      if (++walk->index[axis] < walk->extent[axis])
        break;
      walk->index[axis] = 0;
      walk->offset[0] -= walk->step[0][axis] * walk->extent[axis];
      walk->offset[1] -= walk->step[1][axis] * walk->extent[axis];
    }
  return true;
}
