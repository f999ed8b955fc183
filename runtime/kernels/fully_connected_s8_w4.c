/* SPDX-License-Identifier: Apache-2.0 */
/* fully_connected_s8_w4.c: FULLY_CONNECTED, int8 with weights of 4 bits, per tensor or per channel. */
#include "dot_product.h"
#include "fully_connected_s8.h"

static uint32_t
dot (const struct frt_fully_connected_s8_parameters *parameters, const int8_t *x,
     const void *weights, int32_t first)
{
  uint32_t sum = 0;

  for (int32_t i = 0; i < (int32_t)parameters->input_depth; i++)
    sum +=
        (uint32_t)((frt_unpack_s4 (weights, first + i) + parameters->weights_zero_offset)
                   * (x[i] + parameters->input_offset));
  return sum;
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  frt_connect_fully_s8 (image, operator_, arena, dot);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  return frt_check_fully_connected_s8 (image, operator_, 4);
}

const struct frt_kernel FRT_ROUNDED (frt_fully_connected_s8_w4) = {
  .id = FRT_ROUNDED_ID (FRT_KERNEL_FULLY_CONNECTED_S8_W4),
  .parameters_size = sizeof (struct frt_fully_connected_s8_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
