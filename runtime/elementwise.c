/* SPDX-License-Identifier: Apache-2.0 */
/* elementwise.c: loops of float kernels, and checks of all that work element by element. */
#include "elementwise.h"

#include "float_range.h"

void
frt_map_floats (const frt_image *image, const struct frt_operator *operator_,
                uint8_t *arena, frt_float_function *function)
{
  const int32_t count = frt_element_count (frt_output_tensor (image, operator_, 0));
  const float *x = frt_input_data (image, operator_, arena, 0);
  float *y = frt_output_data (image, operator_, arena, 0);

  for (int32_t i = 0; i < count; i++)
    y[i] = function (x[i]);
}

void
frt_map_float_pairs (const frt_image *image, const struct frt_operator *operator_,
                     uint8_t *arena, frt_float_pair_function *function)
{
  const struct frt_float_range_parameters *parameters = frt_parameters (image, operator_);
  const float *a = frt_input_data (image, operator_, arena, 0);
  const float *b = frt_input_data (image, operator_, arena, 1);
  float *y = frt_output_data (image, operator_, arena, 0);
  struct frt_broadcast walk;

  frt_broadcast_start (&walk, image, operator_);
  while (frt_broadcast_next (&walk))
    for (int32_t i = 0; i < walk.extent[0]; i++)
      *y++ = frt_limit_f32 (function (a[walk.offset[0] + i * walk.step[0][0]],
                                      b[walk.offset[1] + i * walk.step[1][0]]),
                            parameters->minimum, parameters->maximum);
}

bool
frt_check_unary (const frt_image *image, const struct frt_operator *operator_,
                 uint8_t type)
{
  return frt_check_types (image, operator_, type, type)
         && frt_check_same_shape (frt_input_tensor (image, operator_, 0),
                                  frt_output_tensor (image, operator_, 0));
}

bool
frt_check_binary (const frt_image *image, const struct frt_operator *operator_,
                  uint8_t input, uint8_t output)
{
  return frt_check_types (image, operator_, input, output)
         && frt_input_tensor (image, operator_, 1)->type == input
         && frt_broadcast_check (image, operator_);
}

bool
frt_check_integer_range (int32_t minimum, int32_t maximum, uint8_t type)
{
  const int32_t lowest = type == FRT_INT8    ? INT8_MIN
                         : type == FRT_INT16 ? INT16_MIN
                                             : INT32_MIN;

  return minimum >= lowest && minimum <= maximum && maximum <= -(lowest + 1);
}

bool
frt_check_output_offset (int32_t offset, uint8_t type)
{
  return frt_check_integer_range (offset, offset, type);
}

bool
frt_check_input_offset (int32_t offset, uint8_t type)
{
  return offset > INT32_MIN && frt_check_output_offset (-offset, type);
}

int
frt_check_binary_quantized (const frt_image *image, const struct frt_operator *operator_,
                            uint8_t type)
{
  const struct frt_binary_s8_parameters *parameters = frt_parameters (image, operator_);

  return frt_check_binary (image, operator_, type, type)
                 && frt_check_input_offset (parameters->input1_offset, type)
                 && frt_check_input_offset (parameters->input2_offset, type)
                 && frt_check_output_offset (parameters->output_offset, type)
                 && frt_check_multiplier (parameters->input1_multiplier,
                                          parameters->input1_shift)
                 && frt_check_multiplier (parameters->input2_multiplier,
                                          parameters->input2_shift)
                 && frt_check_multiplier (parameters->output_multiplier,
                                          parameters->output_shift)
                 && parameters->left_shift >= 0 && parameters->left_shift <= FRT_MAX_SHIFT
                 && frt_check_integer_range (parameters->minimum, parameters->maximum,
                                             type)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

int
frt_check_binary_float (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_float_range_parameters *parameters = frt_parameters (image, operator_);

  return frt_check_binary (image, operator_, FRT_FLOAT32, FRT_FLOAT32)
                 && frt_check_range_f32 (parameters->minimum, parameters->maximum)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

int
frt_check_unary_float (const frt_image *image, const struct frt_operator *operator_)
{
  return frt_check_unary (image, operator_, FRT_FLOAT32) ? FRT_OK : FRT_E_OPERATOR;
}

int
frt_check_requantize (const frt_image *image, const struct frt_operator *operator_,
                      uint8_t type)
{
  const struct frt_requantize_s8_parameters *parameters =
      frt_parameters (image, operator_);

  return frt_check_unary (image, operator_, type)
                 && frt_check_input_offset (parameters->input_offset, type)
                 && frt_check_output_offset (parameters->output_offset, type)
                 && frt_check_multiplier (parameters->multiplier, parameters->shift)
                 && frt_check_integer_range (parameters->minimum, parameters->maximum,
                                             type)
             ? FRT_OK
             : FRT_E_OPERATOR;
}
