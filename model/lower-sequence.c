/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lower-sequence.c: UNIDIRECTIONAL_SEQUENCE_LSTM and SVDF. */
#include "model/lower-private.h"
#include "model/sequence.h"
#include "model/sigmoid-table.h"

#include <math.h>

/* The sums of the gates and the results of the sigmoids, in fraction bits. */
#define GATE_SCALE    0x1p-12
#define SIGMOID_SCALE 0x1p-15

G_STATIC_ASSERT (FETTLE_SIGMOID_TABLE_LENGTH == 256);

static const FettleTensor *
get_input (const FettleLayer *layer, guint k)
{
  return fettle_graph_get_operator_input (layer->graph, layer->operator_, k);
}

/* Scale of a tensor of weights; the kernels know no zero point there. */
static gboolean
get_weight_scale (const FettleTensor *weights, float *scale, GError **error)
{
  gint32 zero_point;

  if (!fettle_lower_get_scale (weights, scale, &zero_point, error))
    return FALSE;
  if (zero_point == 0)
    return TRUE;
  g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
               "its weights “%s” have a zero point that is not 0.", weights->name);
  return FALSE;
}

/* --- LSTM --- */

/* BIAS (or NULL) with what the input's ZERO_POINT adds: - ZERO_POINT * sum w. Modulo 2^32 or 2^64, as
 * the kernels add. */
static guint32
add_bias (const FettleLayer *layer, const FettleTensor *bias, const FettleTensor *weights,
          gint32 zero_point)
{
  gboolean is_wide = layer->input->type == FETTLE_TYPE_INT16;
  const gint8 *w = g_bytes_get_data (weights->data, NULL);
  gsize n_units = (gsize)weights->shape[0], depth = (gsize)weights->shape[1], n;
  g_autofree gint64 *given = bias != NULL ? fettle_tensor_read_integers (bias, &n) : NULL;
  g_autofree gint64 *wide = g_new (gint64, n_units);
  g_autofree gint32 *narrow = g_new (gint32, n_units);

  for (gsize unit = 0; unit < n_units; unit++)
    {
      gint64 sum = 0;

      for (gsize i = 0; i < depth; i++)
        sum += w[unit * depth + i];
      wide[unit] = (gint64)((given != NULL ? (guint64)given[unit] : 0)
                            - (guint64)zero_point * (guint64)sum);
      narrow[unit] = (gint32)(guint32)(guint64)wide[unit];
      wide[unit] = GINT64_TO_LE (wide[unit]);
      narrow[unit] = GINT32_TO_LE (narrow[unit]);
    }
  return is_wide ? fettle_image_writer_add_constant (layer->writer, wide,
                                                     n_units * sizeof *wide)
                 : fettle_image_writer_add_constant (layer->writer, narrow,
                                                     n_units * sizeof *narrow);
}

/* The reference rounds the product of the scales to float. */
static gboolean
gate_multiplier (const FettleTensor *tensor, const FettleTensor *weights,
                 gint32 *multiplier, gint32 *shift, gint32 *zero_point, GError **error)
{
  float scale, weight_scale;
  double value;

  if (!fettle_lower_get_scale (tensor, &scale, zero_point, error)
      || !get_weight_scale (weights, &weight_scale, error))
    return FALSE;
  value = (double)(scale * weight_scale) / GATE_SCALE;
  return tensor->type == FETTLE_TYPE_INT16
             ? fettle_lower_wide_multiplier (value, multiplier, shift, error)
             : fettle_lower_multiplier (value, multiplier, shift, error);
}

static gboolean
lower_gate (const FettleLayer *layer, guint number, struct frt_lstm_gate *gate,
            GError **error)
{
  const FettleTensor *hidden = get_input (layer, FETTLE_LSTM_HIDDEN_STATE);
  const FettleTensor *weights = get_input (layer, FETTLE_LSTM_INPUT_WEIGHTS + number);
  const FettleTensor *recurrent =
      get_input (layer, FETTLE_LSTM_RECURRENT_WEIGHTS + number);
  gint32 zero_point, hidden_zero_point;

  if (!gate_multiplier (layer->input, weights, &gate->input_multiplier,
                        &gate->input_shift, &zero_point, error)
      || !gate_multiplier (hidden, recurrent, &gate->recurrent_multiplier,
                           &gate->recurrent_shift, &hidden_zero_point, error))
    return FALSE;
  gate->input_weights_offset = fettle_lower_add_tensor_data (layer, weights);
  gate->recurrent_weights_offset = fettle_lower_add_tensor_data (layer, recurrent);
  gate->input_bias_offset = add_bias (
      layer, get_input (layer, FETTLE_LSTM_BIASES + number), weights, zero_point);
  gate->recurrent_bias_offset = add_bias (layer, NULL, recurrent, hidden_zero_point);
  return TRUE;
}

/* The cell's scale is a power of two, or treated as the nearest one. */
static gboolean
lower_cell (const FettleLayer *layer, float scale,
            struct frt_lstm_quantized_parameters *parameters, GError **error)
{
  gint32 exponent = 12 + (gint32)lroundf (log2f (scale));
  float clip = layer->operator_->options.cell_clip;

  if (exponent > 13 || exponent < -30)
    {
      g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
                           "the scale of its cell state is far too large or small.");
      return FALSE;
    }
  parameters->tanh_multiplier = exponent >= 0 ? 3 << exponent : 3;
  parameters->tanh_shift = exponent >= 0 ? 0 : -exponent;
  parameters->cell_minimum = G_MININT16;
  parameters->cell_maximum = G_MAXINT16;
  if (clip > 0)
    {
      parameters->cell_maximum = (gint32)CLAMP (clip / scale, 0.0f, (float)G_MAXINT16);
      parameters->cell_minimum = -parameters->cell_maximum;
    }
  return TRUE;
}

