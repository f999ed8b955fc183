/* SPDX-License-Identifier: Apache-2.0 */
/* conv2d_s8.c: CONV_2D, int8, weights per channel, optionally in groups. */
#include "convolution_s8.h"
#include "dot_product.h"

static uint32_t
dot (const int8_t *x, const void *weights, int32_t first, int32_t count, int32_t offset)
{
  return frt_dot_product_s8 (x, (const int8_t *)weights + first, count, offset);
}

static void
convolve (const void *layer, int32_t row, int32_t column, const void *input, void *output)
{
  const struct frt_runs runs = frt_convolution_runs (layer, row, column);

  frt_convolve_s8 (layer, &runs, dot, input, output);
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_convolution_s8 layer = frt_convolution_layer_s8 (image, operator_);

  frt_walk_outputs (image, operator_, arena, convolve, &layer);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_conv2d_s8_parameters *parameters = frt_parameters (image, operator_);
  const uint64_t weights =
      frt_check_convolution (image, operator_, &parameters->window, parameters->groups);

  return frt_check_convolution_s8 (image, operator_, weights);
}

const struct frt_kernel FRT_ROUNDED (frt_conv2d_s8) = {
  .id = FRT_ROUNDED_ID (FRT_KERNEL_CONV2D_S8),
  .parameters_size = sizeof (struct frt_conv2d_s8_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
