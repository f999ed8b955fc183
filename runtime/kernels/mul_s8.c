/* SPDX-License-Identifier: Apache-2.0 */
/* mul_s8.c: MUL, int8, with broadcasting. */
#include "broadcast.h"
#include "check.h"
#include "requantize.h"

static void
run_row (const struct frt_binary_s8_parameters *parameters,
         const struct frt_broadcast *walk, const int8_t *a, const int8_t *b, int8_t *y)
{
  for (int32_t i = 0; i < walk->extent[0]; i++)
    {
      const int32_t product =
          (*a + parameters->input1_offset) * (*b + parameters->input2_offset);

      y[i] = frt_narrow_s8 (
          frt_multiply_by_quantized (product, parameters->output_multiplier,
                                     parameters->output_shift),
          parameters->output_offset, parameters->minimum, parameters->maximum);
      a += walk->step[0][0];
      b += walk->step[1][0];
    }
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_binary_s8_parameters *parameters = frt_parameters (image, operator_);
  const int8_t *a = frt_input_data (image, operator_, arena, 0);
  const int8_t *b = frt_input_data (image, operator_, arena, 1);
  int8_t *output = frt_output_data (image, operator_, arena, 0);
  struct frt_broadcast walk;

  frt_broadcast_start (&walk, image, operator_);
  while (frt_broadcast_next (&walk))
    {
      run_row (parameters, &walk, a + walk.offset[0], b + walk.offset[1], output);
      output += walk.extent[0];
    }
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_binary_s8_parameters *parameters = frt_parameters (image, operator_);

  return frt_check_types (image, operator_, FRT_INT8, FRT_INT8)
                 && frt_input_tensor (image, operator_, 1)->type == FRT_INT8
                 && frt_broadcast_check (image, operator_)
                 && frt_check_input_offset_s8 (parameters->input1_offset)
                 && frt_check_input_offset_s8 (parameters->input2_offset)
                 && frt_check_output_offset_s8 (parameters->output_offset)
                 && frt_check_multiplier (parameters->output_multiplier,
                                          parameters->output_shift)
                 && frt_check_range_s8 (parameters->minimum, parameters->maximum)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel FRT_ROUNDED (frt_mul_s8) = {
  .id = FRT_ROUNDED_ID (FRT_KERNEL_MUL_S8),
  .parameters_size = sizeof (struct frt_binary_s8_parameters),
  .input_count = 2,
  .output_count = 1,
  .in_place = 1 << 0 | 1 << 1,
  .check = check,
  .run = run,
};
