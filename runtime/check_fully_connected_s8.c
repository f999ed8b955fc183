/* SPDX-License-Identifier: Apache-2.0 */
/* check_fully_connected_s8.c: checks fully connected layers of int8. */
#include "fully_connected_s8.h"

int
frt_check_fully_connected_s8 (const frt_image *image,
                              const struct frt_operator *operator_, uint32_t weight_bits)
{
  const struct frt_fully_connected_s8_parameters *parameters =
      frt_parameters (image, operator_);
  const int32_t outputs =
      frt_check_output_depth (image, operator_, parameters->input_depth);
  const uint64_t weights = frt_check_product ((uint64_t)outputs, parameters->input_depth);
  const uint64_t weight_bytes = weight_bits == 4 ? weights / 2 + weights % 2 : weights;

  if (!frt_check_types (image, operator_, FRT_INT8, FRT_INT8) || outputs == 0
      || !frt_check_input_offset_s8 (parameters->input_offset)
      || !frt_check_input_offset_s8 (parameters->weights_zero_offset)
      || !frt_check_output_offset_s8 (parameters->output_offset)
      || !frt_check_range_s8 (parameters->minimum, parameters->maximum))
    return FRT_E_OPERATOR;
  if (!frt_check_block (image, parameters->weights_offset, weight_bytes, 1)
      || !frt_check_optional_block (image, parameters->bias_offset, (uint64_t)outputs, 4)
      || !frt_check_block (image, parameters->multiplier_offset, (uint64_t)outputs, 4)
      || !frt_check_block (image, parameters->shift_offset, (uint64_t)outputs, 1))
    return FRT_E_LAYOUT;
  return frt_check_channel_multipliers (image, parameters->multiplier_offset,
                                        parameters->shift_offset, outputs)
             ? FRT_OK
             : FRT_E_OPERATOR;
}
