/* SPDX-License-Identifier: Apache-2.0 */
/* requantize.c: QUANTIZE between int8, int16, int32 and uint8. */
#include "check.h"
#include "integer.h"
#include "requantize.h"

static int64_t
limit (int64_t value, struct frt_integer_range range)
{
  return value < range.minimum   ? range.minimum
         : value > range.maximum ? range.maximum
                                 : value;
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_requantize_parameters *parameters = frt_parameters (image, operator_);
  const uint8_t from = frt_input_tensor (image, operator_, 0)->type;
  const uint8_t to = frt_output_tensor (image, operator_, 0)->type;
  const int32_t count = frt_element_count (frt_output_tensor (image, operator_, 0));
  const struct frt_integer_range range = frt_integer_range (to);
  const void *x = frt_input_data (image, operator_, arena, 0);
  void *y = frt_output_data (image, operator_, arena, 0);

  for (int32_t i = 0; i < count; i++)
    {
      const int64_t difference =
          frt_integer_load (x, from, i) - parameters->input_zero_point;
      const int32_t scaled = frt_multiply_by_quantized (
          (int32_t)difference, parameters->multiplier, parameters->shift);

      frt_integer_store (y, to, i,
                         limit ((int64_t)scaled + parameters->output_zero_point, range));
    }
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_requantize_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_tensor *input = frt_input_tensor (image, operator_, 0);
  const struct frt_tensor *output = frt_output_tensor (image, operator_, 0);

  return frt_check_same_shape (input, output)
                 && frt_check_zero_point (input->type, parameters->input_zero_point, true)
                 && frt_check_zero_point (output->type, parameters->output_zero_point,
                                          true)
                 && frt_check_multiplier (parameters->multiplier, parameters->shift)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel FRT_ROUNDED (frt_requantize) = {
  .id = FRT_ROUNDED_ID (FRT_KERNEL_REQUANTIZE),
  .parameters_size = sizeof (struct frt_requantize_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