static gboolean
lower_lstm_quantized (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  gboolean is_int8 = layer->input->type == FETTLE_TYPE_INT8;
  struct frt_lstm_quantized_parameters parameters = {
    .time_major = layer->operator_->options.time_major ? 1 : 0,
  };
  guint16 table[FETTLE_SIGMOID_TABLE_LENGTH];
  float cell, hidden;
  gint32 zero_point;

  if (!fettle_lower_get_scale (get_input (layer, FETTLE_LSTM_CELL_STATE), &cell,
                               &zero_point, error)
      || !fettle_lower_get_scale (get_input (layer, FETTLE_LSTM_HIDDEN_STATE), &hidden,
                                  &parameters.hidden_zero_point, error)
      || !lower_cell (layer, cell, &parameters, error)
      || !fettle_lower_multiplier (SIGMOID_SCALE * SIGMOID_SCALE / (double)cell,
                                   &parameters.cell_multiplier, &parameters.cell_shift,
                                   error)
      || !fettle_lower_multiplier (SIGMOID_SCALE * SIGMOID_SCALE / (double)hidden,
                                   &parameters.hidden_multiplier,
                                   &parameters.hidden_shift, error))
    return FALSE;
  for (guint i = 0; i < FRT_LSTM_GATES; i++)
    if (!lower_gate (layer, i, &parameters.gates[i], error))
      return FALSE;
  fettle_sigmoid_table_fill (table);
  parameters.table_offset =
      fettle_image_writer_add_constant (layer->writer, table, sizeof table);
  fettle_lower_set_call (layer, call, is_int8 ? FRT_KERNEL_LSTM_S8 : FRT_KERNEL_LSTM_S16,
                         3, &parameters, sizeof parameters);
  return TRUE;
}

gboolean
fettle_lower_lstm (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  const FettleOptions *options = &layer->operator_->options;
  struct frt_lstm_f32_parameters parameters = {
    .time_major = options->time_major ? 1 : 0,
    .cell_limit = options->cell_clip > 0 ? options->cell_clip : INFINITY,
  };

  if (!layer->is_float)
    return lower_lstm_quantized (layer, call, error);
  for (guint i = 0; i < FRT_LSTM_GATES; i++)
    parameters.gates[i] = (struct frt_lstm_gate_f32){
      .input_weights_offset = fettle_lower_add_tensor_data (
          layer, get_input (layer, FETTLE_LSTM_INPUT_WEIGHTS + i)),
      .recurrent_weights_offset = fettle_lower_add_tensor_data (
          layer, get_input (layer, FETTLE_LSTM_RECURRENT_WEIGHTS + i)),
      .bias_offset =
          fettle_lower_add_tensor_data (layer, get_input (layer, FETTLE_LSTM_BIASES + i)),
    };
  fettle_lower_set_call (layer, call, FRT_KERNEL_LSTM_F32, 3, &parameters,
                         sizeof parameters);
  return TRUE;
}

/* --- SVDF --- */

static struct frt_svdf_weights
lower_svdf_weights (const FettleLayer *layer)
{
  return (struct frt_svdf_weights){
    .rank = (guint32)layer->operator_->options.filter_rank,
    .feature_weights_offset = fettle_lower_add_tensor_data (
        layer, get_input (layer, FETTLE_SVDF_FEATURE_WEIGHTS)),
    .time_weights_offset =
        fettle_lower_add_tensor_data (layer, get_input (layer, FETTLE_SVDF_TIME_WEIGHTS)),
    .bias_offset =
        fettle_lower_add_tensor_data (layer, get_input (layer, FETTLE_SVDF_BIAS)),
  };
}

/* Scales are multiplied and divided in float, as the reference does. */
static gboolean
lower_svdf_s8 (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  struct frt_svdf_s8_parameters parameters = { .weights = lower_svdf_weights (layer) };
  float input, feature, time, state, output;
  gint32 zero_point;

  if (!fettle_lower_get_scale (layer->input, &input, &zero_point, error)
      || !get_weight_scale (get_input (layer, FETTLE_SVDF_FEATURE_WEIGHTS), &feature,
                            error)
      || !get_weight_scale (get_input (layer, FETTLE_SVDF_TIME_WEIGHTS), &time, error)
      || !fettle_lower_get_scale (get_input (layer, FETTLE_SVDF_STATE), &state,
                                  &parameters.state_zero_point, error)
      || !fettle_lower_get_scale (layer->output, &output, &parameters.output_offset,
                                  error)
      || !fettle_lower_multiplier ((double)(input * feature / state),
                                   &parameters.state_multiplier, &parameters.state_shift,
                                   error)
      || !fettle_lower_multiplier ((double)(state * time / output),
                                   &parameters.output_multiplier,
                                   &parameters.output_shift, error))
    return FALSE;
  parameters.input_offset = -zero_point;
  fettle_lower_set_call (layer, call, FRT_KERNEL_SVDF_S8, 2, &parameters,
                         sizeof parameters);
  return TRUE;
}

gboolean
fettle_lower_svdf (const FettleLayer *layer, FettleKernelCall *call, GError **error)
{
  struct frt_svdf_f32_parameters parameters;

  if (!layer->is_float)
    return lower_svdf_s8 (layer, call, error);
  parameters.weights = lower_svdf_weights (layer);
  fettle_activation_range_f32 (layer->operator_->options.activation, &parameters.minimum,
                               &parameters.maximum);
  fettle_lower_set_call (layer, call, FRT_KERNEL_SVDF_F32, 2, &parameters,
                         sizeof parameters);
  return TRUE;
}
