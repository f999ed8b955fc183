/* SPDX-License-Identifier: Apache-2.0 */
/* lstm_f32.c: UNIDIRECTIONAL_SEQUENCE_LSTM, float. */
#include "dot_product.h"
#include "lstm.h"

#include <math.h>
#include <string.h>

static float
logistic (float x)
{
  return 1.0f / (1.0f + expf (-x));
}

static float
sum_gate (const frt_image *image, const struct frt_lstm_gate_f32 *gate,
          const struct frt_lstm_shape *shape, const float *x, const float *hidden,
          int32_t unit)
{
  const float *w = frt_constant (image, gate->input_weights_offset);
  const float *r = frt_constant (image, gate->recurrent_weights_offset);
  const float *bias = frt_constant (image, gate->bias_offset);
  const float start = bias != NULL ? bias[unit] : 0.0f;

  return frt_dot_product_f32 (
      frt_dot_product_f32 (start, x, w + unit * shape->inputs, shape->inputs), hidden,
      r + unit * shape->units, shape->units);
}

static void
run_step (const frt_image *image, const struct frt_lstm_f32_parameters *parameters,
          const struct frt_lstm_shape *shape, const float *x, float *hidden, float *cell,
          float *y)
{
  const float limit = parameters->cell_limit;

  for (int32_t unit = 0; unit < shape->units; unit++)
    {
      float sums[FRT_LSTM_GATES];

      for (int i = 0; i < FRT_LSTM_GATES; i++)
        sums[i] = sum_gate (image, &parameters->gates[i], shape, x, hidden, unit);
      cell[unit] = logistic (sums[FRT_LSTM_FORGET]) * cell[unit]
                   + logistic (sums[FRT_LSTM_INPUT]) * tanhf (sums[FRT_LSTM_CELL]);
      if (cell[unit] > limit)
        cell[unit] = limit;
      if (cell[unit] < -limit)
        cell[unit] = -limit;
      y[unit] = logistic (sums[FRT_LSTM_OUTPUT]) * tanhf (cell[unit]);
    }
  memcpy (hidden, y, (size_t)shape->units * sizeof *y);
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_lstm_f32_parameters *parameters = frt_parameters (image, operator_);
  const bool time_major = parameters->time_major;
  const struct frt_lstm_shape shape = frt_lstm_shape (image, operator_, time_major);
  const float *input = frt_input_data (image, operator_, arena, 0);
  float *hidden = frt_state_data (image, operator_, arena, 1);
  float *cell = frt_state_data (image, operator_, arena, 2);
  float *output = frt_output_data (image, operator_, arena, 0);

  for (int32_t batch = 0; batch < shape.batches; batch++)
    for (int32_t step = 0; step < shape.steps; step++)
      {
        const int32_t row = frt_lstm_row (&shape, batch, step, time_major);

        run_step (image, parameters, &shape, input + row * shape.inputs,
                  hidden + batch * shape.units, cell + batch * shape.units,
                  output + row * shape.units);
      }
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_lstm_f32_parameters *parameters = frt_parameters (image, operator_);
  const struct frt_lstm_shape shape =
      frt_lstm_shape (image, operator_, parameters->time_major);
  const uint64_t units = (uint64_t)shape.units;

  if (!frt_lstm_check_operands (image, operator_, FRT_FLOAT32, FRT_FLOAT32)
      || !frt_check_range_f32 (0.0f, parameters->cell_limit))
    return FRT_E_OPERATOR;
  for (int i = 0; i < FRT_LSTM_GATES; i++)
    {
      const struct frt_lstm_gate_f32 *gate = &parameters->gates[i];

      if (!frt_check_block (image, gate->input_weights_offset,
                            frt_check_product (units, (uint64_t)shape.inputs), 4)
          || !frt_check_block (image, gate->recurrent_weights_offset,
                               frt_check_product (units, units), 4)
          || !frt_check_optional_block (image, gate->bias_offset, units, 4))
        return FRT_E_LAYOUT;
    }
  return FRT_OK;
}

const struct frt_kernel frt_lstm_f32 = {
  .id = FRT_KERNEL_LSTM_F32,
  .parameters_size = sizeof (struct frt_lstm_f32_parameters),
  .input_count = 3,
  .output_count = 1,
  .state = 1 << 1 | 1 << 2,
  .check = check,
  .run = run,
};
