/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quantize-sequence.c: layers that keep state, as integers.
 *
 * The rules are those of the TensorFlow Lite quantization specification: weights symmetric per tensor, a
 * bias of the scale of its products, the LSTM's cell int16 with a power of two as its scale, its hidden
 * state like its output. */
#include "config.h"
#include "tuner/quantize-sequence.h"
#include "model/sequence.h"
#include "tuner/quantize-weights.h"

#include <math.h>

/* A layer that is called for each step of a stream was calibrated on first steps only; its cell may grow
 * to this, which costs little of 16 bits. */
#define STREAMING_CELL_LIMIT 16.0

#define WIDE_STEPS 32767.0

static const FettleTensor *
get_input (const FettleQuantizer *self, guint layer, guint k)
{
  gint32 input =
      fettle_operator_get_input (fettle_graph_get_operator (self->graph, layer), k);

  return input >= 0 ? fettle_graph_get_tensor (self->graph, (guint)input) : NULL;
}

static double
find_largest (const FettleTensor *tensor)
{
  const float *values = g_bytes_get_data (tensor->data, NULL);
  float largest = 0.0f;

  for (gsize i = 0; i < fettle_tensor_get_n_elements (tensor); i++)
    largest = MAX (largest, fabsf (values[i]));
  return (double)largest;
}

/* Symmetric; weights that are all 0 are so at any scale. */
static FettleForm
choose_weight_form (const FettleTensor *weights)
{
  double largest = find_largest (weights);
  FettleForm form = { .type = FETTLE_TYPE_INT8, .scale = 1.0f };

  if (largest > 0.0)
    form.scale = (float)(largest / fettle_weights_get_limit (FETTLE_TYPE_INT8));
  return form;
}

static void
set_state (FettleQuantizer *self, guint layer, guint k, const FettleForm *form)
{
  gint32 state =
      fettle_operator_get_input (fettle_graph_get_operator (self->graph, layer), k);

  fettle_quantizer_set_form (self, (guint)state, form);
}

static FettleForm
set_output (FettleQuantizer *self, guint layer)
{
  gint32 output =
      fettle_operator_get_output (fettle_graph_get_operator (self->graph, layer), 0);
  FettleForm form =
      fettle_activation_plan_get (self->plan, output, self->formats[layer].activations)
          ->form;

  fettle_quantizer_set_form (self, (guint)output, &form);
  return form;
}

static FettleForm
read_data (FettleQuantizer *self, guint layer)
{
  FettleForm form = fettle_quantizer_get_input_form (self, layer, 0);

  fettle_quantizer_read (self, layer, 0, &form);
  return form;
}

/* --- LSTM --- */

static void
quantize_gate (FettleQuantizer *self, guint layer, guint gate, const FettleForm *input)
{
  guint weights = FETTLE_LSTM_INPUT_WEIGHTS + gate;
  guint recurrent = FETTLE_LSTM_RECURRENT_WEIGHTS + gate;
  guint bias = FETTLE_LSTM_BIASES + gate;
  FettleForm form = choose_weight_form (get_input (self, layer, weights));
  FettleForm recurrent_form = choose_weight_form (get_input (self, layer, recurrent));
  FettleForm bias_form = {
    .type = input->type == FETTLE_TYPE_INT16 ? FETTLE_TYPE_INT64 : FETTLE_TYPE_INT32,
    .scale = input->scale * form.scale,
  };

  fettle_quantizer_read (self, layer, weights, &form);
  fettle_quantizer_read (self, layer, recurrent, &recurrent_form);
  if (get_input (self, layer, bias) != NULL)
    fettle_quantizer_read (self, layer, bias, &bias_form);
}

/* What the cell can reach: what calibration saw, and never more than one for each step. */
static double
find_cell_limit (const FettleQuantizer *self, guint layer)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (self->graph, layer);
  gint32 cell = fettle_operator_get_input (operator_, FETTLE_LSTM_CELL_STATE);
  const FettleActivationParameters *seen =
      fettle_activation_plan_get (self->plan, cell, FETTLE_TYPE_INT16);
  const FettleTensor *input = get_input (self, layer, 0);
  double n_steps = (double)input->shape[operator_->options.time_major ? 0 : 1];
  double limit = MAX (seen->maximum, -seen->minimum);

  if (!(limit > 0.0))
    limit = n_steps;
  if (n_steps == 1.0)
    limit = MAX (limit, STREAMING_CELL_LIMIT);
  if (operator_->options.cell_clip > 0.0f)
    limit = MIN (limit, (double)operator_->options.cell_clip);
  return limit;
}

void
fettle_quantize_lstm (FettleQuantizer *self, guint layer)
{
  FettleForm input = read_data (self, layer);
  FettleForm output = set_output (self, layer);
  FettleForm cell = {
    .type = FETTLE_TYPE_INT16,
    .scale = (float)exp2 (ceil (log2 (find_cell_limit (self, layer) / WIDE_STEPS))),
  };

  for (guint gate = 0; gate < 4; gate++)
    quantize_gate (self, layer, gate, &input);
  set_state (self, layer, FETTLE_LSTM_HIDDEN_STATE, &output);
  set_state (self, layer, FETTLE_LSTM_CELL_STATE, &cell);
}

/* --- SVDF --- */

/* The products of one unit's weights and states must fit into 32 bits, with room for the bias. */
static FettleForm
choose_time_form (const FettleTensor *weights, gint32 filter_rank)
{
  const float *values = g_bytes_get_data (weights->data, NULL);
  gsize n = (gsize)filter_rank * (gsize)weights->shape[1]; /* of a unit */
  FettleForm form = { .type = FETTLE_TYPE_INT16, .scale = 1.0f };
  double largest = 0.0;

  for (gsize i = 0; i < fettle_tensor_get_n_elements (weights); i += n)
    {
      double sum = 0.0;

      for (gsize k = 0; k < n; k++)
        sum += fabs ((double)values[i + k]);
      largest = MAX (largest, sum);
    }
  if (largest > 0.0)
    form.scale = (float)(largest / (WIDE_STEPS - (double)n));
  return form;
}

void
fettle_quantize_svdf (FettleQuantizer *self, guint layer)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (self->graph, layer);
  gint32 number = fettle_operator_get_input (operator_, FETTLE_SVDF_STATE);
  FettleForm state =
      fettle_activation_plan_get (self->plan, number, FETTLE_TYPE_INT16)->form;
  FettleForm feature =
      choose_weight_form (get_input (self, layer, FETTLE_SVDF_FEATURE_WEIGHTS));
  FettleForm time = choose_time_form (get_input (self, layer, FETTLE_SVDF_TIME_WEIGHTS),
                                      operator_->options.filter_rank);
  FettleForm bias = { .type = FETTLE_TYPE_INT32, .scale = state.scale * time.scale };

  read_data (self, layer);
  set_output (self, layer);
  fettle_quantizer_read (self, layer, FETTLE_SVDF_FEATURE_WEIGHTS, &feature);
  fettle_quantizer_read (self, layer, FETTLE_SVDF_TIME_WEIGHTS, &time);
  if (get_input (self, layer, FETTLE_SVDF_BIAS) != NULL)
    fettle_quantizer_read (self, layer, FETTLE_SVDF_BIAS, &bias);
  set_state (self, layer, FETTLE_SVDF_STATE, &state);
}
