/* SPDX-License-Identifier: Apache-2.0 */
/* batch_matmul_f32.c: BATCH_MATMUL, float, either matrix transposed. */
#include "check.h"
#include "matmul.h"

static float
element (const struct frt_matmul *shape, const float *a, const float *b)
{
  float sum = 0.0f;

  for (int32_t k = 0; k < shape->depth; k++)
    {
      sum += *a * *b;
      a += shape->first_depth_step;
      b += shape->second_depth_step;
    }
  return sum;
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_batch_matmul_f32_parameters *parameters =
      frt_parameters (image, operator_);
  const struct frt_matmul shape =
      frt_matmul_start (image, operator_, parameters->transposed);
  const float *first = frt_input_data (image, operator_, arena, 0);
  const float *second = frt_input_data (image, operator_, arena, 1);
  float *output = frt_output_data (image, operator_, arena, 0);

  for (int32_t batch = 0; batch < shape.batches; batch++)
    {
      const float *a = first + frt_matmul_offset (image, operator_, 0, batch);
      const float *b = second + frt_matmul_offset (image, operator_, 1, batch);

      for (int32_t row = 0; row < shape.rows; row++)
        for (int32_t column = 0; column < shape.columns; column++)
          *output++ =
              element (&shape, a + row * shape.row_step, b + column * shape.column_step);
    }
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_batch_matmul_f32_parameters *parameters =
      frt_parameters (image, operator_);

  return frt_check_types (image, operator_, FRT_FLOAT32, FRT_FLOAT32)
                 && frt_matmul_check (image, operator_, parameters->transposed)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_batch_matmul_f32 = {
  .id = FRT_KERNEL_BATCH_MATMUL_F32,
  .parameters_size = sizeof (struct frt_batch_matmul_f32_parameters),
  .input_count = 2,
  .output_count = 1,
  .check = check,
  .run = run,
};
