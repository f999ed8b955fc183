/* SPDX-License-Identifier: Apache-2.0 */
/* fully_connected_s8_helium.c: FULLY_CONNECTED, int8, packed for Helium. */
#include "arch/helium/helium_matrix.h"

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_fully_connected_s8_helium_parameters *parameters =
      frt_parameters (image, operator_);
  const uint32_t depth = parameters->input_depth;
  const int32_t rows =
      frt_element_count (frt_input_tensor (image, operator_, 0)) / (int32_t)depth;
  const uint32_t taps = frt_helium_taps (depth);
  const struct frt_helium_range range = { parameters->output_offset, parameters->minimum,
                                          parameters->maximum };
  const struct frt_helium_matrix matrix = frt_helium_matrix (
      frt_constant (image, parameters->weights_offset),
      frt_constant (image, parameters->channels_offset), depth,
      frt_element_count (frt_output_tensor (image, operator_, 0)) / rows, &range);
  const int8_t *x = frt_input_data (image, operator_, arena, 0);
  int8_t *y = frt_output_data (image, operator_, arena, 0);
  int8_t *filled = (int8_t *)arena + operator_->scratch_offset;

  for (int32_t row = 0; row < rows; row++, x += depth, y += matrix.outputs)
    if (depth == taps)
      frt_helium_multiply (&matrix, x, y);
    else
      {
        frt_helium_fill (filled + taps - FRT_HELIUM_TAPS, 0, FRT_HELIUM_TAPS);
        frt_helium_copy (filled, x, (int32_t)depth);
        frt_helium_multiply (&matrix, filled, y);
      }
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_fully_connected_s8_helium_parameters *parameters =
      frt_parameters (image, operator_);
  const uint32_t depth = parameters->input_depth;
  const int32_t outputs = frt_check_output_depth (image, operator_, depth);

  if (!frt_check_types (image, operator_, FRT_INT8, FRT_INT8) || outputs == 0
      || !frt_check_output_offset_s8 (parameters->output_offset)
      || !frt_check_range_s8 (parameters->minimum, parameters->maximum))
    return FRT_E_OPERATOR;
  if (depth % FRT_HELIUM_TAPS != 0 && operator_->scratch_size < frt_helium_taps (depth))
    return FRT_E_LAYOUT;
  return frt_check_helium_matrix (image, parameters->weights_offset,
                                  parameters->channels_offset, depth, outputs);
}

const struct frt_kernel frt_fully_connected_s8_helium = {
  .id = FRT_KERNEL_FULLY_CONNECTED_S8_HELIUM,
  .parameters_size = sizeof (struct frt_fully_connected_s8_helium_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
