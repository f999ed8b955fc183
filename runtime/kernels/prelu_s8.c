/* SPDX-License-Identifier: Apache-2.0 */
/* prelu_s8.c: PRELU, int8; the slopes broadcast. */
#include "elementwise.h"

static int32_t
apply (const void *parameters, int32_t x, int32_t alpha)
{
  const struct frt_prelu_s8_parameters *scaling = parameters;
  int32_t value = x + scaling->input_offset;

  if (value >= 0)
    value = frt_multiply_by_quantized (value, scaling->positive_multiplier,
                                       scaling->positive_shift);
  else
    value =
        frt_multiply_by_quantized (value * (alpha + scaling->alpha_offset),
                                   scaling->negative_multiplier, scaling->negative_shift);
  return frt_narrow (value, scaling->output_offset, INT8_MIN, INT8_MAX);
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  frt_map_integer_pairs (image, operator_, arena, FRT_INT8, FRT_INT8, apply);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_prelu_s8_parameters *parameters = frt_parameters (image, operator_);

  return frt_check_binary (image, operator_, FRT_INT8, FRT_INT8)
                 && frt_check_input_offset_s8 (parameters->input_offset)
                 && frt_check_input_offset_s8 (parameters->alpha_offset)
                 && frt_check_output_offset_s8 (parameters->output_offset)
                 && frt_check_multiplier (parameters->positive_multiplier,
                                          parameters->positive_shift)
                 && frt_check_multiplier (parameters->negative_multiplier,
                                          parameters->negative_shift)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel FRT_ROUNDED (frt_prelu_s8) = {
  .id = FRT_ROUNDED_ID (FRT_KERNEL_PRELU_S8),
  .parameters_size = sizeof (struct frt_prelu_s8_parameters),
  .input_count = 2,
  .output_count = 1,
  .in_place = 1 << 0 | 1 << 1,
  .check = check,
  .run = run,
};
