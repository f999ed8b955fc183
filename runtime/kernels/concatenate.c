/* SPDX-License-Identifier: Apache-2.0 */
/* concatenate.c: CONCATENATION and PACK, any type. */
#include "rows.h"

#include <string.h>

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_rows_parameters *parameters = frt_parameters (image, operator_);
  const uint32_t rows = parameters->rows;
  const uint32_t stride = frt_output_tensor (image, operator_, 0)->size / rows;
  uint8_t *output = frt_output_data (image, operator_, arena, 0);

  for (uint32_t i = 0; i < operator_->input_count; i++)
    {
      const uint32_t width = frt_input_tensor (image, operator_, i)->size / rows;
      const uint8_t *from = frt_input_data (image, operator_, arena, i);

      for (uint32_t row = 0; row < rows; row++)
        memcpy (output + row * stride, from + row * width, width);
      output += width;
    }
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_rows_parameters *parameters = frt_parameters (image, operator_);
  const uint16_t *operands = frt_operands (image, operator_);
  const uint32_t inputs = operator_->input_count;

  return frt_rows_fit (image, parameters->rows, operands[inputs], operands, inputs)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_concatenate = {
  .id = FRT_KERNEL_CONCATENATE,
  .parameters_size = sizeof (struct frt_rows_parameters),
  .input_count = FRT_VARIADIC,
  .output_count = 1,
  .check = check,
  .run = run,
};
