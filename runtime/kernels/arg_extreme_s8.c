/* SPDX-License-Identifier: Apache-2.0 */
/* arg_extreme_s8.c: ARG_MAX and ARG_MIN along one axis, int8. */
#include "arg_extreme.h"

/* The first of the largest or smallest of COUNT values that lie STEP apart. */
static int32_t
find (const int8_t *values, int32_t count, int32_t step, bool largest)
{
  int32_t best = 0;

  for (int32_t i = 1; i < count; i++)
    if (largest ? values[i * step] > values[best * step]
                : values[i * step] < values[best * step])
      best = i;
  return best;
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena,
     bool largest)
{
  const struct frt_arg_extreme_shape shape = frt_arg_extreme_shape (image, operator_);
  const int8_t *input = frt_input_data (image, operator_, arena, 0);
  int32_t index = 0;

  for (int32_t i = 0; i < shape.outer; i++)
    {
      for (int32_t k = 0; k < shape.inner; k++)
        frt_arg_extreme_write (image, operator_, arena, index++,
                               find (input + k, shape.count, shape.inner, largest));
      input += shape.count * shape.inner;
    }
}

static void
run_max (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  run (image, operator_, arena, true);
}

static void
run_min (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  run (image, operator_, arena, false);
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  return frt_arg_extreme_check (image, operator_, FRT_INT8);
}

const struct frt_kernel frt_arg_max_s8 = {
  .id = FRT_KERNEL_ARG_MAX_S8,
  .parameters_size = sizeof (struct frt_arg_extreme_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run_max,
};

const struct frt_kernel frt_arg_min_s8 = {
  .id = FRT_KERNEL_ARG_MIN_S8,
  .parameters_size = sizeof (struct frt_arg_extreme_parameters),
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run_min,
};
