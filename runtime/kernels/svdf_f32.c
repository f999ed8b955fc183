/* SPDX-License-Identifier: Apache-2.0 */
/* svdf_f32.c: SVDF, float. */
#include "dot_product.h"
#include "float_range.h"
#include "svdf.h"

#include <string.h>

/* What the rank's filters of one unit add up to; their states advance by one step. */
static float
sum_unit (const frt_image *image, const struct frt_svdf_f32_parameters *parameters,
          const struct frt_svdf_shape *shape, const float *x, float *state, int32_t unit)
{
  const float *feature = frt_constant (image, parameters->weights.feature_weights_offset);
  const float *time = frt_constant (image, parameters->weights.time_weights_offset);
  const float *bias = frt_constant (image, parameters->weights.bias_offset);
  const int32_t memory = shape->memory;
  float sum = bias != NULL ? bias[unit] : 0.0f;

  for (int32_t filter = unit * shape->rank; filter < (unit + 1) * shape->rank; filter++)
    {
      float *row = state + filter * memory;

      memmove (row, row + 1, (size_t)(memory - 1) * sizeof *row);
      row[memory - 1] =
          frt_dot_product_f32 (0.0f, x, feature + filter * shape->inputs, shape->inputs);
      sum = frt_dot_product_f32 (sum, row, time + filter * memory, memory);
    }
  return sum;
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_svdf_f32_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_svdf_shape shape = frt_svdf_shape (image, operator_);
  const float *x = frt_input_data (image, operator_, arena, 0);
  float *state = frt_state_data (image, operator_, arena, 1);
  float *y = frt_output_data (image, operator_, arena, 0);

  for (int32_t batch = 0; batch < shape.batches; batch++)
    {
      for (int32_t unit = 0; unit < shape.units; unit++)
        *y++ = frt_limit_f32 (sum_unit (image, parameters, &shape, x, state, unit),
                              parameters->minimum, parameters->maximum);
      x += shape.inputs;
      state += shape.units * shape.rank * shape.memory;
    }
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_svdf_f32_parameters *parameters = frt_parameters (image, operator_);

  if (!frt_check_types (image, operator_, FRT_FLOAT32, FRT_FLOAT32)
      || frt_input_tensor (image, operator_, 1)->type != FRT_FLOAT32
      || !frt_check_range_f32 (parameters->minimum, parameters->maximum))
    return FRT_E_OPERATOR;
  return frt_svdf_check (image, operator_, sizeof (float), sizeof (float));
}

const struct frt_kernel frt_svdf_f32 = {
  .id = FRT_KERNEL_SVDF_F32,
  .parameters_size = sizeof (struct frt_svdf_f32_parameters),
  .input_count = 2,
  .output_count = 1,
  .state = 1 << 1,
  .check = check,
  .run = run,
};
