/* SPDX-License-Identifier: Apache-2.0 */
/* batch_matmul_s16.c: BATCH_MATMUL, int16, either matrix transposed. */
#include "check.h"
#include "matmul.h"
#include "requantize.h"

static int16_t
element (const struct frt_batch_matmul_s16_parameters *parameters,
         const struct frt_matmul *shape, const int16_t *a, const int16_t *b)
{
  int64_t sum = 0; /* of less than 2^60, as an image holds */

  for (int32_t k = 0; k < shape->depth; k++)
    {
      sum += *a * *b;
      a += shape->first_depth_step;
      b += shape->second_depth_step;
    }
  return (int16_t)frt_limit_s32 (
      frt_multiply_wide_by_quantized (sum, parameters->multiplier, parameters->shift),
      INT16_MIN, INT16_MAX);
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_batch_matmul_s16_parameters *parameters =
      frt_parameters (image, operator_);
  const struct frt_matmul shape =
      frt_matmul_start (image, operator_, parameters->transposed);
  const int16_t *first = frt_input_data (image, operator_, arena, 0);
  const int16_t *second = frt_input_data (image, operator_, arena, 1);
  int16_t *output = frt_output_data (image, operator_, arena, 0);

  for (int32_t batch = 0; batch < shape.batches; batch++)
    {
      const int16_t *a = first + frt_matmul_offset (image, operator_, 0, batch);
      const int16_t *b = second + frt_matmul_offset (image, operator_, 1, batch);

      for (int32_t row = 0; row < shape.rows; row++)
        for (int32_t column = 0; column < shape.columns; column++)
          *output++ = element (parameters, &shape, a + row * shape.row_step,
                               b + column * shape.column_step);
    }
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_batch_matmul_s16_parameters *parameters =
      frt_parameters (image, operator_);

  return frt_check_types (image, operator_, FRT_INT16, FRT_INT16)
                 && frt_matmul_check (image, operator_, parameters->transposed)
                 && frt_check_multiplier (parameters->multiplier, parameters->shift)
                 && parameters->shift <= FRT_MAX_WIDE_SHIFT
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_batch_matmul_s16 = {
  .id = FRT_KERNEL_BATCH_MATMUL_S16,
  .parameters_size = sizeof (struct frt_batch_matmul_s16_parameters),
  .input_count = 2,
  .output_count = 1,
  .check = check,
  .run = run,
};
