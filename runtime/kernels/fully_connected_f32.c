/* SPDX-License-Identifier: Apache-2.0 */
/* fully_connected_f32.c: FULLY_CONNECTED, float. */
#include "check.h"
#include "dot_product.h"
#include "float_range.h"

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_fully_connected_f32_parameters *parameters =
      frt_parameters (image, operator_);
  const float *weights = frt_constant (image, parameters->weights_offset);
  const float *bias = frt_constant (image, parameters->bias_offset);
  const int32_t depth = (int32_t)parameters->input_depth;
  const int32_t rows = frt_element_count (frt_input_tensor (image, operator_, 0)) / depth;
  const int32_t outputs =
      frt_element_count (frt_output_tensor (image, operator_, 0)) / rows;
  const float *input = frt_input_data (image, operator_, arena, 0);
  float *output = frt_output_data (image, operator_, arena, 0);

  for (int32_t row = 0; row < rows; row++)
    for (int32_t i = 0; i < outputs; i++)
      {
        const float sum =
            frt_dot_product_f32 (0.0f, input + row * depth, weights + i * depth, depth);

        *output++ = frt_limit_f32 (sum + (bias != NULL ? bias[i] : 0.0f),
                                   parameters->minimum, parameters->maximum);
      }
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_fully_connected_f32_parameters *parameters =
      frt_parameters (image, operator_);
  const int32_t outputs =
      frt_check_output_depth (image, operator_, parameters->input_depth);

  if (!frt_check_types (image, operator_, FRT_FLOAT32, FRT_FLOAT32) || outputs == 0
      || !frt_check_range_f32 (parameters->minimum, parameters->maximum))
    return FRT_E_OPERATOR;
  if (!frt_check_block (image, parameters->weights_offset,
                        frt_check_product ((uint64_t)outputs, parameters->input_depth), 4)
      || !frt_check_optional_block (image, parameters->bias_offset, (uint64_t)outputs, 4))
    return FRT_E_LAYOUT;
  return FRT_OK;
}

const struct frt_kernel frt_fully_connected_f32 = {
  .id = FRT_KERNEL_FULLY_CONNECTED_F32,
  .parameters_size = sizeof (struct frt_fully_connected_f32_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
