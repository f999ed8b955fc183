/* SPDX-License-Identifier: Apache-2.0 */
/* fully_connected_s16.c: FULLY_CONNECTED, int16 with int8 weights. */
#include "output_s16.h"

/* sum (w + OFFSET) * x; no image holds enough elements to overflow it. */
static int64_t
dot (const int16_t *x, const int8_t *w, int32_t count, int32_t offset)
{
  int64_t sum = 0;

  for (int32_t i = 0; i < count; i++)
    sum += (w[i] + offset) * x[i];
  return sum;
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_fully_connected_s16_parameters *parameters =
      frt_parameters (image, operator_);
  const struct frt_output_s16 stage = frt_output_stage_s16 (image, &parameters->output);
  const int8_t *weights = frt_constant (image, parameters->weights_offset);
  const int32_t depth = (int32_t)parameters->input_depth;
  const int32_t rows = frt_element_count (frt_input_tensor (image, operator_, 0)) / depth;
  const int32_t outputs =
      frt_element_count (frt_output_tensor (image, operator_, 0)) / rows;
  const int16_t *x = frt_input_data (image, operator_, arena, 0);
  int16_t *y = frt_output_data (image, operator_, arena, 0);

  for (int32_t row = 0; row < rows; row++, x += depth)
    for (int32_t i = 0; i < outputs; i++)
      *y++ = FRT_ROUNDED (frt_finish_s16) (
          &stage, i,
          dot (x, weights + i * depth, depth, parameters->weights_zero_offset));
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_fully_connected_s16_parameters *parameters =
      frt_parameters (image, operator_);
  const int32_t outputs =
      frt_check_output_depth (image, operator_, parameters->input_depth);

  if (!frt_check_types (image, operator_, FRT_INT16, FRT_INT16) || outputs == 0
      || !frt_check_input_offset_s8 (parameters->weights_zero_offset))
    return FRT_E_OPERATOR;
  if (!frt_check_block (image, parameters->weights_offset,
                        frt_check_product ((uint64_t)outputs, parameters->input_depth),
                        1))
    return FRT_E_LAYOUT;
  return frt_check_output_s16 (image, &parameters->output, outputs);
}

const struct frt_kernel FRT_ROUNDED (frt_fully_connected_s16) = {
  .id = FRT_ROUNDED_ID (FRT_KERNEL_FULLY_CONNECTED_S16),
  .parameters_size = sizeof (struct frt_fully_connected_s16_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
