/* SPDX-License-Identifier: Apache-2.0 */
/* arg_extreme.c: what ARG_MAX and ARG_MIN share. */
#include "arg_extreme.h"

struct frt_arg_extreme_shape
frt_arg_extreme_shape (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_arg_extreme_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_tensor *input = frt_input_tensor (image, operator_, 0);
  struct frt_arg_extreme_shape shape = { 1, input->dimensions[parameters->axis], 1 };

  for (uint32_t i = 0; i < input->rank; i++)
    if (i < parameters->axis)
      shape.outer *= input->dimensions[i];
    else if (i > parameters->axis)
      shape.inner *= input->dimensions[i];
  return shape;
}

void
frt_arg_extreme_write (const frt_image *image, const struct frt_operator *operator_,
                       uint8_t *arena, int32_t index, int32_t value)
{
  void *output = frt_output_data (image, operator_, arena, 0);

  if (frt_output_tensor (image, operator_, 0)->type == FRT_INT64)
    ((int64_t *)output)[index] = value;
  else
    ((int32_t *)output)[index] = value;
}

int
frt_arg_extreme_check (const frt_image *image, const struct frt_operator *operator_,
                       uint8_t input)
{
  const struct frt_arg_extreme_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_tensor *from = frt_input_tensor (image, operator_, 0);
  const struct frt_tensor *to = frt_output_tensor (image, operator_, 0);

  return from->type == input && (to->type == FRT_INT32 || to->type == FRT_INT64)
                 && parameters->axis < from->rank
                 && frt_element_count (to)
                        == frt_element_count (from) / from->dimensions[parameters->axis]
             ? FRT_OK
             : FRT_E_OPERATOR;
}
