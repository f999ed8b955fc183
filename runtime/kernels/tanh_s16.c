/* SPDX-License-Identifier: Apache-2.0 */
/* tanh_s16.c: TANH, int16. */
#include "elementwise.h"
#include "sigmoid_s16.h"

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_sigmoid_s16_parameters *parameters = frt_parameters (image, operator_);
  const uint16_t *table = frt_constant (image, parameters->table_offset);
  const int32_t count = frt_element_count (frt_output_tensor (image, operator_, 0));
  const int16_t *x = frt_input_data (image, operator_, arena, 0);
  int16_t *y = frt_output_data (image, operator_, arena, 0);

  for (int32_t i = 0; i < count; i++)
    y[i] = frt_tanh_of_s16 (table, x[i], parameters->multiplier, parameters->shift);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_sigmoid_s16_parameters *parameters = frt_parameters (image, operator_);

  return frt_check_unary (image, operator_, FRT_INT16)
                 && frt_check_sigmoid_s16 (image, parameters)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_tanh_s16 = {
  .id = FRT_KERNEL_TANH_S16,
  .parameters_size = sizeof (struct frt_sigmoid_s16_parameters),
  .input_count = 1,
  .output_count = 1,
  .in_place = 1 << 0,
  .check = check,
  .run = run,
};
