/* SPDX-License-Identifier: Apache-2.0 */
/* split.c: SPLIT, SPLIT_V and UNPACK, any type. */
#include "rows.h"

#include <string.h>

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_rows_parameters *parameters = frt_parameters (image, operator_);
  const uint32_t rows = parameters->rows;
  const uint32_t stride = frt_input_tensor (image, operator_, 0)->size / rows;
  const uint8_t *input = frt_input_data (image, operator_, arena, 0);

  for (uint32_t i = 0; i < operator_->output_count; i++)
    {
      const uint32_t width = frt_output_tensor (image, operator_, i)->size / rows;
      uint8_t *to = frt_output_data (image, operator_, arena, i);

      for (uint32_t row = 0; row < rows; row++)
        memcpy (to + row * width, input + row * stride, width);
      input += width;
    }
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_rows_parameters *parameters = frt_parameters (image, operator_);
  const uint16_t *operands = frt_operands (image, operator_);

  return frt_rows_fit (image, parameters->rows, operands[0], operands + 1,
                       operator_->output_count)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_split = {
  .id = FRT_KERNEL_SPLIT,
  .parameters_size = sizeof (struct frt_rows_parameters),
  .input_count = 1,
  .output_count = FRT_VARIADIC,
  .check = check,
  .run = run,
};
