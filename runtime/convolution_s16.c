/* SPDX-License-Identifier: Apache-2.0 */
/* convolution_s16.c: what the convolutions of int16 with int8 weights share. */
#include "convolution_s16.h"

struct frt_convolution_s16
frt_convolution_layer_s16 (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_conv2d_s16_parameters *parameters = frt_parameters (image, operator_);

  return (struct frt_convolution_s16){
    .convolution = { .window = &parameters->window,
                     .shape = frt_window_shape (image, operator_),
                     .groups = (int32_t)parameters->groups },
    .stage = frt_output_stage_s16 (image, &parameters->output),
    .weights = frt_constant (image, parameters->weights_offset),
  };
}

int
frt_check_convolution_s16 (const frt_image *image, const struct frt_operator *operator_,
                           uint64_t weights)
{
  const struct frt_conv2d_s16_parameters *parameters = frt_parameters (image, operator_);
  const int32_t outputs = frt_output_tensor (image, operator_, 0)->dimensions[3];

  if (weights == 0 || !frt_check_types (image, operator_, FRT_INT16, FRT_INT16))
    return FRT_E_OPERATOR;
  if (!frt_check_block (image, parameters->weights_offset, weights, 1))
    return FRT_E_LAYOUT;
  return frt_check_output_s16 (image, &parameters->output, outputs);
}
