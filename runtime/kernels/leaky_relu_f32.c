/* SPDX-License-Identifier: Apache-2.0 */
/* leaky_relu_f32.c: LEAKY_RELU, float. */
#include "elementwise.h"

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_leaky_relu_f32_parameters *parameters =
      frt_parameters (image, operator_);
  const int32_t count = frt_element_count (frt_output_tensor (image, operator_, 0));
  const float *x = frt_input_data (image, operator_, arena, 0);
  float *y = frt_output_data (image, operator_, arena, 0);

  for (int32_t i = 0; i < count; i++)
    y[i] = x[i] > 0.0f ? x[i] : x[i] * parameters->alpha;
}

const struct frt_kernel frt_leaky_relu_f32 = {
  .id = FRT_KERNEL_LEAKY_RELU_F32,
  .parameters_size = sizeof (struct frt_leaky_relu_f32_parameters),
  .input_count = 1,
  .output_count = 1,
  .in_place = 1 << 0,
  .check = frt_check_unary_float,
  .run = run,
};
