/* SPDX-License-Identifier: Apache-2.0 */
/* quantize_f32_s8.c: QUANTIZE from float to int8. */
#include "check.h"

#include <math.h>

/* Half away from zero; the comparison in float catches what no int32_t holds. A NaN gives
 * the smallest value, as on x86. */
static int8_t
quantize (float value, float scale, int32_t zero_point)
{
  const float rounded = roundf (value / scale);
  const float minimum = (float)(INT8_MIN - zero_point);
  const float maximum = (float)(INT8_MAX - zero_point);

  if (!(rounded > minimum))
    return INT8_MIN;
  if (rounded > maximum)
    return INT8_MAX;
  return (int8_t)((int32_t)rounded + zero_point);
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_quantize_parameters *parameters = frt_parameters (image, operator_);
  const int32_t count = frt_element_count (frt_output_tensor (image, operator_, 0));
  const float *x = frt_input_data (image, operator_, arena, 0);
  int8_t *y = frt_output_data (image, operator_, arena, 0);

  for (int32_t i = 0; i < count; i++)
    y[i] = quantize (x[i], parameters->scale, parameters->zero_point);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_quantize_parameters *parameters = frt_parameters (image, operator_);

  return frt_check_types (image, operator_, FRT_FLOAT32, FRT_INT8)
                 && frt_check_same_shape (frt_input_tensor (image, operator_, 0),
                                          frt_output_tensor (image, operator_, 0))
                 && frt_check_scale (parameters->scale)
                 && frt_check_output_offset_s8 (parameters->zero_point)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_quantize_f32_s8 = {
  .id = FRT_KERNEL_QUANTIZE_F32_S8,
  .parameters_size = sizeof (struct frt_quantize_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
