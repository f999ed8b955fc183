/* SPDX-License-Identifier: GPL-3.0-or-later */
/* step-quantize.c: a calibrated float graph as int8, inputs and outputs included. */
#include "config.h"
#include "tuner/fuse-activations.h"
#include "tuner/quantize-activations.h"
#include "tuner/quantize-weights.h"
#include "tuner/step-kinds.h"

#include <glib/gi18n.h>
#include <math.h>

gboolean
fettle_step_require_float (FettleGraph *graph, GError **error)
{
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);
      guint output = (guint)fettle_operator_get_output (operator_, 0);
      FettleType type = fettle_graph_get_tensor (graph, output)->type;

      /* ARG_MAX and ARG_MIN have whole numbers as output in float models, too. */
      if (type != FETTLE_TYPE_INT8 && type != FETTLE_TYPE_INT16
          && type != FETTLE_TYPE_UINT8 && operator_->opcode != FETTLE_OPCODE_DEQUANTIZE)
        continue;
      g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_MODEL,
                   _ ("The model is already quantized (layer %u, %s, is %s with %s "
                      "output); tune the float model that it was made from."),
                   i, operator_->name, fettle_opcode_get_name (operator_->opcode),
                   fettle_type_get_name (type));
      return FALSE;
    }
  return TRUE;
}

/* The finest sensible output step of an operator, in real units: beyond what its inputs' steps make
 * it, nothing is gained, and the multipliers stay at most 1, far from any overflow. */
static double
find_output_step (FettleGraph *graph, FettleActivationPlan *plan,
                  const FettleOperator *operator_, double weight_scale)
{
  gint32 first = fettle_operator_get_input (operator_, 0);
  double scale = (double)fettle_activation_plan_get (plan, first)->scale;
  double other;

  switch (operator_->opcode)
    {
    case FETTLE_OPCODE_CONV_2D:
    case FETTLE_OPCODE_DEPTHWISE_CONV_2D:
    case FETTLE_OPCODE_FULLY_CONNECTED:
      /* Below 1, so that an accumulator is never shifted to the left. */
      return 2.0 * scale * weight_scale;
    case FETTLE_OPCODE_RELU:
    case FETTLE_OPCODE_SUM:
      return scale;
    case FETTLE_OPCODE_MEAN:
      {
        gint32 output = fettle_operator_get_output (operator_, 0);
        gsize n_in =
            fettle_tensor_get_n_elements (fettle_graph_get_tensor (graph, (guint)first));
        gsize n_out =
            fettle_tensor_get_n_elements (fettle_graph_get_tensor (graph, (guint)output));

        return scale * (double)n_out / (double)n_in;
      }
    case FETTLE_OPCODE_ADD:
    case FETTLE_OPCODE_MUL:
      other = (double)fettle_activation_plan_get (
                  plan, fettle_operator_get_input (operator_, 1))
                  ->scale;
      /* The sum is formed on inputs shifted left by 20 bits. */
      return operator_->opcode == FETTLE_OPCODE_MUL ? scale * other
                                                    : MAX (scale, other) * 0x1p-18;
    default:
      return 0.0;
    }
}

static void
set_parameters (FettleGraph *graph, guint index,
                const FettleActivationParameters *parameters)
{
  FettleTensor *tensor = fettle_graph_get_tensor (graph, index);

  tensor->type = FETTLE_TYPE_INT8;
  fettle_tensor_set_quantization (tensor, 1, 0, &parameters->scale,
                                  &parameters->zero_point);
}

static guint
add_constant (FettleGraph *graph, guint source,
              const FettleActivationParameters *parameters)
{
  const FettleTensor *tensor = fettle_graph_get_tensor (graph, source);
  const float *values = g_bytes_get_data (tensor->data, NULL);
  gsize n = fettle_tensor_get_n_elements (tensor);
  gint8 *quantized = g_new (gint8, n);
  guint index = fettle_graph_add_tensor (graph, tensor->name, FETTLE_TYPE_INT8,
                                         tensor->rank, tensor->shape);

  for (gsize i = 0; i < n; i++)
    {
      double steps =
          round ((double)values[i] / (double)parameters->scale) + parameters->zero_point;

      quantized[i] = (gint8)CLAMP (steps, G_MININT8, G_MAXINT8);
    }
  fettle_graph_get_tensor (graph, index)->data = g_bytes_new_take (quantized, n);
  set_parameters (graph, index, parameters);
  return index;
}

