/* SPDX-License-Identifier: Apache-2.0 */
/* prelu_f32.c: PRELU, float; the slopes broadcast. */
#include "elementwise.h"

static float
apply (float x, float alpha)
{
  return x >= 0.0f ? x : x * alpha;
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  frt_map_float_pairs (image, operator_, arena, apply);
}

const struct frt_kernel frt_prelu_f32 = {
  .id = FRT_KERNEL_PRELU_F32,
  .parameters_size = sizeof (struct frt_float_range_parameters),
  .input_count = 2,
  .output_count = 1,
  .in_place = 1 << 0 | 1 << 1,
  .check = frt_check_binary_float,
  .run = run,
};
