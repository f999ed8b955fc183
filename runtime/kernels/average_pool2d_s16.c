/* SPDX-License-Identifier: Apache-2.0 */
/* average_pool2d_s16.c: AVERAGE_POOL_2D, int16. */
#include "pool.h"

static void
pool_channels (const void *pool, int32_t row, int32_t column, const void *input,
               void *output)
{
  frt_pool_channels (pool, row, column, input, output, FRT_INT16, 0, frt_pool_add,
                     frt_pool_average);
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  frt_pool_run (image, operator_, arena, pool_channels);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  return frt_pool_check (image, operator_, FRT_INT16);
}

const struct frt_kernel frt_average_pool2d_s16 = {
  .id = FRT_KERNEL_AVERAGE_POOL2D_S16,
  .parameters_size = sizeof (struct frt_pool2d_s8_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
