/* SPDX-License-Identifier: Apache-2.0 */
/* lstm.h: what the kernels of the LSTM share.
 *
 * Operands: the input, then the hidden and the cell state, [batch][unit] each. Units are
 * computed one by one; the new hidden state is the output of the step, so the old one stays
 * readable until all units are done, without scratch memory. */
#pragma once

#include "check.h"
#include "requantize.h"
#include "sigmoid_s16.h"

struct frt_lstm_shape
{
  int32_t batches, steps, inputs, units;
};

static inline struct frt_lstm_shape
frt_lstm_shape (const frt_image *image, const struct frt_operator *operator_,
                bool time_major)
{
  const int32_t *input = frt_input_tensor (image, operator_, 0)->dimensions;
  const int32_t *output = frt_output_tensor (image, operator_, 0)->dimensions;

  return (struct frt_lstm_shape){ .batches = input[time_major ? 1 : 0],
                                  .steps = input[time_major ? 0 : 1],
                                  .inputs = input[2],
                                  .units = output[2] };
}

/* Where step STEP of batch entry BATCH lies among the rows of input and output. */
static inline int32_t
frt_lstm_row (const struct frt_lstm_shape *shape, int32_t batch, int32_t step,
              bool time_major)
{
  return time_major ? step * shape->batches + batch : batch * shape->steps + step;
}

/* Types and shapes of the operands: input, states and output. */
bool frt_lstm_check_operands (const frt_image *image,
                              const struct frt_operator *operator_, uint8_t activation,
                              uint8_t cell);

/* All of a quantized LSTM; ACTIVATION is the type of all but the cell, BIAS_SIZE the bytes
 * of an element of a bias. */
int frt_lstm_check_quantized (const frt_image *image,
                              const struct frt_operator *operator_, uint8_t activation,
                              uint32_t bias_size);

static inline int16_t
frt_lstm_saturate (int32_t value)
{
  return (int16_t)frt_limit_s32 (value, INT16_MIN, INT16_MAX);
}

/* Takes the sums of the four gates of one unit, updates its cell and returns the hidden value
 * before the zero point is added. */
static inline int32_t
frt_lstm_update (const frt_image *image,
                 const struct frt_lstm_quantized_parameters *parameters,
                 const int16_t sums[4], int16_t *cell)
{
  const uint16_t *table = frt_constant (image, parameters->table_offset);
  const int32_t input = frt_logistic_of_s16 (table, sums[FRT_LSTM_INPUT], 3, 0);
  const int32_t forget = frt_logistic_of_s16 (table, sums[FRT_LSTM_FORGET], 3, 0);
  const int32_t fresh = frt_tanh_of_s16 (table, sums[FRT_LSTM_CELL], 3, 0);
  const int32_t output = frt_logistic_of_s16 (table, sums[FRT_LSTM_OUTPUT], 3, 0);
  /* 2^-15, with the two roundings of the reference. */
  const int32_t kept =
      frt_lstm_saturate (frt_multiply_by_quantized (forget * *cell, 1 << 30, -14));
  const int32_t added = frt_lstm_saturate (frt_multiply_by_quantized (
      input * fresh, parameters->cell_multiplier, parameters->cell_shift));

  *cell = (int16_t)frt_limit_s32 (kept + added, parameters->cell_minimum,
                                  parameters->cell_maximum);
  return frt_multiply_by_quantized (
      output
          * frt_tanh_of_s16 (table, *cell, parameters->tanh_multiplier,
                             parameters->tanh_shift),
      parameters->hidden_multiplier, parameters->hidden_shift);
}
