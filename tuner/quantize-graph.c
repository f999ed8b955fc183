/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quantize-graph.c: a float graph as integers, layer by layer. */
#include "config.h"
#include "tuner/quantize-graph.h"
#include "model/layer-support.h"
#include "model/lower.h"
#include "tuner/quantize-layer.h"

#include <glib/gi18n.h>

static gboolean
is_real (FettleGraph *graph, gint32 tensor)
{
  return tensor >= 0
         && fettle_graph_get_tensor (graph, (guint)tensor)->type == FETTLE_TYPE_FLOAT32;
}

gboolean
fettle_layer_is_real (FettleGraph *graph, guint layer)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);

  for (guint k = 0; k < operator_->inputs->len; k++)
    if (is_real (graph, fettle_operator_get_input (operator_, k)))
      return TRUE;
  return is_real (graph, fettle_operator_get_output (operator_, 0));
}

static void
keep_float (FettleTuning *tuning, FettleGraph *graph, GArray *formats, guint layer,
            const char *reason)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
  FettleLayerFormat *format = &g_array_index (formats, FettleLayerFormat, layer);

  fettle_tuning_report (tuning, operator_->name, _ ("%s stays float32 instead of %s: %s"),
                        fettle_opcode_get_name (operator_->opcode),
                        fettle_type_get_name (format->activations), reason);
  format->activations = FETTLE_TYPE_FLOAT32;
}

/* Why layers of this kind stay float, whatever the runtime could do; NULL: they need not. */
static const char *
find_reason (FettleOpcode opcode)
{
  switch (opcode)
    {
    case FETTLE_OPCODE_CAST:
    case FETTLE_OPCODE_QUANTIZE:
    case FETTLE_OPCODE_DEQUANTIZE:
      /* Whole numbers have no scale that could be respected. */
      return _ ("it turns numbers into others of another type.");
    case FETTLE_OPCODE_READ_VARIABLE:
    case FETTLE_OPCODE_ASSIGN_VARIABLE:
    case FETTLE_OPCODE_CALL_ONCE:
      return _ ("it keeps state between runs.");
    default:
      return NULL;
    }
}

static void
keep_impossible (FettleTuning *tuning, FettleGraph *graph, GArray *formats)
{
  for (guint i = 0; i < formats->len; i++)
    {
      const char *reason = find_reason (fettle_graph_get_operator (graph, i)->opcode);

      if (reason != NULL && fettle_layer_is_real (graph, i)
          && g_array_index (formats, FettleLayerFormat, i).activations
                 != FETTLE_TYPE_FLOAT32)
        keep_float (tuning, graph, formats, i, reason);
    }
}

