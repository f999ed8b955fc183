/* SPDX-License-Identifier: Apache-2.0 */
/* requantize_s8.c: QUANTIZE from int8 to int8, and RELU. */
#include "check.h"
#include "requantize.h"

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_requantize_s8_parameters *parameters =
      frt_parameters (image, operator_);
  const int32_t count = frt_element_count (frt_output_tensor (image, operator_, 0));
  const int8_t *x = frt_input_data (image, operator_, arena, 0);
  int8_t *y = frt_output_data (image, operator_, arena, 0);

  for (int32_t i = 0; i < count; i++)
    y[i] = frt_narrow_s8 (
        frt_multiply_by_quantized (x[i] + parameters->input_offset,
                                   parameters->multiplier, parameters->shift),
        parameters->output_offset, parameters->minimum, parameters->maximum);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_requantize_s8_parameters *parameters =
      frt_parameters (image, operator_);

  return frt_check_types (image, operator_, FRT_INT8, FRT_INT8)
                 && frt_check_same_shape (frt_input_tensor (image, operator_, 0),
                                          frt_output_tensor (image, operator_, 0))
                 && frt_check_input_offset_s8 (parameters->input_offset)
                 && frt_check_output_offset_s8 (parameters->output_offset)
                 && frt_check_multiplier (parameters->multiplier, parameters->shift)
                 && frt_check_range_s8 (parameters->minimum, parameters->maximum)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel FRT_ROUNDED (frt_requantize_s8) = {
  .id = FRT_ROUNDED_ID (FRT_KERNEL_REQUANTIZE_S8),
  .parameters_size = sizeof (struct frt_requantize_s8_parameters),
  .input_count = 1,
  .output_count = 1,
  .in_place = 1 << 0,
  .check = check,
  .run = run,
};
