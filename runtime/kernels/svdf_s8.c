/* SPDX-License-Identifier: Apache-2.0 */
/* svdf_s8.c: SVDF, int8 with a state of int16 or int8. */
#include "dot_product.h"
#include "requantize.h"
#include "svdf.h"

/* FRESH enters the state of one filter at its end, the oldest element leaves it; returns the sum
 * over time, modulo 2^32. */
static uint32_t
advance_s16 (int16_t *state, const int16_t *w, int32_t memory, int32_t fresh,
             int32_t zero_point)
{
  uint32_t sum = 0;

  for (int32_t i = 0; i < memory; i++)
    {
      state[i] = i + 1 < memory ? state[i + 1] : (int16_t)fresh;
      sum += (uint32_t)w[i] * (uint32_t)(state[i] - zero_point);
    }
  return sum;
}

static uint32_t
advance_s8 (int8_t *state, const int8_t *w, int32_t memory, int32_t fresh,
            int32_t zero_point)
{
  uint32_t sum = 0;

  for (int32_t i = 0; i < memory; i++)
    {
      state[i] = i + 1 < memory ? state[i + 1] : (int8_t)fresh;
      sum += (uint32_t)(w[i] * (state[i] - zero_point));
    }
  return sum;
}

/* What the rank's filters of one unit add up to. */
static uint32_t
sum_unit (const frt_image *image, const struct frt_svdf_s8_parameters *parameters,
          const struct frt_svdf_shape *shape, const int8_t *x, void *state, bool is_wide,
          int32_t unit)
{
  const int8_t *feature =
      frt_constant (image, parameters->weights.feature_weights_offset);
  const void *time = frt_constant (image, parameters->weights.time_weights_offset);
  const int32_t limit = is_wide ? INT16_MAX : INT8_MAX;
  const int32_t zero_point = parameters->state_zero_point;
  uint32_t sum = 0;

  for (int32_t filter = unit * shape->rank; filter < (unit + 1) * shape->rank; filter++)
    {
      const int32_t at = filter * shape->memory;
      const uint32_t product = frt_dot_product_s8 (
          x, feature + filter * shape->inputs, shape->inputs, parameters->input_offset);
      /* The reference adds the zero point behind the clamp. */
      const int32_t fresh =
          frt_limit_s32 (frt_multiply_by_quantized ((int32_t)product,
                                                    parameters->state_multiplier,
                                                    parameters->state_shift),
                         -limit - 1, limit)
          + zero_point;

      sum += is_wide ? advance_s16 ((int16_t *)state + at, (const int16_t *)time + at,
                                    shape->memory, fresh, zero_point)
                     : advance_s8 ((int8_t *)state + at, (const int8_t *)time + at,
                                   shape->memory, fresh, zero_point);
    }
  return sum;
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_svdf_s8_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_svdf_shape shape = frt_svdf_shape (image, operator_);
  const struct frt_tensor *state_tensor = frt_input_tensor (image, operator_, 1);
  const int32_t state_size = (int32_t)state_tensor->size / shape.batches;
  const uint32_t *bias = frt_constant (image, parameters->weights.bias_offset);
  const int8_t *x = frt_input_data (image, operator_, arena, 0);
  uint8_t *state = frt_state_data (image, operator_, arena, 1);
  int8_t *y = frt_output_data (image, operator_, arena, 0);

  for (int32_t batch = 0; batch < shape.batches; batch++)
    {
      for (int32_t unit = 0; unit < shape.units; unit++)
        {
          uint32_t sum = sum_unit (image, parameters, &shape, x, state,
                                   state_tensor->type == FRT_INT16, unit);

          if (bias != NULL)
            sum += bias[unit];
          *y++ = frt_narrow_s8 (frt_multiply_by_quantized ((int32_t)sum,
                                                           parameters->output_multiplier,
                                                           parameters->output_shift),
                                parameters->output_offset, INT8_MIN, INT8_MAX);
        }
      x += shape.inputs;
      state += state_size;
    }
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_svdf_s8_parameters *parameters = frt_parameters (image, operator_);
  const uint8_t state = frt_input_tensor (image, operator_, 1)->type;

  if (!frt_check_types (image, operator_, FRT_INT8, FRT_INT8)
      || (state != FRT_INT8 && state != FRT_INT16)
      || !frt_check_input_offset_s8 (parameters->input_offset)
      || !frt_check_output_offset_s8 (parameters->output_offset)
      || !frt_check_zero_point (state, parameters->state_zero_point, false)
      || !frt_check_multiplier (parameters->state_multiplier, parameters->state_shift)
      || !frt_check_multiplier (parameters->output_multiplier, parameters->output_shift))
    return FRT_E_OPERATOR;
  return frt_svdf_check (image, operator_, 1, frt_element_size (state));
}

const struct frt_kernel FRT_ROUNDED (frt_svdf_s8) = {
  .id = FRT_ROUNDED_ID (FRT_KERNEL_SVDF_S8),
  .parameters_size = sizeof (struct frt_svdf_s8_parameters),
  .input_count = 2,
  .output_count = 1,
  .state = 1 << 1,
  .check = check,
  .run = run,
};
