/* SPDX-License-Identifier: Apache-2.0 */
/* dequantize_f32.c: DEQUANTIZE from int8, int16 or uint8 to float. */
#include "check.h"
#include "integer.h"

/* The reference multiplies in double and rounds to float. The product of a float and 17
 * bits is exact in double, so one float multiplication rounds to the same bits. */
static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_dequantize_parameters *parameters = frt_parameters (image, operator_);
  const uint8_t type = frt_input_tensor (image, operator_, 0)->type;
  const int32_t count = frt_element_count (frt_output_tensor (image, operator_, 0));
  const void *x = frt_input_data (image, operator_, arena, 0);
  float *y = frt_output_data (image, operator_, arena, 0);

  for (int32_t i = 0; i < count; i++)
    y[i] = parameters->scale
           * (float)((int32_t)frt_integer_load (x, type, i) - parameters->zero_point);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_dequantize_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_tensor *input = frt_input_tensor (image, operator_, 0);
  const struct frt_tensor *output = frt_output_tensor (image, operator_, 0);

  return output->type == FRT_FLOAT32 && frt_check_same_shape (input, output)
                 && frt_check_scale (parameters->scale)
                 && frt_check_zero_point (input->type, parameters->zero_point, false)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_dequantize_f32 = {
  .id = FRT_KERNEL_DEQUANTIZE_F32,
  .parameters_size = sizeof (struct frt_dequantize_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
