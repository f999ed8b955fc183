/* SPDX-License-Identifier: Apache-2.0 */
/* softmax_s16.c: SOFTMAX over the last axis, int16; output scale 1/32768. */
#include "check.h"
#include "fixed_point.h"

#define TABLE_SIZE 513

/* Longer rows could carry out of the 32 bits of the sum. */
#define MAX_DEPTH 65535

/* TABLE samples a function of int16 every 128 steps; interpolated at X. */
static int32_t
look_up (const int16_t *table, int32_t x)
{
  const int16_t *sample = table + 256 + (x >> 7);

  return sample[0] + (((sample[1] - sample[0]) * (x & 127) + 64) >> 7);
}

/* exp of a value that lies DIFFERENCE below the row's largest, Q0.15. */
static int32_t
exponential (const struct frt_softmax_s16_parameters *parameters, const int16_t *table,
             int32_t difference)
{
  const int32_t scaled =
      frt_multiply_by_quantized (difference, parameters->multiplier, parameters->shift);

  return look_up (table, frt_limit_s32 (scaled, INT16_MIN - INT16_MAX, 0) + INT16_MAX);
}

static void
run_row (const frt_image *image, const struct frt_softmax_s16_parameters *parameters,
         const int16_t *x, int16_t *y, int32_t depth)
{
  const int16_t *exponentials = frt_constant (image, parameters->exponentials_offset);
  const int16_t *reciprocals = frt_constant (image, parameters->reciprocals_offset);
  int32_t largest = INT16_MIN, sum = 0, headroom, mantissa, reciprocal;

  for (int32_t i = 0; i < depth; i++)
    if (x[i] > largest)
      largest = x[i];
  for (int32_t i = 0; i < depth; i++)
    {
      y[i] = (int16_t)exponential (parameters, exponentials, x[i] - largest);
      sum += y[i];
    }
  headroom = frt_leading_zeros ((uint32_t)sum);
  /* sum / 2^(15 - headroom) - 1, from [0, 1) moved to the range of int16 */
  mantissa = (int32_t)((((int64_t)sum << (headroom - 1)) + (1 << 13)) >> 14);
  reciprocal =
      look_up (reciprocals, frt_limit_s32 (mantissa - (3 << 15), INT16_MIN, INT16_MAX));
  for (int32_t i = 0; i < depth; i++)
    y[i] = (int16_t)frt_limit_s32 (
        (y[i] * reciprocal + (1 << (30 - headroom))) >> (31 - headroom), 0, INT16_MAX);
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_softmax_s16_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_tensor *tensor = frt_output_tensor (image, operator_, 0);
  const int32_t depth = frt_last_extent (tensor);
  const int16_t *input = frt_input_data (image, operator_, arena, 0);
  int16_t *output = frt_output_data (image, operator_, arena, 0);

  for (int32_t at = 0; at < frt_element_count (tensor); at += depth)
    run_row (image, parameters, input + at, output + at, depth);
}

/* No exponential is negative, and that of 0 is at least a half: sums are neither too large nor
 * too small to be normalized. */
static bool
exponentials_are_valid (const int16_t *table)
{
  for (int32_t i = 0; i < TABLE_SIZE; i++)
    if (table[i] < 0)
      return false;
  return table[TABLE_SIZE - 2] >= 1 << 14 && table[TABLE_SIZE - 1] >= 1 << 14;
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_softmax_s16_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_tensor *tensor = frt_output_tensor (image, operator_, 0);

  if (!frt_check_types (image, operator_, FRT_INT16, FRT_INT16)
      || !frt_check_same_shape (frt_input_tensor (image, operator_, 0), tensor)
      || frt_last_extent (tensor) > MAX_DEPTH
      || !frt_check_multiplier (parameters->multiplier, parameters->shift))
    return FRT_E_OPERATOR;
  if (!frt_check_block (image, parameters->exponentials_offset, TABLE_SIZE, 2)
      || !frt_check_block (image, parameters->reciprocals_offset, TABLE_SIZE, 2))
    return FRT_E_LAYOUT;
  return exponentials_are_valid (frt_constant (image, parameters->exponentials_offset))
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel FRT_ROUNDED (frt_softmax_s16) = {
  .id = FRT_ROUNDED_ID (FRT_KERNEL_SOFTMAX_S16),
  .parameters_size = sizeof (struct frt_softmax_s16_parameters),
  .input_count = 1,
  .output_count = 1,
  .in_place = 1 << 0,
  .check = check,
  .run = run,
};
