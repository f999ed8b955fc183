/* SPDX-License-Identifier: Apache-2.0 */
/* fully_connected_s8_packed.c: FULLY_CONNECTED, int8, packed for ARMv7E-M. */
#include "arch/packed_matrix.h"

static uint32_t
tile_size (const struct frt_fully_connected_s8_packed_parameters *parameters,
           int32_t rows)
{
  return frt_packed_tile_words (parameters->input_depth, rows > 1 ? 2 : 1)
         * (uint32_t)sizeof (uint32_t);
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_fully_connected_s8_packed_parameters *parameters =
      frt_parameters (image, operator_);
  const int32_t depth = (int32_t)parameters->input_depth;
  const int32_t rows = frt_element_count (frt_input_tensor (image, operator_, 0)) / depth;
  const struct frt_packed_matrix matrix = {
    .weights = frt_constant (image, parameters->weights_offset),
    .channels = frt_constant (image, parameters->channels_offset),
    .taps = frt_packed_taps (parameters->input_depth),
    .outputs = frt_element_count (frt_output_tensor (image, operator_, 0)) / rows,
    .range = { parameters->minimum, parameters->maximum },
  };
  const int8_t *x = frt_input_data (image, operator_, arena, 0);

  frt_packed_multiply_rows (&matrix, (void *)(arena + operator_->scratch_offset), x,
                            depth, rows, frt_output_data (image, operator_, arena, 0));
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_fully_connected_s8_packed_parameters *parameters =
      frt_parameters (image, operator_);
  const int32_t outputs =
      frt_check_output_depth (image, operator_, parameters->input_depth);
  int32_t rows;

  if (!frt_check_types (image, operator_, FRT_INT8, FRT_INT8) || outputs == 0
      || !frt_check_range_s8 (parameters->minimum, parameters->maximum))
    return FRT_E_OPERATOR;
  rows = frt_element_count (frt_input_tensor (image, operator_, 0))
         / (int32_t)parameters->input_depth;
  if (operator_->scratch_size < tile_size (parameters, rows))
    return FRT_E_LAYOUT;
  return frt_check_packed_matrix (image, parameters->weights_offset,
                                  parameters->channels_offset, parameters->input_depth,
                                  outputs);
}

const struct frt_kernel frt_fully_connected_s8_packed = {
  .id = FRT_KERNEL_FULLY_CONNECTED_S8_PACKED,
  .parameters_size = sizeof (struct frt_fully_connected_s8_packed_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