/* The widest of the types that layers read TENSOR in. */
static FettleType
find_reading_type (const FettleQuantizer *quantizer, guint tensor)
{
  FettleType type = FETTLE_TYPE_INT8;

  for (guint i = 0; i < fettle_graph_get_n_operators (quantizer->graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (quantizer->graph, i);
      FettleType own = quantizer->formats[i].activations;

      for (guint k = 0; k < operator_->inputs->len; k++)
        if (fettle_operator_get_input (operator_, k) == (gint32)tensor
            && type != FETTLE_TYPE_FLOAT32 && own != FETTLE_TYPE_INT8)
          type = own;
    }
  return type;
}

static void
set_inputs (FettleQuantizer *quantizer, const FettleEndTypes *ends)
{
  for (guint i = 0; i < fettle_graph_get_n_inputs (quantizer->graph); i++)
    {
      guint input = fettle_graph_get_input (quantizer->graph, i);
      FettleType type =
          ends->inputs != 0 ? ends->inputs : find_reading_type (quantizer, input);

      if (quantizer->is_real[input] && type != FETTLE_TYPE_FLOAT32)
        fettle_quantizer_set_form (
            quantizer, input,
            &fettle_activation_plan_get (quantizer->plan, (gint32)input, type)->form);
    }
}

static void
read_outputs (FettleQuantizer *quantizer, const FettleEndTypes *ends)
{
  for (guint i = 0; i < fettle_graph_get_n_outputs (quantizer->graph); i++)
    {
      guint output = fettle_graph_get_output (quantizer->graph, i);
      FettleReading reading = { .layer = FETTLE_READ_AS_OUTPUT, .input = i };

      if (ends->outputs == 0 || !quantizer->is_real[output]
          || fettle_graph_get_tensor (quantizer->graph, output)->type == ends->outputs)
        continue;
      if (ends->outputs == FETTLE_TYPE_FLOAT32)
        reading.form.type = FETTLE_TYPE_FLOAT32;
      else
        reading.form =
            fettle_activation_plan_get (quantizer->plan, (gint32)output, ends->outputs)
                ->form;
      g_array_append_val (quantizer->readings, reading);
    }
}

static gboolean
quantize_layers (FettleQuantizer *quantizer, const FettleEndTypes *ends, GError **error)
{
  GArray *readings = quantizer->readings;

  set_inputs (quantizer, ends);
  for (guint i = 0; i < fettle_graph_get_n_operators (quantizer->graph); i++)
    if (!fettle_quantize_layer (quantizer, i, error))
      return FALSE;
  read_outputs (quantizer, ends);
  if (!fettle_graph_insert_conversions (
          quantizer->graph, (const FettleReading *)readings->data, readings->len, error))
    return FALSE;
  fettle_graph_drop_unused_tensors (quantizer->graph);
  return TRUE;
}

static FettleGraph *
quantize_copy (FettleGraph *graph, GArray *ranges, GArray *formats,
               const FettleEndTypes *ends, GError **error)
{
  guint n_tensors = fettle_graph_get_n_tensors (graph);
  g_autoptr (FettleGraph) copy = fettle_graph_copy (graph);
  g_autoptr (FettleActivationPlan) plan = NULL;
  g_autoptr (GArray) readings = g_array_new (FALSE, FALSE, sizeof (FettleReading));
  g_autofree FettleType *types = g_new (FettleType, formats->len);
  g_autofree gboolean *are_real = g_new (gboolean, n_tensors);
  FettleQuantizer quantizer = {
    .graph = copy,
    .formats = (const FettleLayerFormat *)formats->data,
    .is_real = are_real,
    .readings = readings,
  };

  for (guint i = 0; i < formats->len; i++)
    types[i] = quantizer.formats[i].activations;
  for (guint i = 0; i < n_tensors; i++)
    are_real[i] = is_real (graph, (gint32)i);
  quantizer.plan = plan = fettle_activation_plan_new (graph, ranges, types);
  return quantize_layers (&quantizer, ends, error) ? g_steal_pointer (&copy) : NULL;
}

static gint32
find_layer (FettleGraph *graph, const char *name)
{
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    if (g_str_equal (fettle_graph_get_operator (graph, i)->name, name))
      return (gint32)i;
  return -1;
}

/* Layers that cannot be what FORMATS says become float there. FALSE if there are none. */
static gboolean
keep_unsupported (FettleTuning *tuning, FettleGraph *graph, FettleGraph *quantized,
                  GArray *formats)
{
  gboolean has_changed = FALSE;

  for (guint i = 0; i < formats->len; i++)
    {
      const char *name = fettle_graph_get_operator (graph, i)->name;
      gint32 layer = find_layer (quantized, name);
      g_autoptr (GError) cause = NULL;

      if (g_array_index (formats, FettleLayerFormat, i).activations == FETTLE_TYPE_FLOAT32
          || !fettle_layer_is_real (graph, i) || layer < 0
          || fettle_layer_is_supported (quantized, (guint)layer, &cause))
        continue;
      keep_float (tuning, graph, formats, i, cause->message);
      has_changed = TRUE;
    }
  return has_changed;
}

FettleGraph *
fettle_quantize_graph (FettleTuning *tuning, FettleGraph *graph, GArray *ranges,
                       GArray *formats, const FettleEndTypes *ends, GError **error)
{
  keep_impossible (tuning, graph, formats);
  /* Each time round, at least one layer more stays float. */
  while (TRUE)
    {
      g_autoptr (FettleGraph) quantized =
          quantize_copy (graph, ranges, formats, ends, error);
      g_autoptr (FettleLowered) lowered = NULL;
      g_autoptr (GError) cause = NULL;

      if (quantized == NULL)
        return NULL;
      lowered = fettle_lower (quantized, NULL, &cause);
      if (lowered != NULL)
        return g_steal_pointer (&quantized);
      if (!keep_unsupported (tuning, graph, quantized, formats))
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return NULL;
        }
    }
}
