/* SPDX-License-Identifier: Apache-2.0 */
/* select.c: SELECT and SELECT_V2, any type: of two inputs the one that a third, bool, names. */
#include "check.h"

#include <string.h>

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_select_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_tensor *output = frt_output_tensor (image, operator_, 0);
  const uint32_t size = frt_element_size (output->type);
  const uint8_t *values[2] = { frt_input_data (image, operator_, arena, 0),
                               frt_input_data (image, operator_, arena, 1) };
  const uint8_t *conditions = frt_input_data (image, operator_, arena, 2);
  uint8_t *to = frt_output_data (image, operator_, arena, 0);
  const uint8_t *end = to + output->size;
  uint32_t index[FRT_MAX_RANK] = { 0 };

  for (; to < end; to += size)
    {
      uint32_t at[3] = { 0 };

      for (uint32_t axis = 0; axis < FRT_MAX_RANK; axis++)
        for (uint32_t k = 0; k < 3; k++)
          at[k] += index[axis] * (uint32_t)parameters->step[k][axis];
      {
        const uint32_t chosen = conditions[at[2]] ? 0 : 1;

        memcpy (to, values[chosen] + at[chosen] * size, size);
      }
      for (uint32_t axis = FRT_MAX_RANK; axis-- > 0;)
        {
          if (++index[axis] < parameters->extent[axis])
            break;
          index[axis] = 0;
        }
    }
}

/* Input K is reached from its first element on, and not beyond its last. */
static bool
stays_inside (const frt_image *image, const struct frt_operator *operator_, uint32_t k)
{
  const struct frt_select_parameters *parameters = frt_parameters (image, operator_);
  const int32_t count = frt_element_count (frt_input_tensor (image, operator_, k));
  uint64_t last = 0;

  for (uint32_t axis = 0; axis < FRT_MAX_RANK; axis++)
    {
      if (parameters->step[k][axis] < 0)
        return false;
      last +=
          (uint64_t)(parameters->extent[axis] - 1) * (uint32_t)parameters->step[k][axis];
      if (last >= (uint64_t)count)
        return false;
    }
  return true;
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_select_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_tensor *output = frt_output_tensor (image, operator_, 0);
  uint64_t count = 1;

  if (!frt_check_types (image, operator_, output->type, output->type)
      || frt_input_tensor (image, operator_, 1)->type != output->type
      || frt_input_tensor (image, operator_, 2)->type != FRT_BOOL)
    return FRT_E_OPERATOR;
  for (uint32_t axis = 0; axis < FRT_MAX_RANK; axis++)
    {
      if (parameters->extent[axis] < 1)
        return FRT_E_OPERATOR;
      count = frt_check_product (count, parameters->extent[axis]);
    }
  if (count != (uint64_t)frt_element_count (output))
    return FRT_E_OPERATOR;
  for (uint32_t k = 0; k < 3; k++)
    if (!stays_inside (image, operator_, k))
      return FRT_E_OPERATOR;
  return FRT_OK;
}

const struct frt_kernel frt_select = {
  .id = FRT_KERNEL_SELECT,
  .parameters_size = sizeof (struct frt_select_parameters),
  .input_count = 3,
  .output_count = 1,
  .check = check,
  .run = run,
};
