/* SPDX-License-Identifier: Apache-2.0 */
/* batch_matmul_s8.c: BATCH_MATMUL, int8, either matrix transposed. */
#include "check.h"
#include "matmul.h"
#include "requantize.h"

static int8_t
element (const struct frt_batch_matmul_s8_parameters *parameters,
         const struct frt_matmul *shape, const int8_t *a, const int8_t *b)
{
  uint32_t sum = 0;

  for (int32_t k = 0; k < shape->depth; k++)
    {
      sum +=
          (uint32_t)((*a + parameters->input1_offset) * (*b + parameters->input2_offset));
      a += shape->first_depth_step;
      b += shape->second_depth_step;
    }
  return frt_narrow_s8 (
      frt_multiply_by_quantized ((int32_t)sum, parameters->multiplier, parameters->shift),
      parameters->output_offset, INT8_MIN, INT8_MAX);
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_batch_matmul_s8_parameters *parameters =
      frt_parameters (image, operator_);
  const struct frt_matmul shape =
      frt_matmul_start (image, operator_, parameters->transposed);
  const int8_t *first = frt_input_data (image, operator_, arena, 0);
  const int8_t *second = frt_input_data (image, operator_, arena, 1);
  int8_t *output = frt_output_data (image, operator_, arena, 0);

  for (int32_t batch = 0; batch < shape.batches; batch++)
    {
      const int8_t *a = first + frt_matmul_offset (image, operator_, 0, batch);
      const int8_t *b = second + frt_matmul_offset (image, operator_, 1, batch);

      for (int32_t row = 0; row < shape.rows; row++)
        for (int32_t column = 0; column < shape.columns; column++)
          *output++ = element (parameters, &shape, a + row * shape.row_step,
                               b + column * shape.column_step);
    }
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_batch_matmul_s8_parameters *parameters =
      frt_parameters (image, operator_);

  return frt_check_types (image, operator_, FRT_INT8, FRT_INT8)
                 && frt_matmul_check (image, operator_, parameters->transposed)
                 && frt_check_input_offset_s8 (parameters->input1_offset)
                 && frt_check_input_offset_s8 (parameters->input2_offset)
                 && frt_check_output_offset_s8 (parameters->output_offset)
                 && frt_check_multiplier (parameters->multiplier, parameters->shift)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel FRT_ROUNDED (frt_batch_matmul_s8) = {
  .id = FRT_ROUNDED_ID (FRT_KERNEL_BATCH_MATMUL_S8),
  .parameters_size = sizeof (struct frt_batch_matmul_s8_parameters),
  .input_count = 2,
  .output_count = 1,
  .check = check,
  .run = run,
};
