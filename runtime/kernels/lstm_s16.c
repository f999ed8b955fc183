/* SPDX-License-Identifier: Apache-2.0 */
/* lstm_s16.c: UNIDIRECTIONAL_SEQUENCE_LSTM, int16 with int8 weights. */
#include "dot_product.h"
#include "lstm.h"

#include <string.h>

/* Sum of one gate for unit UNIT, 12 fraction bits. */
static int16_t
sum_gate (const frt_image *image, const struct frt_lstm_gate *gate,
          const struct frt_lstm_shape *shape, const int16_t *x, const int16_t *hidden,
          int32_t unit)
{
  const int8_t *w = frt_constant (image, gate->input_weights_offset);
  const int8_t *r = frt_constant (image, gate->recurrent_weights_offset);
  const uint64_t *input_bias = frt_constant (image, gate->input_bias_offset);
  const uint64_t *recurrent_bias = frt_constant (image, gate->recurrent_bias_offset);
  const uint64_t from_input =
      input_bias[unit]
      + (uint64_t)frt_dot_product_s16 (x, w + unit * shape->inputs, shape->inputs);
  const uint64_t from_hidden =
      recurrent_bias[unit]
      + (uint64_t)frt_dot_product_s16 (hidden, r + unit * shape->units, shape->units);

  return frt_lstm_saturate (
      frt_lstm_saturate (frt_multiply_wide_by_quantized (
          (int64_t)from_input, gate->input_multiplier, gate->input_shift))
      + frt_lstm_saturate (frt_multiply_wide_by_quantized (
          (int64_t)from_hidden, gate->recurrent_multiplier, gate->recurrent_shift)));
}

static void
run_step (const frt_image *image, const struct frt_lstm_quantized_parameters *parameters,
          const struct frt_lstm_shape *shape, const int16_t *x, int16_t *hidden,
          int16_t *cell, int16_t *y)
{
  const int32_t zero_point = parameters->hidden_zero_point;

  for (int32_t unit = 0; unit < shape->units; unit++)
    {
      int16_t sums[FRT_LSTM_GATES];
      int32_t value;

      for (int i = 0; i < FRT_LSTM_GATES; i++)
        sums[i] = sum_gate (image, &parameters->gates[i], shape, x, hidden, unit);
      value = frt_lstm_update (image, parameters, sums, &cell[unit]);
      y[unit] =
          (int16_t)(frt_limit_s32 (value, INT16_MIN - zero_point, INT16_MAX - zero_point)
                    + zero_point);
    }
  memcpy (hidden, y, (size_t)shape->units * sizeof *y);
}

static void
run (const frt_image *image, const struct frt_operator *operator_, uint8_t *arena)
{
  const struct frt_lstm_quantized_parameters *parameters =
      frt_parameters (image, operator_);
  const bool time_major = parameters->time_major;
  const struct frt_lstm_shape shape = frt_lstm_shape (image, operator_, time_major);
  const int16_t *input = frt_input_data (image, operator_, arena, 0);
  int16_t *hidden = frt_state_data (image, operator_, arena, 1);
  int16_t *cell = frt_state_data (image, operator_, arena, 2);
  int16_t *output = frt_output_data (image, operator_, arena, 0);

  for (int32_t batch = 0; batch < shape.batches; batch++)
    for (int32_t step = 0; step < shape.steps; step++)
      {
        const int32_t row = frt_lstm_row (&shape, batch, step, time_major);

        run_step (image, parameters, &shape, input + row * shape.inputs,
                  hidden + batch * shape.units, cell + batch * shape.units,
                  output + row * shape.units);
      }
}

/* The rounding of 64-bit values shifts right by 15 - shift, at least by one. */
static bool
shifts_are_valid (const frt_image *image, const struct frt_operator *operator_)
{
  const struct frt_lstm_quantized_parameters *parameters =
      frt_parameters (image, operator_);

  for (int i = 0; i < FRT_LSTM_GATES; i++)
    if (parameters->gates[i].input_shift > FRT_MAX_WIDE_SHIFT
        || parameters->gates[i].recurrent_shift > FRT_MAX_WIDE_SHIFT)
      return false;
  return true;
}

static int
check (const frt_image *image, const struct frt_operator *operator_)
{
  if (!shifts_are_valid (image, operator_))
    return FRT_E_OPERATOR;
  return frt_lstm_check_quantized (image, operator_, FRT_INT16, sizeof (int64_t));
}

const struct frt_kernel FRT_ROUNDED (frt_lstm_s16) = {
  .id = FRT_ROUNDED_ID (FRT_KERNEL_LSTM_S16),
  .parameters_size = sizeof (struct frt_lstm_quantized_parameters),
  .input_count = 3,
  .output_count = 1,
  .state = 1 << 1 | 1 << 2,
  .check = check,
  .run = run,
};
