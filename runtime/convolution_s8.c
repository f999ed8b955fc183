/* SPDX-License-Identifier: Apache-2.0 */
/* convolution_s8.c: what the convolutions of int8 share, whatever their weights' type. */
#include "convolution_s8.h"

struct frt_convolution_s8
frt_convolution_layer_s8 (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_conv2d_s8_parameters *parameters = frt_parameters (image, operator_);

  return (struct frt_convolution_s8){
    .convolution = { .window = &parameters->window,
                     .shape = frt_window_shape (image, operator_),
                     .groups = (int32_t)parameters->groups },
    .parameters = parameters,
    .weights = frt_constant (image, parameters->weights_offset),
    .bias = frt_constant (image, parameters->bias_offset),
    .multipliers = frt_constant (image, parameters->multiplier_offset),
    .shifts = frt_constant (image, parameters->shift_offset),
  };
}

int
frt_check_convolution_s8 (const frt_image *image, const struct frt_operator *operator_,
                          uint64_t weight_bytes)
{
  const struct frt_conv2d_s8_parameters *parameters = frt_parameters (image, operator_);
  const int32_t outputs = frt_output_tensor (image, operator_, 0)->dimensions[3];
  const uint64_t count = (uint64_t)outputs;

  if (weight_bytes == 0 || !frt_check_types (image, operator_, FRT_INT8, FRT_INT8)
      || !frt_check_input_offset_s8 (parameters->input_offset)
      || !frt_check_output_offset_s8 (parameters->output_offset)
      || !frt_check_range_s8 (parameters->minimum, parameters->maximum))
    return FRT_E_OPERATOR;
  if (!frt_check_block (image, parameters->weights_offset, weight_bytes, 1)
      || !frt_check_optional_block (image, parameters->bias_offset, count, 4)
      || !frt_check_block (image, parameters->multiplier_offset, count, 4)
      || !frt_check_block (image, parameters->shift_offset, count, 1))
    return FRT_E_LAYOUT;
  return frt_check_channel_multipliers (image, parameters->multiplier_offset,
                                        parameters->shift_offset, outputs)
             ? FRT_OK
             : FRT_E_OPERATOR;
}
