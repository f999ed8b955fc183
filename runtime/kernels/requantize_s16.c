/* SPDX-License-Identifier: Apache-2.0 */
/* requantize_s16.c: RELU and RELU_N1_TO_1, int16. */
#include "elementwise.h"

static int32_t
apply (const void *parameters, int32_t x)
{
  const struct frt_requantize_s8_parameters *scaling = parameters;
  const int32_t value = x + scaling->input_offset;

  return frt_narrow (
      frt_multiply_by_quantized (value, scaling->multiplier, scaling->shift),
      scaling->output_offset, scaling->minimum, scaling->maximum);
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  frt_map_integers (image, operator_, arena, FRT_INT16, apply);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  return frt_check_requantize (image, operator_, FRT_INT16);
}

const struct frt_kernel FRT_ROUNDED (frt_requantize_s16) = {
  .id = FRT_ROUNDED_ID (FRT_KERNEL_REQUANTIZE_S16),
  .parameters_size = sizeof (struct frt_requantize_s8_parameters),
  .input_count = 1,
  .output_count = 1,
  .in_place = 1 << 0,
  .check = check,
  .run = run,
};
