/* SPDX-License-Identifier: Apache-2.0 */
/* dequantize_s8_f32.c: DEQUANTIZE from int8 to float. */
#include "check.h"

/* The reference multiplies in double and rounds to float. The product of a float and nine
 * bits is exact in double, so one float multiplication rounds to the same bits. */
static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_dequantize_parameters *parameters = frt_parameters (image, operator_);
  const int32_t count = frt_element_count (frt_output_tensor (image, operator_, 0));
  const int8_t *x = frt_input_data (image, operator_, arena, 0);
  float *y = frt_output_data (image, operator_, arena, 0);

  for (int32_t i = 0; i < count; i++)
    y[i] = parameters->scale * (float)(x[i] - parameters->zero_point);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_dequantize_parameters *parameters = frt_parameters (image, operator_);

  return frt_check_types (image, operator_, FRT_INT8, FRT_FLOAT32)
                 && frt_check_same_shape (frt_input_tensor (image, operator_, 0),
                                          frt_output_tensor (image, operator_, 0))
                 && frt_check_scale (parameters->scale)
                 && frt_check_output_offset_s8 (parameters->zero_point)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_dequantize_s8_f32 = {
  .id = FRT_KERNEL_DEQUANTIZE_S8_F32,
  .parameters_size = sizeof (struct frt_dequantize_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
