/* SPDX-License-Identifier: GPL-3.0-or-later */
/* step-requantize.c: a quantized model back to float parameters.
 *
 * What the first quantization lost stays lost: the float model computes with the rounded weights, and what
 * is quantized from it is rounded again. The scales of the activations tell which ranges the model was
 * calibrated for, so that it can be quantized without data. */
#include "config.h"
#include "tuner/dequantize-tensor.h"
#include "tuner/graph-edit.h"
#include "tuner/step-kinds.h"

#include <glib/gi18n.h>
#include <math.h>

static gboolean
has_weights (FettleOpcode opcode)
{
  return opcode == FETTLE_OPCODE_CONV_2D || opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D
         || opcode == FETTLE_OPCODE_FULLY_CONNECTED
         || opcode == FETTLE_OPCODE_TRANSPOSE_CONV;
}

static gboolean
refuse (const FettleOperator *operator_, const char *message, GError **error)
{
  g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_MODEL,
               _ ("Layer %s (%s) cannot be turned back into float: %s"), operator_->name,
               fettle_opcode_get_name (operator_->opcode), message);
  return FALSE;
}

static gboolean
check (FettleGraph *graph, GError **error)
{
  guint n_quantized = 0;

  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);

      for (guint k = 0; k < operator_->inputs->len; k++)
        {
          const FettleTensor *input =
              fettle_graph_get_operator_input (graph, operator_, k);

          if (input == NULL)
            continue;
          if (input->is_variable)
            return refuse (operator_, _ ("it keeps state between runs."), error);
          n_quantized += fettle_tensor_is_quantized (input);
        }
    }
  if (n_quantized > 0)
    return TRUE;
  g_set_error_literal (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_MODEL,
                       _ ("The model is float; the step “requantize” is for models that "
                          "are quantized already."));
  return FALSE;
}

/* A bias counts in steps of the input times the weights. */
static gboolean
dequantize_bias (FettleGraph *graph, const FettleOperator *operator_, GError **error)
{
  guint data = fettle_opcode_get_data_input (operator_->opcode);
  const FettleTensor *input = fettle_graph_get_operator_input (graph, operator_, data);
  const FettleQuantization *weights =
      &fettle_graph_get_operator_input (graph, operator_, 1)->quantization;
  FettleTensor *bias =
      fettle_graph_get_operator_input (graph, operator_, data == 0 ? 2 : 3);
  g_autofree float *scales = NULL;
  float input_scale;

  fettle_tensor_get_scale (input, &input_scale, NULL);
  if (input->type == FETTLE_TYPE_FLOAT32 || bias == NULL
      || bias->type == FETTLE_TYPE_FLOAT32)
    return TRUE;
  if (weights->n_channels == 0 || !(input_scale > 0.0f))
    return refuse (operator_, _ ("its input or its weights have no scale."), error);
  scales = g_new (float, weights->n_channels);
  for (guint i = 0; i < weights->n_channels; i++)
    scales[i] = input_scale * weights->scales[i];
  fettle_tensor_dequantize (bias, weights->n_channels, 0, scales, NULL);
  return TRUE;
}

/* The ranges that the scales of GRAPH's activations stand for. */
static GArray *
find_ranges (FettleGraph *graph)
{
  GArray *ranges = g_array_new (FALSE, FALSE, sizeof (FettleRange));

  for (guint i = 0; i < fettle_graph_get_n_tensors (graph); i++)
    {
      const FettleTensor *tensor = fettle_graph_get_tensor (graph, i);
      gboolean is_unsigned = tensor->type == FETTLE_TYPE_UINT8;
      gint32 most = is_unsigned                        ? G_MAXUINT8
                    : tensor->type == FETTLE_TYPE_INT8 ? G_MAXINT8
                                                       : G_MAXINT16;
      gint32 least = is_unsigned ? 0 : -most - 1, zero_point;
      FettleRange range = { -INFINITY, INFINITY };
      float scale;

      fettle_tensor_get_scale (tensor, &scale, &zero_point);
      if (fettle_tensor_is_quantized (tensor) && scale > 0.0f)
        range = (FettleRange){ scale * (float)(least - zero_point),
                               scale * (float)(most - zero_point) };
      g_array_append_val (ranges, range);
    }
  return ranges;
}

static gboolean
dequantize_all (FettleGraph *graph, GError **error)
{
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);

      if (has_weights (operator_->opcode) && !dequantize_bias (graph, operator_, error))
        return FALSE;
    }
  for (guint i = 0; i < fettle_graph_get_n_tensors (graph); i++)
    {
      FettleTensor *tensor = fettle_graph_get_tensor (graph, i);
      const FettleQuantization *quantization = &tensor->quantization;

      if (fettle_tensor_is_quantized (tensor))
        fettle_tensor_dequantize (tensor, quantization->n_channels, quantization->axis,
                                  quantization->scales, quantization->zero_points);
    }
  return TRUE;
}

/* Between real numbers there is nothing left to convert. */
static void
remove_conversions (FettleGraph *graph)
{
  for (guint i = 0; i < fettle_graph_get_n_operators (graph);)
    {
      FettleOperator *operator_ = fettle_graph_get_operator (graph, i);
      gboolean converts = operator_->opcode == FETTLE_OPCODE_QUANTIZE
                          || operator_->opcode == FETTLE_OPCODE_DEQUANTIZE;

      if (converts && fettle_graph_bypass_layer (graph, i, 0))
        continue;
      if (converts)
        operator_->opcode = FETTLE_OPCODE_RESHAPE; /* to the same shape: a copy */
      i++;
    }
}

static gboolean
apply (FettleTuning *tuning, const FettleStep *step, GError **error)
{
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (GArray) ranges = NULL;

  if (!check (tuning->graph, error))
    return FALSE;
  graph = fettle_graph_copy (tuning->graph);
  ranges = find_ranges (graph);
  if (!dequantize_all (graph, error))
    return FALSE;
  remove_conversions (graph);
  if (!fettle_graph_validate (graph, error))
    return FALSE;
  g_clear_pointer (&tuning->ranges, g_array_unref);
  tuning->ranges = g_steal_pointer (&ranges);
  g_set_object (&tuning->graph, graph);
  fettle_tuning_report (
      tuning, NULL,
      _ ("Turned the quantized model back into a float one of %u layers. What its "
         "quantization has lost stays lost, and quantizing it anew loses a little more."),
      fettle_graph_get_n_operators (graph));
  return TRUE;
}

const FettleStepKind fettle_step_requantize = {
  .name = "requantize",
  .description =
      N_ ("Turn a quantized model back into float, to quantize it anew (lossy)"),
  .apply = apply,
};
