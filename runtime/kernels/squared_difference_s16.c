/* SPDX-License-Identifier: Apache-2.0 */
/* squared_difference_s16.c: SQUARED_DIFFERENCE, int16, with broadcasting. */
#include "elementwise.h"

static int32_t
square_difference (const void *parameters, int32_t a, int32_t b)
{
  const struct frt_terms terms = frt_common_terms (parameters, a, b);
  const int32_t difference = frt_wrapping_subtract (terms.a, terms.b);

  return frt_binary_output (parameters, frt_wrapping_multiply (difference, difference));
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  frt_map_integer_pairs (image, operator_, arena, FRT_INT16, FRT_INT16,
                         square_difference);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  return frt_check_binary_quantized (image, operator_, FRT_INT16);
}

const struct frt_kernel FRT_ROUNDED (frt_squared_difference_s16) = {
  .id = FRT_ROUNDED_ID (FRT_KERNEL_SQUARED_DIFFERENCE_S16),
  .parameters_size = sizeof (struct frt_binary_s8_parameters),
  .input_count = 2,
  .output_count = 1,
  .in_place = 1 << 0 | 1 << 1,
  .check = check,
  .run = run,
};
