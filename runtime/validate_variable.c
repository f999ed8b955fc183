/* SPDX-License-Identifier: Apache-2.0 */
/* validate_variable.c: nothing lies where operators keep their state. */
#include "validate.h"

int
frt_validate_variable (frt_image *image, uint32_t index)
{
  const struct frt_tensor *variable = &image->tensors[index];
  const uint32_t at = image->header->tensors_offset + index * (uint32_t)sizeof *variable;

  if (!(variable->flags & FRT_TENSOR_VARIABLE))
    return FRT_OK;
  image->validation->has_variables = true;
  if (!frt_afford (image, image->header->tensor_count))
    return frt_fault (image, at, FRT_E_TENSOR);
  for (uint32_t i = 0; i < image->header->tensor_count; i++)
    if (i != index && image->tensors[i].storage == FRT_STORAGE_ARENA
        && frt_ranges_overlap (frt_tensor_range (variable),
                               frt_tensor_range (&image->tensors[i])))
      return frt_fault (image, at + (uint32_t)offsetof (struct frt_tensor, offset),
                        FRT_E_TENSOR);
  return FRT_OK;
}

bool
frt_spares_variables (const frt_image *image, struct frt_range range)
{
  if (!image->validation->has_variables)
    return true;
  if (!frt_afford (image, image->header->tensor_count))
    return false;
  for (uint32_t i = 0; i < image->header->tensor_count; i++)
    if ((image->tensors[i].flags & FRT_TENSOR_VARIABLE)
        && frt_ranges_overlap (range, frt_tensor_range (&image->tensors[i])))
      return false;
  return true;
}

bool
frt_states_are_valid (const frt_image *image, const struct frt_operator *operator_,
                      const struct frt_kernel *kernel)
{
  const uint16_t *operands = frt_operands (image, operator_);
  const uint32_t count = (uint32_t)operator_->input_count + operator_->output_count;

  for (uint32_t i = 0; i < operator_->input_count && i < 8; i++)
    {
      if (!(kernel->state >> i & 1))
        continue;
      if (!(image->tensors[operands[i]].flags & FRT_TENSOR_VARIABLE))
        return false;
      for (uint32_t j = 0; j < count; j++)
        if (j != i && operands[j] == operands[i])
          return false;
    }
  return true;
}
