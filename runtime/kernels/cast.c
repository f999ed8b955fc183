/* SPDX-License-Identifier: Apache-2.0 */
/* cast.c: CAST from any type to any type. */
#include "check.h"
#include "integer.h"

/* Towards zero; what no element of TYPE holds becomes the nearest one, and NaN 0. */
static int64_t
truncate_float (float value, uint8_t type)
{
  const struct frt_integer_range range = frt_integer_range (type);

  if (type == FRT_BOOL)
    return value != 0.0f;
  if (value >= (float)range.maximum)
    return range.maximum;
  if (value <= (float)range.minimum)
    return range.minimum;
  return value == value ? (int64_t)value : 0;
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const uint8_t from = frt_input_tensor (image, operator_, 0)->type;
  const uint8_t to = frt_output_tensor (image, operator_, 0)->type;
  const int32_t count = frt_element_count (frt_output_tensor (image, operator_, 0));
  const void *x = frt_input_data (image, operator_, arena, 0);
  void *y = frt_output_data (image, operator_, arena, 0);

  for (int32_t i = 0; i < count; i++)
    if (from == FRT_FLOAT32 && to == FRT_FLOAT32)
      ((float *)y)[i] = ((const float *)x)[i];
    else if (to == FRT_FLOAT32)
      ((float *)y)[i] = (float)frt_integer_load (x, from, i);
    else if (from == FRT_FLOAT32)
      frt_integer_store (y, to, i, truncate_float (((const float *)x)[i], to));
    else
      frt_integer_store (y, to, i, frt_integer_load (x, from, i));
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  return frt_check_same_shape (frt_input_tensor (image, operator_, 0),
                               frt_output_tensor (image, operator_, 0))
             ? FRT_OK
             : FRT_E_OPERATOR;
}

const struct frt_kernel frt_cast = {
  .id = FRT_KERNEL_CAST,
  .parameters_size = 0,
  .input_count = 1,
  .output_count = 1,
  .check = check,
  .run = run,
};
