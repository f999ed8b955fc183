/* SPDX-License-Identifier: Apache-2.0 */
/* conv2d_s16.c: CONV_2D, int16 with int8 weights per channel, optionally in groups. */
#include "convolution_s16.h"

static void
convolve (const void *layer, int32_t row, int32_t column, const void *input, void *output)
{
  const struct frt_runs runs = frt_convolution_runs (layer, row, column);

  frt_convolve_s16 (layer, &runs, input, output);
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_convolution_s16 layer = frt_convolution_layer_s16 (image, operator_);

  frt_walk_outputs (image, operator_, arena, convolve, &layer);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_conv2d_s16_parameters *parameters = frt_parameters (image, operator_);
  const uint64_t weights =
      frt_check_convolution (image, operator_, &parameters->window, parameters->groups);

  return frt_check_convolution_s16 (image, operator_, weights);
}

const struct frt_kernel FRT_ROUNDED (frt_conv2d_s16) = {
  .id = FRT_ROUNDED_ID (FRT_KERNEL_CONV2D_S16),
  .parameters_size = sizeof (struct frt_conv2d_s16_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
