/* SPDX-License-Identifier: Apache-2.0 */
/* softmax_f32.c: SOFTMAX over the last axis, float. */
#include "check.h"

#include <float.h>
#include <math.h>

static void
run_row (const float *x, float *y, int32_t depth, float beta)
{
  float largest = -FLT_MAX;
  float sum = 0.0f;

  for (int32_t i = 0; i < depth; i++)
    if (x[i] > largest)
      largest = x[i];
  for (int32_t i = 0; i < depth; i++)
    {
      y[i] = expf ((x[i] - largest) * beta);
      sum += y[i];
    }
  for (int32_t i = 0; i < depth; i++)
    y[i] /= sum;
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_softmax_f32_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_tensor *tensor = frt_output_tensor (image, operator_, 0);
  const int32_t depth = frt_last_extent (tensor);
  const float *input = frt_input_data (image, operator_, arena, 0);
  float *output = frt_output_data (image, operator_, arena, 0);

  for (int32_t at = 0; at < frt_element_count (tensor); at += depth)
    run_row (input + at, output + at, depth, parameters->beta);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_softmax_f32_parameters *parameters = frt_parameters (image, operator_);

  return frt_check_types (image, operator_, FRT_FLOAT32, FRT_FLOAT32)
                 && frt_check_same_shape (frt_input_tensor (image, operator_, 0),
                                          frt_output_tensor (image, operator_, 0))
                 && frt_check_scale (parameters->beta)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_softmax_f32 = {
  .id = FRT_KERNEL_SOFTMAX_F32,
  .parameters_size = sizeof (struct frt_softmax_f32_parameters),
  .input_count = 1,
  .output_count = 1,
  .in_place = 1 << 0,
  .check = check,
  .run = run,
};
