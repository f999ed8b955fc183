/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sequence-ranges.c: what the states of a float layer hold while it runs. */
#include "tuner/sequence-ranges.h"
#include "model/sequence.h"

#include <math.h>

enum
{
  GATE_INPUT,
  GATE_FORGET,
  GATE_CELL,
  GATE_OUTPUT,
  N_GATES
};

typedef struct
{
  const float *weights[N_GATES], *recurrent[N_GATES], *biases[N_GATES];
  gsize n_units, depth;
  float clip;     /* 0: none */
  double *hidden; /* of one batch entry */
  double *cell;
} Lstm;

static const float *
get_constant (FettleGraph *graph, const FettleOperator *operator_, guint k)
{
  gint32 input = fettle_operator_get_input (operator_, k);

  return input >= 0 ? g_bytes_get_data (
             fettle_graph_get_tensor (graph, (guint)input)->data, NULL)
                    : NULL;
}

static double
sigmoid (double x)
{
  return 1.0 / (1.0 + exp (-x));
}

/* What goes into gate GATE of unit UNIT at one step. */
static double
sum_gate (const Lstm *lstm, guint gate, gsize unit, const float *input)
{
  const float *weights = lstm->weights[gate] + unit * lstm->depth;
  const float *recurrent = lstm->recurrent[gate] + unit * lstm->n_units;
  double sum = lstm->biases[gate] != NULL ? (double)lstm->biases[gate][unit] : 0.0;

  for (gsize i = 0; i < lstm->depth; i++)
    sum += (double)weights[i] * (double)input[i];
  for (gsize i = 0; i < lstm->n_units; i++)
    sum += (double)recurrent[i] * lstm->hidden[i];
  return sum;
}

static void
advance (Lstm *lstm, const float *input, double *next_hidden, FettleRange *range)
{
  for (gsize unit = 0; unit < lstm->n_units; unit++)
    {
      double kept =
          sigmoid (sum_gate (lstm, GATE_FORGET, unit, input)) * lstm->cell[unit];
      double added = sigmoid (sum_gate (lstm, GATE_INPUT, unit, input))
                     * tanh (sum_gate (lstm, GATE_CELL, unit, input));
      double cell = kept + added;

      if (lstm->clip > 0.0f)
        cell = CLAMP (cell, -(double)lstm->clip, (double)lstm->clip);
      lstm->cell[unit] = cell;
      next_hidden[unit] =
          sigmoid (sum_gate (lstm, GATE_OUTPUT, unit, input)) * tanh (cell);
      range->minimum = MIN (range->minimum, (float)cell);
      range->maximum = MAX (range->maximum, (float)cell);
    }
  for (gsize unit = 0; unit < lstm->n_units; unit++)
    lstm->hidden[unit] = next_hidden[unit];
}

static void
widen_by_cell (FettleGraph *graph, const FettleOperator *operator_, const float *input,
               FettleRange *range)
{
  const FettleTensor *tensor =
      fettle_graph_get_tensor (graph, (guint)fettle_operator_get_input (operator_, 0));
  const FettleTensor *output =
      fettle_graph_get_tensor (graph, (guint)fettle_operator_get_output (operator_, 0));
  gboolean time_major = operator_->options.time_major;
  gsize n_steps = (gsize)tensor->shape[time_major ? 0 : 1];
  gsize n_batches = (gsize)tensor->shape[time_major ? 1 : 0];
  Lstm lstm = {
    .n_units = (gsize)output->shape[2],
    .depth = (gsize)tensor->shape[2],
    .clip = operator_->options.cell_clip,
  };
  g_autofree double *states = g_new (double, 3 * lstm.n_units);

  for (guint gate = 0; gate < N_GATES; gate++)
    {
      lstm.weights[gate] =
          get_constant (graph, operator_, FETTLE_LSTM_INPUT_WEIGHTS + gate);
      lstm.recurrent[gate] =
          get_constant (graph, operator_, FETTLE_LSTM_RECURRENT_WEIGHTS + gate);
      lstm.biases[gate] = get_constant (graph, operator_, FETTLE_LSTM_BIASES + gate);
    }
  lstm.hidden = states;
  lstm.cell = states + lstm.n_units;
  for (gsize batch = 0; batch < n_batches; batch++)
    {
      for (gsize unit = 0; unit < 2 * lstm.n_units; unit++)
        states[unit] = 0.0;
      for (gsize step = 0; step < n_steps; step++)
        {
          gsize row = time_major ? step * n_batches + batch : batch * n_steps + step;

          advance (&lstm, input + row * lstm.depth, states + 2 * lstm.n_units, range);
        }
    }
}

/* The memory holds one product of the feature weights for each step. */
static void
widen_by_memory (FettleGraph *graph, const FettleOperator *operator_, const float *input,
                 FettleRange *range)
{
  const float *weights = get_constant (graph, operator_, FETTLE_SVDF_FEATURE_WEIGHTS);
  const FettleTensor *tensor = fettle_graph_get_tensor (
      graph, (guint)fettle_operator_get_input (operator_, FETTLE_SVDF_FEATURE_WEIGHTS));
  const FettleTensor *data =
      fettle_graph_get_tensor (graph, (guint)fettle_operator_get_input (operator_, 0));
  gsize depth = (gsize)tensor->shape[1];

  for (gsize batch = 0; batch < (gsize)data->shape[0]; batch++)
    for (gsize filter = 0; filter < (gsize)tensor->shape[0]; filter++)
      {
        double sum = 0.0;

        for (gsize i = 0; i < depth; i++)
          sum += (double)weights[filter * depth + i] * (double)input[batch * depth + i];
        range->minimum = MIN (range->minimum, (float)sum);
        range->maximum = MAX (range->maximum, (float)sum);
      }
}

void
fettle_sequence_widen_ranges (FettleGraph *graph, guint tensor, const float *values,
                              FettleRange *ranges)
{
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);

      if (fettle_operator_get_input (operator_, 0) != (gint32)tensor)
        continue;
      if (operator_->opcode == FETTLE_OPCODE_UNIDIRECTIONAL_SEQUENCE_LSTM)
        widen_by_cell (
            graph, operator_, values,
            &ranges[fettle_operator_get_input (operator_, FETTLE_LSTM_CELL_STATE)]);
      else if (operator_->opcode == FETTLE_OPCODE_SVDF)
        widen_by_memory (
            graph, operator_, values,
            &ranges[fettle_operator_get_input (operator_, FETTLE_SVDF_STATE)]);
    }
}

guint
fettle_sequence_count_steps (FettleGraph *graph)
{
  guint n_steps = 1;

  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);
      gint32 weights = fettle_operator_get_input (operator_, FETTLE_SVDF_TIME_WEIGHTS);

      if (operator_->opcode == FETTLE_OPCODE_SVDF)
        n_steps = MAX (n_steps,
                       (guint)fettle_graph_get_tensor (graph, (guint)weights)->shape[1]);
    }
  return n_steps;
}
