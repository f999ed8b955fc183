/* SPDX-License-Identifier: Apache-2.0 */
/* quantize_f32.c: QUANTIZE from float to int8, int16 or uint8. */
#include "check.h"
#include "integer.h"

#include <math.h>

/* Half away from zero; the comparison in float catches what no int32_t holds. A NaN gives
 * the smallest value, as on x86. */
static int32_t
quantize (float value, const struct frt_quantize_parameters *parameters, int32_t minimum,
          int32_t maximum)
{
  const float rounded = roundf (value / parameters->scale);

  if (!(rounded > (float)(minimum - parameters->zero_point)))
    return minimum;
  if (rounded > (float)(maximum - parameters->zero_point))
    return maximum;
  return (int32_t)rounded + parameters->zero_point;
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_quantize_parameters *parameters = frt_parameters (image, operator_);
  const uint8_t type = frt_output_tensor (image, operator_, 0)->type;
  const struct frt_integer_range range = frt_integer_range (type);
  const int32_t count = frt_element_count (frt_output_tensor (image, operator_, 0));
  const float *x = frt_input_data (image, operator_, arena, 0);
  void *y = frt_output_data (image, operator_, arena, 0);

  for (int32_t i = 0; i < count; i++)
    frt_integer_store (
        y, type, i,
        quantize (x[i], parameters, (int32_t)range.minimum, (int32_t)range.maximum));
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_quantize_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_tensor *input = frt_input_tensor (image, operator_, 0);
  const struct frt_tensor *output = frt_output_tensor (image, operator_, 0);

  return input->type == FRT_FLOAT32 && frt_check_same_shape (input, output)
                 && frt_check_scale (parameters->scale)
                 && frt_check_zero_point (output->type, parameters->zero_point, false)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_quantize_f32 = {
  .id = FRT_KERNEL_QUANTIZE_F32,
  .parameters_size = sizeof (struct frt_quantize_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
