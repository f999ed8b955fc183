/* SPDX-License-Identifier: Apache-2.0 */
/* add_s8_helium.c: ADD, int8, for Helium: two inputs of one shape. */
#include "arch/helium/helium.h"
#include "check.h"

#define LANES 4

#if FRT_HAS_MVE
static inline int32x4_t
term (int32x4_t value, int32_t offset, int32_t left_shift, int32_t multiplier,
      int32x4_t shift)
{
  return frt_helium_scale (vshlq_r_s32 (vaddq_n_s32 (value, offset), left_shift),
                           vdupq_n_s32 (multiplier), shift);
}

static void
add (const struct frt_binary_s8_parameters *parameters, const int8_t *a, const int8_t *b,
     int8_t *y, int32_t count)
{
  const int32x4_t shift1 = vdupq_n_s32 (parameters->input1_shift);
  const int32x4_t shift2 = vdupq_n_s32 (parameters->input2_shift);
  const int32x4_t shift = vdupq_n_s32 (parameters->output_shift);
  const int32_t offset = parameters->output_offset;
  const int32x4_t minimum = vdupq_n_s32 (parameters->minimum - offset);
  const int32x4_t maximum = vdupq_n_s32 (parameters->maximum - offset);

  for (; count > 0; count -= LANES, a += LANES, b += LANES, y += LANES)
    {
      const mve_pred16_t lanes = vctp32q ((uint32_t)count);
      const int32x4_t sum = vaddq_s32 (
          term (vldrbq_z_s32 (a, lanes), parameters->input1_offset,
                parameters->left_shift, parameters->input1_multiplier, shift1),
          term (vldrbq_z_s32 (b, lanes), parameters->input2_offset,
                parameters->left_shift, parameters->input2_multiplier, shift2));
      const int32x4_t value =
          frt_helium_scale (sum, vdupq_n_s32 (parameters->output_multiplier), shift);

      vstrbq_p_s32 (y,
                    vaddq_n_s32 (vminq_s32 (vmaxq_s32 (value, minimum), maximum), offset),
                    lanes);
    }
}
#else
static int32_t
term (int32_t value, int32_t left_shift, int32_t multiplier, int32_t shift)
{
  return frt_multiply_by_quantized (frt_wrapping_shift_left (value, left_shift),
                                    multiplier, shift);
}

static void
add (const struct frt_binary_s8_parameters *parameters, const int8_t *a, const int8_t *b,
     int8_t *y, int32_t count)
{
  for (int32_t i = 0; i < count; i++)
    {
      const int32_t sum = frt_wrapping_add (
          term (a[i] + parameters->input1_offset, parameters->left_shift,
                parameters->input1_multiplier, parameters->input1_shift),
          term (b[i] + parameters->input2_offset, parameters->left_shift,
                parameters->input2_multiplier, parameters->input2_shift));

      y[i] = frt_narrow_s8 (frt_multiply_by_quantized (sum, parameters->output_multiplier,
                                                       parameters->output_shift),
                            parameters->output_offset, parameters->minimum,
                            parameters->maximum);
    }
}
#endif

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  add (frt_parameters (image, operator_), frt_input_data (image, operator_, arena, 0),
       frt_input_data (image, operator_, arena, 1),
       frt_output_data (image, operator_, arena, 0),
       frt_element_count (frt_output_tensor (image, operator_, 0)));
}

static bool
shifts_to_the_right (int32_t multiplier, int32_t shift)
{
  return multiplier >= 0 && shift <= 0 && shift >= -FRT_MAX_SHIFT;
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_binary_s8_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_tensor *output = frt_output_tensor (image, operator_, 0);

  return image->header->packing == FRT_PACKING_HELIUM
                 && frt_check_types (image, operator_, FRT_INT8, FRT_INT8)
                 && frt_input_tensor (image, operator_, 1)->type == FRT_INT8
                 && frt_input_tensor (image, operator_, 0)->size == output->size
                 && frt_input_tensor (image, operator_, 1)->size == output->size
                 && shifts_to_the_right (parameters->input1_multiplier,
                                         parameters->input1_shift)
                 && shifts_to_the_right (parameters->input2_multiplier,
                                         parameters->input2_shift)
                 && shifts_to_the_right (parameters->output_multiplier,
                                         parameters->output_shift)
                 && parameters->left_shift >= 0 && parameters->left_shift <= FRT_MAX_SHIFT
                 && frt_check_input_offset_s8 (parameters->input1_offset)
                 && frt_check_input_offset_s8 (parameters->input2_offset)
                 && frt_check_output_offset_s8 (parameters->output_offset)
                 && frt_check_range_s8 (parameters->minimum, parameters->maximum)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_add_s8_helium = {
  .id = FRT_KERNEL_ADD_S8_HELIUM,
  .parameters_size = sizeof (struct frt_binary_s8_parameters),
  .input_count = 2,
  .output_count = 1,
  .in_place = 1 << 0 | 1 << 1,
  .check = check,
  .run = run,
};
