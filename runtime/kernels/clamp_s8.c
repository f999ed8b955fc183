/* SPDX-License-Identifier: Apache-2.0 */
/* clamp_s8.c: RELU6, int8: input and output have the same quantization. */
#include "check.h"
#include "requantize.h"

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_clamp_s8_parameters *parameters = frt_parameters (image, operator_);
  const int32_t count = frt_element_count (frt_output_tensor (image, operator_, 0));
  const int8_t *x = frt_input_data (image, operator_, arena, 0);
  int8_t *y = frt_output_data (image, operator_, arena, 0);

  for (int32_t i = 0; i < count; i++)
    y[i] = (int8_t)frt_limit_s32 (x[i], parameters->minimum, parameters->maximum);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_clamp_s8_parameters *parameters = frt_parameters (image, operator_);

  return frt_check_types (image, operator_, FRT_INT8, FRT_INT8)
                 && frt_check_same_shape (frt_input_tensor (image, operator_, 0),
                                          frt_output_tensor (image, operator_, 0))
                 && frt_check_range_s8 (parameters->minimum, parameters->maximum)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_clamp_s8 = {
  .id = FRT_KERNEL_CLAMP_S8,
  .parameters_size = sizeof (struct frt_clamp_s8_parameters),
  .input_count = 1,
  .output_count = 1,
  .in_place = 1 << 0,
  .check = check,
  .run = run,
};