/* Constant operands of the layer, weights and bias apart, as int8. */
static void
quantize_operands (FettleGraph *graph, FettleActivationPlan *plan,
                   FettleOperator *operator_)
{
  guint n = fettle_opcode_has_weights (operator_->opcode) ? 1 : operator_->inputs->len;

  for (guint k = 0; k < n; k++)
    {
      gint32 *input = &g_array_index (operator_->inputs, gint32, k);
      const FettleTensor *tensor =
          *input >= 0 ? fettle_graph_get_tensor (graph, (guint)*input) : NULL;

      if (tensor != NULL && tensor->data != NULL && tensor->type == FETTLE_TYPE_FLOAT32)
        *input = (gint32)add_constant (graph, (guint)*input,
                                       fettle_activation_plan_get (plan, *input));
    }
}

static gboolean
quantize_layer (FettleGraph *graph, FettleActivationPlan *plan, guint layer,
                gboolean per_channel, GError **error)
{
  FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
  gint32 input = fettle_operator_get_input (operator_, 0);
  gint32 output = fettle_operator_get_output (operator_, 0);
  double weight_scale = 0.0;

  if (fettle_opcode_has_weights (operator_->opcode)
      && !fettle_quantize_weights (graph, layer,
                                   fettle_activation_plan_get (plan, input)->scale,
                                   per_channel, &weight_scale, error))
    return FALSE;
  fettle_activation_plan_coarsen (
      plan, output, find_output_step (graph, plan, operator_, weight_scale));
  quantize_operands (graph, plan, operator_);
  if (fettle_graph_get_tensor (graph, (guint)output)->type == FETTLE_TYPE_FLOAT32)
    set_parameters (graph, (guint)output, fettle_activation_plan_get (plan, output));
  return TRUE;
}

static gboolean
quantize_graph (FettleGraph *graph, GArray *ranges, gboolean per_channel, GError **error)
{
  g_autoptr (FettleActivationPlan) plan = fettle_activation_plan_new (graph, ranges);

  for (guint i = 0; i < fettle_graph_get_n_inputs (graph); i++)
    {
      guint input = fettle_graph_get_input (graph, i);

      set_parameters (graph, input, fettle_activation_plan_get (plan, (gint32)input));
    }
  /* In execution order: a layer's scales follow from those of its inputs. */
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    if (!quantize_layer (graph, plan, i, per_channel, error))
      return FALSE;
  fettle_graph_drop_unused_tensors (graph);
  return fettle_graph_validate (graph, error);
}

static gboolean
apply (FettleTuning *tuning, const FettleStep *step, GError **error)
{
  const char *granularity = fettle_step_get_choice (step, "granularity");
  g_autoptr (FettleGraph) graph = NULL;
  guint n_fused;

  if (!fettle_step_require_float (tuning->graph, error))
    return FALSE;
  if (tuning->ranges == NULL)
    {
      g_set_error_literal (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_RECIPE,
                           _ ("The recipe quantizes before it calibrates; put a "
                              "“calibrate” step first."));
      return FALSE;
    }
  graph = fettle_graph_copy (tuning->graph);
  n_fused = fettle_fuse_activations (graph);
  if (!quantize_graph (graph, tuning->ranges, g_str_equal (granularity, "per-channel"),
                       error))
    return FALSE;

  /* Tensor numbers have changed: the ranges belong to the old graph. */
  g_clear_pointer (&tuning->ranges, g_array_unref);
  g_set_object (&tuning->graph, graph);
  if (n_fused > 0)
    g_ptr_array_add (
        tuning->report,
        g_strdup_printf (_ ("Merged %u activations with the layers before them."),
                         n_fused));
  g_ptr_array_add (
      tuning->report,
      g_strdup_printf (_ ("Quantized %u layers: weights %s %s, activations %s."),
                       fettle_graph_get_n_operators (graph),
                       fettle_step_get_choice (step, "weights"), granularity,
                       fettle_step_get_choice (step, "activations")));
  return TRUE;
}

static const char *const int8_only[] = { "int8", NULL };
static const char *const granularities[] = { "per-channel", "per-tensor", NULL };

static const FettleParameter parameters[] = {
  { .name = "weights",
    .type = FETTLE_PARAMETER_CHOICE,
    .description = N_ ("Type of the weights"),
    .choices = int8_only },
  { .name = "granularity",
    .type = FETTLE_PARAMETER_CHOICE,
    .description = N_ ("Whether each output channel has a scale of its own"),
    .choices = granularities },
  { .name = "activations",
    .type = FETTLE_PARAMETER_CHOICE,
    .description = N_ ("Type of the activations"),
    .choices = int8_only },
};

const FettleStepKind fettle_step_quantize = {
  .name = "quantize",
  .description = N_ ("Turn weights and activations into integers"),
  .parameters = parameters,
  .n_parameters = G_N_ELEMENTS (parameters),
  .apply = apply,
};
