/* SPDX-License-Identifier: Apache-2.0 */
/* depthwise_conv2d_s8_w4.c: DEPTHWISE_CONV_2D, int8 with weights of 4 bits. */
#include "depthwise_s8.h"
#include "dot_product.h"

static void
add_tap (const int8_t *x, int32_t depth_multiplier, int32_t offset, const void *weights,
         int32_t tap, int32_t first, int32_t count, uint32_t *sums)
{
  for (int32_t i = 0; i < count; i++)
    sums[i] += (uint32_t)(frt_unpack_s4 (weights, tap + first + i)
                          * (x[(first + i) / depth_multiplier] + offset));
}

static void
convolve (const void *layer, int32_t row, int32_t column, const void *input, void *output)
{
  frt_convolve_depthwise_s8 (layer, row, column, add_tap, input, output);
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
  const uint64_t weights = frt_check_depthwise (image, operator_, &parameters->window);

  return frt_check_convolution_s8 (image, operator_, weights / 2 + weights % 2);
}

const struct frt_kernel FRT_ROUNDED (frt_depthwise_conv2d_s8_w4) = {
  .id = FRT_ROUNDED_ID (FRT_KERNEL_DEPTHWISE_CONV2D_S8_W4),
  .parameters_size = sizeof (struct frt_conv2d_s8_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
