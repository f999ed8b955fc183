/* SPDX-License-Identifier: Apache-2.0 */
/* frt_format_sequence.h: parameters of SVDF and UNIDIRECTIONAL_SEQUENCE_LSTM; part of frt_format.h. */
#pragma once

#include <stdint.h>

/* SVDF: in each batch entry and for each of the units * rank filters, the state moves by one element,
 * drops the oldest and takes in sum w * x; y is the sum over a unit's filters of sum time weight *
 * state, plus bias. */
struct frt_svdf_weights
{
  uint32_t rank;                   /* filters per unit */
  uint32_t feature_weights_offset; /* [filter][in] */
  uint32_t time_weights_offset;    /* [filter][memory], of the state's type */
  uint32_t bias_offset;            /* int32 or float per unit, or 0 */
};

/* New element: clamp (MBQM (sum w * (x + input_offset), state multiplier)) + state_zero_point; y =
 * clamp (MBQM (sum, output multiplier) + output_offset). */
struct frt_svdf_s8_parameters
{
  struct frt_svdf_weights weights;
  int32_t input_offset, state_zero_point, output_offset;
  int32_t state_multiplier, state_shift;
  int32_t output_multiplier, output_shift;
};

struct frt_svdf_f32_parameters
{
  struct frt_svdf_weights weights;
  float minimum, maximum;
};

/* The gates of an LSTM, in TensorFlow Lite's order. */
enum frt_lstm_gate_number
{
  FRT_LSTM_INPUT,
  FRT_LSTM_FORGET,
  FRT_LSTM_CELL,
  FRT_LSTM_OUTPUT,
  FRT_LSTM_GATES,
};

/* Sum of a gate, 12 fraction bits: clamp (MBQM (sum w * x + input bias)) + clamp (MBQM (sum r *
 * h + recurrent bias)), clamped. The biases hold what the zero points of x and h contribute. */
struct frt_lstm_gate
{
  uint32_t input_weights_offset;     /* int8 [unit][in] */
  uint32_t recurrent_weights_offset; /* int8 [unit][unit] */
  uint32_t input_bias_offset;        /* per unit; int32, of LSTM_S16 int64 */
  uint32_t recurrent_bias_offset;    /* the same */
  int32_t input_multiplier, input_shift;
  int32_t recurrent_multiplier, recurrent_shift;
};

/* LSTM_S8, LSTM_S16. Input [batch][step][in], or [step][batch][in] if time_major; states hidden
 * [batch][unit] and cell [batch][unit], int16. With i, f, o = logistic and g = tanh of the gates,
 * 15 fraction bits: cell = clamp (MBQM (f * cell, 2^-15) + MBQM (i * g, cell multiplier)), hidden =
 * output = clamp (MBQM (o * tanh (cell), hidden multiplier) + hidden_zero_point). */
struct frt_lstm_quantized_parameters
{
  uint32_t time_major; /* 0 or 1 */
  struct frt_lstm_gate gates[FRT_LSTM_GATES];
  uint32_t table_offset; /* as in sigmoid_s16 */
  int32_t cell_multiplier, cell_shift;
  int32_t cell_minimum, cell_maximum;
  int32_t tanh_multiplier, tanh_shift; /* of the cell, as in sigmoid_s16 */
  int32_t hidden_multiplier, hidden_shift;
  int32_t hidden_zero_point;
};

struct frt_lstm_gate_f32
{
  uint32_t input_weights_offset;     /* float [unit][in] */
  uint32_t recurrent_weights_offset; /* float [unit][unit] */
  uint32_t bias_offset;              /* float per unit, or 0 */
};

struct frt_lstm_f32_parameters
{
  uint32_t time_major;
  struct frt_lstm_gate_f32 gates[FRT_LSTM_GATES];
  float cell_limit; /* the cell stays between minus and plus this; infinity if free */
};
