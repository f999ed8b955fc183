/* SPDX-License-Identifier: Apache-2.0 */
/* clamp_s16.c: RELU6, int16: input and output have the same quantization. */
#include "elementwise.h"

static int32_t
apply (const void *parameters, int32_t x)
{
  const struct frt_integer_range_parameters *range = parameters;

  return frt_limit_s32 (x, range->minimum, range->maximum);
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  frt_map_integers (image, operator_, arena, FRT_INT16, apply);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_integer_range_parameters *parameters =
      frt_parameters (image, operator_);

  return frt_check_unary (image, operator_, FRT_INT16)
                 && frt_check_integer_range (parameters->minimum, parameters->maximum,
                                             FRT_INT16)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_clamp_s16 = {
  .id = FRT_KERNEL_CLAMP_S16,
  .parameters_size = sizeof (struct frt_integer_range_parameters),
  .input_count = 1,
  .output_count = 1,
  .in_place = 1 << 0,
  .check = check,
  .run = run,
};
