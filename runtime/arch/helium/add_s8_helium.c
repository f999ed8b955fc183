/* SPDX-License-Identifier: Apache-2.0 */
/* add_s8_helium.c: ADD, int8, packed for Helium: two inputs of one shape. */
#include "arch/helium/helium.h"
#include "check.h"

#define LANES 4

#if FRT_HAS_MVE
/* SHIFT, to the right, in all lanes and as a number: one instruction takes it so, the other so. */
struct factor
{
  int32_t multiplier;
  int32_t shift;
  int32x4_t shifts;
};

static inline struct factor
make_factor (int32_t multiplier, int32_t shift)
{
  return (struct factor){ multiplier, shift, vdupq_n_s32 (shift) };
}

/* SRDHM, then RDBPOT: VQRDMULH rounds ties upwards as SRDHM does; VRSHL does too, so negative values are made
 * smaller by 1 before it, unless the shift is 0. */
static inline int32x4_t
scale (int32x4_t value, const struct factor *factor)
{
  const int32x4_t high = vqrdmulhq_n_s32 (value, factor->multiplier);
  const int32x4_t correction = vshrq_n_s32 (vandq_s32 (high, factor->shifts), 31);

  return vrshlq_n_s32 (vqaddq_s32 (high, correction), factor->shift);
}

struct addition
{
  struct factor first, second, total;
  int32_t offset1, offset2, left_shift, offset;
  int32x4_t minimum, maximum;
};

static inline int32x4_t
add_four (const struct addition *addition, int32x4_t a, int32x4_t b)
{
  const int32_t left_shift = addition->left_shift;
  const int32x4_t sum =
      vaddq_s32 (scale (vshlq_r_s32 (vaddq_n_s32 (a, addition->offset1), left_shift),
                        &addition->first),
                 scale (vshlq_r_s32 (vaddq_n_s32 (b, addition->offset2), left_shift),
                        &addition->second));
  const int32x4_t value = vminq_s32 (
      vmaxq_s32 (scale (sum, &addition->total), addition->minimum), addition->maximum);

  return vaddq_n_s32 (value, addition->offset);
}

static void
add (const struct frt_binary_s8_parameters *parameters, const int8_t *a, const int8_t *b,
     int8_t *y, int32_t count)
{
  const int32_t offset = parameters->output_offset;
  const struct addition addition = {
    .first = make_factor (parameters->input1_multiplier, parameters->input1_shift),
    .second = make_factor (parameters->input2_multiplier, parameters->input2_shift),
    .total = make_factor (parameters->output_multiplier, parameters->output_shift),
    .offset1 = parameters->input1_offset,
    .offset2 = parameters->input2_offset,
    .left_shift = parameters->left_shift,
    .offset = offset,
    .minimum = vdupq_n_s32 (parameters->minimum - offset),
    .maximum = vdupq_n_s32 (parameters->maximum - offset),
  };
  const int32_t whole = count / LANES * LANES;

  for (int32_t i = 0; i < whole; i += LANES)
    vstrbq_s32 (y + i, add_four (&addition, vldrbq_s32 (a + i), vldrbq_s32 (b + i)));
  if (whole < count)
    {
      const mve_pred16_t lanes = vctp32q ((uint32_t)(count - whole));

      vstrbq_p_s32 (y + whole,
                    add_four (&addition, vldrbq_z_s32 (a + whole, lanes),
                              vldrbq_z_s32 (b + whole, lanes)),
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
