/* SPDX-License-Identifier: Apache-2.0 */
/* fully_connected_s8.c: FULLY_CONNECTED, int8, per tensor or per channel. */
#include "check.h"
#include "dot_product.h"
#include "requantize.h"

/* sum (w + WEIGHTS_OFFSET) * (x + INPUT_OFFSET), modulo 2^32. */
static uint32_t
dot_product_asymmetric (const int8_t *x, const int8_t *w, int32_t count,
                        int32_t input_offset, int32_t weights_offset)
{
  uint32_t sum = 0;

  for (int32_t i = 0; i < count; i++)
    sum += (uint32_t)((w[i] + weights_offset) * (x[i] + input_offset));
  return sum;
}

static void
run_row (const frt_image *image,
         const struct frt_fully_connected_s8_parameters *parameters, const int8_t *x,
         int8_t *y, int32_t outputs)
{
  const int8_t *w = frt_constant (image, parameters->weights_offset);
  const int32_t *bias = frt_constant (image, parameters->bias_offset);
  const int32_t *multipliers = frt_constant (image, parameters->multiplier_offset);
  const int8_t *shifts = frt_constant (image, parameters->shift_offset);
  const int32_t depth = (int32_t)parameters->input_depth;

  for (int32_t i = 0; i < outputs; i++)
    {
      uint32_t sum = parameters->weights_zero_offset == 0
                         ? frt_dot_product_s8 (x, w, depth, parameters->input_offset)
                         : dot_product_asymmetric (x, w, depth, parameters->input_offset,
                                                   parameters->weights_zero_offset);

      if (bias != NULL)
        sum += (uint32_t)bias[i];
      y[i] = frt_narrow_s8 (
          frt_multiply_by_quantized ((int32_t)sum, multipliers[i], shifts[i]),
          parameters->output_offset, parameters->minimum, parameters->maximum);
      w += depth;
    }
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_fully_connected_s8_parameters *parameters =
      frt_parameters (image, operator_);
  const int32_t depth = (int32_t)parameters->input_depth;
  const int32_t rows = frt_element_count (frt_input_tensor (image, operator_, 0)) / depth;
  const int32_t outputs =
      frt_element_count (frt_output_tensor (image, operator_, 0)) / rows;
  const int8_t *input = frt_input_data (image, operator_, arena, 0);
  int8_t *output = frt_output_data (image, operator_, arena, 0);

  for (int32_t row = 0; row < rows; row++)
    {
      run_row (image, parameters, input, output, outputs);
      input += depth;
      output += outputs;
    }
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_fully_connected_s8_parameters *parameters =
      frt_parameters (image, operator_);
  const int32_t outputs =
      frt_check_output_depth (image, operator_, parameters->input_depth);

  if (!frt_check_types (image, operator_, FRT_INT8, FRT_INT8) || outputs == 0
      || !frt_check_input_offset_s8 (parameters->input_offset)
      || !frt_check_input_offset_s8 (parameters->weights_zero_offset)
      || !frt_check_output_offset_s8 (parameters->output_offset)
      || !frt_check_range_s8 (parameters->minimum, parameters->maximum))
    return FRT_E_OPERATOR;
  if (!frt_check_block (image, parameters->weights_offset,
                        frt_check_product ((uint64_t)outputs, parameters->input_depth), 1)
      || !frt_check_optional_block (image, parameters->bias_offset, (uint64_t)outputs, 4)
      || !frt_check_block (image, parameters->multiplier_offset, (uint64_t)outputs, 4)
      || !frt_check_block (image, parameters->shift_offset, (uint64_t)outputs, 1))
    return FRT_E_LAYOUT;
  return frt_check_channel_multipliers (image, parameters->multiplier_offset,
                                        parameters->shift_offset, outputs)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_fully_connected_s8 = {
  .id = FRT_KERNEL_FULLY_CONNECTED_S8,
  .parameters_size = sizeof (struct frt_fully_connected_s8_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
