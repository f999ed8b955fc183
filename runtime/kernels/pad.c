/* SPDX-License-Identifier: Apache-2.0 */
/* pad.c: PAD and PADV2, any rank, any type of 1, 2 or 4 bytes. */
#include "check.h"

#include <string.h>

/* COUNT elements of SIZE bytes, each the low bytes of VALUE. */
static void
fill (uint8_t *output, int32_t count, uint32_t size, uint32_t value)
{
  if (size == 1)
    memset (output, (int)(value & UINT8_MAX), (size_t)count);
  else
    for (int32_t i = 0; i < count; i++)
      memcpy (output + (uint32_t)i * size, &value, size);
}

/* Element of the output where the input's row with the given INDEX of its outer axes begins.
 */
static int32_t
row_start (const struct frt_tensor *output, const int32_t *before, const int32_t *index)
{
  int32_t at = 0;

  for (uint32_t axis = 0; axis < output->rank; axis++)
    at = at * output->dimensions[axis] + before[axis] + index[axis];
  return at;
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_pad_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_tensor *input = frt_input_tensor (image, operator_, 0);
  const struct frt_tensor *output = frt_output_tensor (image, operator_, 0);
  const uint32_t size = frt_element_size (input->type);
  const uint32_t row_bytes = (uint32_t)frt_last_extent (input) * size;
  const uint8_t *from = frt_input_data (image, operator_, arena, 0);
  uint8_t *to = frt_output_data (image, operator_, arena, 0);
  int32_t index[FRT_MAX_RANK] = { 0 };

  fill (to, frt_element_count (output), size, parameters->value);
  for (uint32_t row = 0; row < input->size / row_bytes; row++)
    {
      memcpy (to + (uint32_t)row_start (output, parameters->before, index) * size,
              from + row * row_bytes, row_bytes);
      for (int32_t axis = input->rank - 2; axis >= 0; axis--)
        {
          if (++index[axis] < input->dimensions[axis])
            break;
          index[axis] = 0;
        }
    }
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_pad_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_tensor *input = frt_input_tensor (image, operator_, 0);
  const struct frt_tensor *output = frt_output_tensor (image, operator_, 0);

  if (input->type != output->type || frt_element_size (input->type) > 4
      || input->rank != output->rank)
    return FRT_E_OPERATOR;
  for (uint32_t axis = 0; axis < FRT_MAX_RANK; axis++)
    if (parameters->before[axis] < 0
        || (int64_t)parameters->before[axis] + input->dimensions[axis]
               > output->dimensions[axis])
      return FRT_E_OPERATOR;
  return FRT_OK;
}

const struct frt_kernel frt_pad = {
  .id = FRT_KERNEL_PAD,
  .parameters_size = sizeof (struct frt_pad_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
