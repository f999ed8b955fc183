/* SPDX-License-Identifier: Apache-2.0 */
/* transpose_conv_f32.c: TRANSPOSE_CONV, float. */
#include "convolution_f32.h"

static void
convolve (const void *layer, int32_t row, int32_t column, const void *input, void *output)
{
  const struct frt_runs runs = frt_transposed_runs (layer, row, column);

  frt_convolve_f32 (layer, &runs, input, output);
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_convolution_f32 layer = frt_convolution_layer_f32 (image, operator_);

  frt_walk_outputs (image, operator_, arena, convolve, &layer);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_conv2d_f32_parameters *parameters = frt_parameters (image, operator_);
  const uint64_t weights =
      frt_check_transposed (image, operator_, &parameters->window, parameters->groups);

  return frt_check_convolution_f32 (image, operator_, weights);
}

const struct frt_kernel frt_transpose_conv_f32 = {
  .id = FRT_KERNEL_TRANSPOSE_CONV_F32,
  .parameters_size = sizeof (struct frt_conv2d_f32_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
