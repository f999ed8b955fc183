/* SPDX-License-Identifier: Apache-2.0 */
/* leaky_relu_s16.c: LEAKY_RELU, int16. */
#include "elementwise.h"

static int32_t
apply (const void *parameters, int32_t x)
{
  const struct frt_leaky_relu_s16_parameters *scaling = parameters;
  int32_t value = x + scaling->input_offset;

  if (value >= 0)
    value = frt_multiply_by_quantized (value, scaling->positive_multiplier,
                                       scaling->positive_shift);
  else
    {
      value = frt_multiply_by_quantized (value, scaling->negative_multiplier,
                                         scaling->negative_shift);
      if (scaling->negates)
        value = frt_wrapping_subtract (0, value);
    }
  return frt_narrow (value, scaling->output_offset, INT16_MIN, INT16_MAX);
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  frt_map_integers (image, operator_, arena, FRT_INT16, apply);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_leaky_relu_s16_parameters *parameters =
      frt_parameters (image, operator_);

  return frt_check_unary (image, operator_, FRT_INT16)
                 && frt_check_input_offset (parameters->input_offset, FRT_INT16)
                 && frt_check_output_offset (parameters->output_offset, FRT_INT16)
                 && frt_check_multiplier (parameters->positive_multiplier,
                                          parameters->positive_shift)
                 && frt_check_multiplier (parameters->negative_multiplier,
                                          parameters->negative_shift)
                 && parameters->negates <= 1
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel FRT_ROUNDED (frt_leaky_relu_s16) = {
  .id = FRT_ROUNDED_ID (FRT_KERNEL_LEAKY_RELU_S16),
  .parameters_size = sizeof (struct frt_leaky_relu_s16_parameters),
  .input_count = 1,
  .output_count = 1,
  .in_place = 1 << 0,
  .check = check,
  .run = run,
};
