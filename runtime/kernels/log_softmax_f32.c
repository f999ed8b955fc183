/* SPDX-License-Identifier: Apache-2.0 */
/* log_softmax_f32.c: LOG_SOFTMAX over the last axis, float. */
#include "check.h"

#include <math.h>

static void
run_row (const float *x, float *y, int32_t depth)
{
  float largest = x[0], sum = 0.0f, logarithm;

  for (int32_t i = 1; i < depth; i++)
    if (x[i] > largest)
      largest = x[i];
  for (int32_t i = 0; i < depth; i++)
    sum += expf (x[i] - largest);
  logarithm = logf (sum);
  for (int32_t i = 0; i < depth; i++)
    y[i] = x[i] - largest - logarithm;
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_tensor *tensor = frt_output_tensor (image, operator_, 0);
  const int32_t depth = frt_last_extent (tensor);
  const float *input = frt_input_data (image, operator_, arena, 0);
  float *output = frt_output_data (image, operator_, arena, 0);

  for (int32_t at = 0; at < frt_element_count (tensor); at += depth)
    run_row (input + at, output + at, depth);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  return frt_check_types (image, operator_, FRT_FLOAT32, FRT_FLOAT32)
                 && frt_check_same_shape (frt_input_tensor (image, operator_, 0),
                                          frt_output_tensor (image, operator_, 0))
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_log_softmax_f32 = {
  .id = FRT_KERNEL_LOG_SOFTMAX_F32,
  .parameters_size = 0,
  .input_count = 1,
  .output_count = 1,
  .in_place = 1 << 0,
  .check = check,
  .run = run,
};
