/* SPDX-License-Identifier: Apache-2.0 */
/* rsqrt_s16.c: RSQRT, int16. */
#include "elementwise.h"
#include "inverse_square_root.h"

static int32_t
apply (const void *parameters, int32_t x)
{
  const struct frt_rsqrt_s16_parameters *scaling = parameters;

  if (x <= 0)
    return INT16_MAX;
  return frt_limit_s32 (frt_multiply_by_quantized (frt_scaled_inverse_square_root (x),
                                                   scaling->multiplier, scaling->shift),
                        INT16_MIN, INT16_MAX);
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  frt_map_integers (image, operator_, arena, FRT_INT16, apply);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_rsqrt_s16_parameters *parameters = frt_parameters (image, operator_);

  return frt_check_unary (image, operator_, FRT_INT16)
                 && frt_check_multiplier (parameters->multiplier, parameters->shift)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel FRT_ROUNDED (frt_rsqrt_s16) = {
  .id = FRT_ROUNDED_ID (FRT_KERNEL_RSQRT_S16),
  .parameters_size = sizeof (struct frt_rsqrt_s16_parameters),
  .input_count = 1,
  .output_count = 1,
  .in_place = 1 << 0,
  .check = check,
  .run = run,
};
