/* SPDX-License-Identifier: Apache-2.0 */
/* compare_f32.c: EQUAL, LESS and their like of float, with broadcasting. */
#include "elementwise.h"

static void
run_row (const struct frt_compare_parameters *parameters,
         const struct frt_broadcast *walk, const float *a, const float *b, uint8_t *y)
{
  for (int32_t i = 0; i < walk->extent[0]; i++)
    {
      const uint32_t outcome = *a < *b    ? FRT_LESS
                               : *a > *b  ? FRT_GREATER
                               : *a == *b ? FRT_EQUAL
                                          : FRT_UNORDERED;

      y[i] = (parameters->accepted & outcome) != 0;
      a += walk->step[0][0];
      b += walk->step[1][0];
    }
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_compare_parameters *parameters = frt_parameters (image, operator_);
  const float *a = frt_input_data (image, operator_, arena, 0);
  const float *b = frt_input_data (image, operator_, arena, 1);
  uint8_t *output = frt_output_data (image, operator_, arena, 0);
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
  return frt_check_binary (image, operator_, FRT_FLOAT32, FRT_BOOL) ? FRT_OK
                                                                    : FRT_E_OPERATOR;
}

const struct frt_kernel frt_compare_f32 = {
  .id = FRT_KERNEL_COMPARE_F32,
  .parameters_size = sizeof (struct frt_compare_parameters),
  .input_count = 2,
  .output_count = 1,
  .check = check,
  .run = run,
};
