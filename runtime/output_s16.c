/* SPDX-License-Identifier: Apache-2.0 */
/* output_s16.c: from sums of int16 times int8 back to int16. */
#include "output_s16.h"

struct frt_output_s16
frt_output_stage_s16 (const frt_image *image,
                      const struct frt_output_s16_parameters *parameters)
{
  return (struct frt_output_s16){
    .parameters = parameters,
    .bias = frt_constant (image, parameters->bias_offset),
    .multipliers = frt_constant (image, parameters->multiplier_offset),
    .shifts = frt_constant (image, parameters->shift_offset),
  };
}

int
frt_check_output_s16 (const frt_image *image,
                      const struct frt_output_s16_parameters *parameters, int32_t outputs)
{
  const uint32_t bits = parameters->accumulator_bits;
  const uint64_t count = (uint64_t)outputs;
  const int8_t *shifts = frt_constant (image, parameters->shift_offset);

  if ((bits != 32 && bits != 64)
      || !frt_check_range_s16 (parameters->minimum, parameters->maximum))
    return FRT_E_OPERATOR;
  if (!frt_check_optional_block (image, parameters->bias_offset, count, bits / 8)
      || !frt_check_block (image, parameters->multiplier_offset, count, 4)
      || !frt_check_block (image, parameters->shift_offset, count, 1))
    return FRT_E_LAYOUT;
  if (!frt_check_channel_multipliers (image, parameters->multiplier_offset,
                                      parameters->shift_offset, outputs))
    return FRT_E_OPERATOR;
  for (int32_t i = 0; bits == 64 && i < outputs; i++)
    if (shifts[i] > FRT_MAX_WIDE_SHIFT)
      return FRT_E_OPERATOR;
  return FRT_OK;
}
