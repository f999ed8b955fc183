/* SPDX-License-Identifier: Apache-2.0 */
/* fully_connected_s8.c: FULLY_CONNECTED, int8, per tensor or per channel. */
#include "dot_product.h"
#include "fully_connected_s8.h"

/* sum (w + WEIGHTS_OFFSET) * (x + INPUT_OFFSET), modulo 2^32. */
static uint32_t
dot_product_asymmetric (const int8_t *x, const int8_t *w, int32_t count,
                        int32_t input_offset, int32_t weights_offset)
{
  uint32_t sum = 0;

  for (int32_t i = 0; i < count; i++)
    sum += (uint32_t)((w[i] + weights_offset) * (x[i] + input_offset));
  return sum;
}

static uint32_t
dot (const struct frt_fully_connected_s8_parameters *parameters, const int8_t *x,
     const void *weights, int32_t first)
{
  const int8_t *w = (const int8_t *)weights + first;
  const int32_t depth = (int32_t)parameters->input_depth;

  return parameters->weights_zero_offset == 0
             ? frt_dot_product_s8 (x, w, depth, parameters->input_offset)
             : dot_product_asymmetric (x, w, depth, parameters->input_offset,
                                       parameters->weights_zero_offset);
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  frt_connect_fully_s8 (image, operator_, arena, dot);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  return frt_check_fully_connected_s8 (image, operator_, 8);
}

const struct frt_kernel FRT_ROUNDED (frt_fully_connected_s8) = {
  .id = FRT_ROUNDED_ID (FRT_KERNEL_FULLY_CONNECTED_S8),
  .parameters_size = sizeof (struct frt_fully_connected_s8_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
