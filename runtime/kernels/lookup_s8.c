/* SPDX-License-Identifier: Apache-2.0 */
/* lookup_s8.c: any function from int8 to int8, as a table. */
#include "elementwise.h"

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_lookup_parameters *parameters = frt_parameters (image, operator_);
  const int8_t *table = frt_constant (image, parameters->table_offset);
  const int32_t count = frt_element_count (frt_output_tensor (image, operator_, 0));
  const uint8_t *x = frt_input_data (image, operator_, arena, 0);
  int8_t *y = frt_output_data (image, operator_, arena, 0);

  for (int32_t i = 0; i < count; i++)
    y[i] = table[x[i]];
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_lookup_parameters *parameters = frt_parameters (image, operator_);

  return frt_check_unary (image, operator_, FRT_INT8)
                 && frt_check_block (image, parameters->table_offset, 256, 1)
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_lookup_s8 = {
  .id = FRT_KERNEL_LOOKUP_S8,
  .parameters_size = sizeof (struct frt_lookup_parameters),
  .input_count = 1,
  .output_count = 1,
  .in_place = 1 << 0,
  .check = check,
  .run = run,
};
