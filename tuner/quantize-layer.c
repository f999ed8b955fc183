/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quantize-layer.c: one layer of a float graph as integers. */
#include "config.h"
#include "tuner/quantize-layer.h"
#include "model/runner.h"
#include "tuner/output-step.h"
#include "tuner/quantize-sequence.h"
#include "tuner/quantize-weights.h"

static const FettleForm real_form = { .type = FETTLE_TYPE_FLOAT32 };

void
fettle_quantizer_set_form (FettleQuantizer *self, guint tensor, const FettleForm *form)
{
  FettleTensor *quantized = fettle_graph_get_tensor (self->graph, tensor);

  quantized->type = form->type;
  fettle_tensor_set_quantization (quantized, 1, 0, &form->scale, &form->zero_point);
}

/* A copy of the constant SOURCE. */
static guint
add_constant (FettleQuantizer *self, guint source, const FettleForm *form)
{
  const FettleTensor *tensor = fettle_graph_get_tensor (self->graph, source);
  gsize n = fettle_tensor_get_n_elements (tensor);
  gsize size = n * fettle_type_get_size (form->type);
  gpointer quantized = g_malloc (size);
  guint index = fettle_graph_add_tensor (self->graph, tensor->name, form->type,
                                         tensor->rank, tensor->shape);
  FettleTensor *copy = fettle_graph_get_tensor (self->graph, index);

  fettle_quantizer_set_form (self, index, form);
  fettle_tensor_encode (copy, g_bytes_get_data (tensor->data, NULL), quantized, n);
  copy->data = g_bytes_new_take (quantized, size);
  return index;
}

static gboolean
forms_are_equal (const FettleForm *a, const FettleForm *b)
{
  return a->type == b->type && a->scale == b->scale && a->zero_point == b->zero_point;
}

/* TRUE if input K of LAYER exists and holds, or held, real numbers. */
static gboolean
is_real_input (const FettleQuantizer *self, guint layer, guint k)
{
  gint32 input =
      fettle_operator_get_input (fettle_graph_get_operator (self->graph, layer), k);

  return input >= 0 && self->is_real[input];
}

void
fettle_quantizer_read (FettleQuantizer *self, guint layer, guint k,
                       const FettleForm *form)
{
  FettleOperator *operator_ = fettle_graph_get_operator (self->graph, layer);
  gint32 *input = &g_array_index (operator_->inputs, gint32, k);
  const FettleTensor *tensor = fettle_graph_get_tensor (self->graph, (guint)*input);
  FettleForm own = fettle_tensor_get_form (tensor);
  FettleReading reading = { .layer = layer, .input = k, .form = *form };

  if (forms_are_equal (&own, form))
    return;
  if (tensor->data != NULL)
    *input = (gint32)add_constant (self, (guint)*input, form);
  else
    g_array_append_val (self->readings, reading);
}

FettleForm
fettle_quantizer_get_input_form (FettleQuantizer *self, guint layer, guint k)
{
  FettleType type = self->formats[layer].activations;
  gint32 input =
      fettle_operator_get_input (fettle_graph_get_operator (self->graph, layer), k);
  FettleForm own =
      fettle_tensor_get_form (fettle_graph_get_tensor (self->graph, (guint)input));

  /* What has a form of the right type keeps it, whatever has become of the plan since. */
  return own.type == type ? own
                          : fettle_activation_plan_get (self->plan, input, type)->form;
}

static void
keep_float (FettleQuantizer *self, guint layer)
{
  guint n = fettle_graph_get_operator (self->graph, layer)->inputs->len;

  for (guint k = 0; k < n; k++)
    if (is_real_input (self, layer, k))
      fettle_quantizer_read (self, layer, k, &real_form);
}

/* FALSE if LAYER computes with no real numbers at all. */
static gboolean
find_scales (FettleQuantizer *self, guint layer, FettleLayerScales *scales)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (self->graph, layer);
  guint data = fettle_opcode_get_data_input (operator_->opcode);
  FettleWeightPlaces places;
  gboolean has_second = operator_->inputs->len > data + 1
                        && is_real_input (self, layer, data + 1)
                        && !fettle_opcode_get_weight_places (operator_->opcode, &places);

  if (!is_real_input (self, layer, data))
    return FALSE;
  scales->first = fettle_quantizer_get_input_form (self, layer, data);
  scales->second = has_second ? fettle_quantizer_get_input_form (self, layer, data + 1)
                              : scales->first;
  scales->weight_scale = 0.0;
  return TRUE;
}

static FettleForm
choose_output_form (FettleQuantizer *self, guint layer, const FettleLayerScales *scales)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (self->graph, layer);
  gint32 output = fettle_operator_get_output (operator_, 0);
  FettleType type = self->formats[layer].activations;

  if (fettle_opcode_keeps_scale (operator_->opcode))
    return scales->first;
  fettle_activation_plan_coarsen (
      self->plan, output, type, fettle_find_output_step (self->graph, operator_, scales));
  return fettle_activation_plan_get (self->plan, output, type)->form;
}

/* The activations; weights and bias are others. */
static void
read_inputs (FettleQuantizer *self, guint layer, const FettleForm *output)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (self->graph, layer);
  guint data = fettle_opcode_get_data_input (operator_->opcode);
  FettleWeightPlaces places;
  gboolean has_weights = fettle_opcode_get_weight_places (operator_->opcode, &places);

  for (guint k = 0; k < operator_->inputs->len; k++)
    if ((!has_weights || k == data) && is_real_input (self, layer, k))
      {
        FettleForm form = fettle_opcode_joins_scales (operator_->opcode)
                              ? *output
                              : fettle_quantizer_get_input_form (self, layer, k);

        fettle_quantizer_read (self, layer, k, &form);
      }
}

static gboolean
quantize_stateless (FettleQuantizer *self, guint layer, GError **error)
{
  const FettleLayerFormat *format = &self->formats[layer];
  const FettleOperator *operator_ = fettle_graph_get_operator (self->graph, layer);
  FettleWeightPlaces places;
  FettleLayerScales scales;
  FettleForm output;

  if (!find_scales (self, layer, &scales))
    return TRUE;
  if (fettle_opcode_get_weight_places (operator_->opcode, &places)
      && !fettle_quantize_weights (self->graph, layer, format, &scales.first,
                                   &scales.weight_scale, error))
    return FALSE;
  output = choose_output_form (self, layer, &scales);
  read_inputs (self, layer, &output);
  for (guint k = 0; k < operator_->outputs->len; k++)
    {
      gint32 number = fettle_operator_get_output (operator_, k);

      if (number >= 0 && self->is_real[number])
        fettle_quantizer_set_form (self, (guint)number, &output);
    }
  return TRUE;
}

gboolean
fettle_quantize_layer (FettleQuantizer *self, guint layer, GError **error)
{
  FettleOpcode opcode = fettle_graph_get_operator (self->graph, layer)->opcode;

  if (self->formats[layer].activations == FETTLE_TYPE_FLOAT32)
    keep_float (self, layer);
  else if (opcode == FETTLE_OPCODE_UNIDIRECTIONAL_SEQUENCE_LSTM)
    fettle_quantize_lstm (self, layer);
  else if (opcode == FETTLE_OPCODE_SVDF)
    fettle_quantize_svdf (self, layer);
  else
    return quantize_stateless (self, layer, error);
  return TRUE;
}
