/* SPDX-License-Identifier: Apache-2.0 */
/* lstm_s8.c: UNIDIRECTIONAL_SEQUENCE_LSTM, int8 with an int16 cell state. */
#include "dot_product.h"
#include "lstm.h"

#include <string.h>

/* Sum of one gate for unit UNIT, 12 fraction bits. */
static int16_t
sum_gate (const frt_image *image, const struct frt_lstm_gate *gate,
          const struct frt_lstm_shape *shape, const int8_t *x, const int8_t *hidden,
          int32_t unit)
{
  const int8_t *w = frt_constant (image, gate->input_weights_offset);
  const int8_t *r = frt_constant (image, gate->recurrent_weights_offset);
  const uint32_t *input_bias = frt_constant (image, gate->input_bias_offset);
  const uint32_t *recurrent_bias = frt_constant (image, gate->recurrent_bias_offset);
  const uint32_t from_input =
      input_bias[unit]
      + frt_dot_product_s8 (x, w + unit * shape->inputs, shape->inputs, 0);
  const uint32_t from_hidden =
      recurrent_bias[unit]
      + frt_dot_product_s8 (hidden, r + unit * shape->units, shape->units, 0);

  return frt_lstm_saturate (
      frt_lstm_saturate (frt_multiply_by_quantized (
          (int32_t)from_input, gate->input_multiplier, gate->input_shift))
      + frt_lstm_saturate (frt_multiply_by_quantized (
          (int32_t)from_hidden, gate->recurrent_multiplier, gate->recurrent_shift)));
}

static void
run_step (const frt_image *image, const struct frt_lstm_quantized_parameters *parameters,
          const struct frt_lstm_shape *shape, const int8_t *x, int8_t *hidden,
          int16_t *cell, int8_t *y)
{
  for (int32_t unit = 0; unit < shape->units; unit++)
    {
      int16_t sums[FRT_LSTM_GATES];

      for (int i = 0; i < FRT_LSTM_GATES; i++)
        sums[i] = sum_gate (image, &parameters->gates[i], shape, x, hidden, unit);
      y[unit] = frt_narrow_s8 (frt_lstm_update (image, parameters, sums, &cell[unit]),
                               parameters->hidden_zero_point, INT8_MIN, INT8_MAX);
    }
  memcpy (hidden, y, (size_t)shape->units);
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_lstm_quantized_parameters *parameters =
      frt_parameters (image, operator_);
  const bool time_major = parameters->time_major;
  const struct frt_lstm_shape shape = frt_lstm_shape (image, operator_, time_major);
  const int8_t *input = frt_input_data (image, operator_, arena, 0);
  int8_t *hidden = frt_state_data (image, operator_, arena, 1);
  int16_t *cell = frt_state_data (image, operator_, arena, 2);
  int8_t *output = frt_output_data (image, operator_, arena, 0);

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
  return frt_lstm_check_quantized (image, operator_, FRT_INT8, sizeof (int32_t));
}

const struct frt_kernel FRT_ROUNDED (frt_lstm_s8) = {
  .id = FRT_ROUNDED_ID (FRT_KERNEL_LSTM_S8),
  .parameters_size = sizeof (struct frt_lstm_quantized_parameters),
  .input_count = 3,
  .output_count = 1,
  .state = 1 << 1 | 1 << 2,
  .check = check,
  .run = run,
};
