/* SPDX-License-Identifier: Apache-2.0 */
/* max_pool2d_s8.c: MAX_POOL_2D, int8. */
#include "pool.h"

static void
pool_channels (const void *pool, int32_t row, int32_t column, const void *input,
               void *output)
{
  frt_pool_channels (pool, row, column, input, output, FRT_INT8, INT8_MIN,
                     frt_pool_larger, frt_pool_as_it_is);
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  frt_pool_run (image, operator_, arena, pool_channels);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  return frt_pool_check (image, operator_, FRT_INT8);
}

const struct frt_kernel frt_max_pool2d_s8 = {
  .id = FRT_KERNEL_MAX_POOL2D_S8,
  .parameters_size = sizeof (struct frt_pool2d_s8_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
