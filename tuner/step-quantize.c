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
    case FETTLE_OPCODE_RELU_N1_TO_1:
    case FETTLE_OPCODE_ABS:
      return scale;
    case FETTLE_OPCODE_PRELU:
      /* Values times slopes, 16 bits, must not be shifted out of 32 bits. */
      return scale * 0x1p-7;
    case FETTLE_OPCODE_HARD_SWISH:
      /* The product is formed on inputs shifted left by 7 bits. */
      return scale * 0x1p-6;
    case FETTLE_OPCODE_ADD:
    case FETTLE_OPCODE_SUB:
    case FETTLE_OPCODE_MUL:
    case FETTLE_OPCODE_SQUARED_DIFFERENCE:
      other = (double)fettle_activation_plan_get (
                  plan, fettle_operator_get_input (operator_, 1))
                  ->scale;
      if (operator_->opcode == FETTLE_OPCODE_MUL)
        return scale * other;
      /* The difference is formed on inputs shifted left by 7 bits, the sum by 20. */
      if (operator_->opcode == FETTLE_OPCODE_SQUARED_DIFFERENCE)
        return MAX (scale, other) * MAX (scale, other) * 0x1p-11;
      return MAX (scale, other) * 0x1p-18;
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

static FettleTensor *
get_data_input (FettleGraph *graph, const FettleOperator *operator_)
{
  guint k = fettle_opcode_get_data_input (operator_->opcode);

  return fettle_graph_get_tensor (graph, (guint)fettle_operator_get_input (operator_, k));
}

/* Values that are only passed on have the scale that they came with, whatever has become of the plan
 * since. */
static void
quantize_outputs (FettleGraph *graph, FettleActivationPlan *plan,
                  const FettleOperator *operator_)
{
  FettleActivationParameters passed_on;

  fettle_tensor_get_scale (get_data_input (graph, operator_), &passed_on.scale,
                           &passed_on.zero_point);
  for (guint k = 0; k < operator_->outputs->len; k++)
    {
      gint32 output = fettle_operator_get_output (operator_, k);

      if (fettle_graph_get_tensor (graph, (guint)output)->type == FETTLE_TYPE_FLOAT32)
        set_parameters (graph, (guint)output,
                        fettle_opcode_keeps_scale (operator_->opcode)
                            ? &passed_on
                            : fettle_activation_plan_get (plan, output));
    }
}

/* A layer in front of LAYER that brings its input K to the scale of its output. */
static void
insert_rescaling (FettleGraph *graph, guint layer, guint k)
{
  FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
  gint32 *input = &g_array_index (operator_->inputs, gint32, k);
  const FettleTensor *output =
      fettle_graph_get_tensor (graph, (guint)fettle_operator_get_output (operator_, 0));
  const FettleTensor *tensor = fettle_graph_get_tensor (graph, (guint)*input);
  FettleActivationParameters parameters;
  g_autofree char *name = g_strdup_printf ("%s/rescale_%u", operator_->name, k);
  FettleOperator *rescaling = fettle_operator_new (FETTLE_OPCODE_QUANTIZE, name);
  gint32 rescaled;

  fettle_tensor_get_scale (output, &parameters.scale, &parameters.zero_point);
  rescaled = (gint32)fettle_graph_add_tensor (graph, name, FETTLE_TYPE_INT8, tensor->rank,
                                              tensor->shape);
  set_parameters (graph, (guint)rescaled, &parameters);
  g_array_append_val (rescaling->inputs, *input);
  g_array_append_val (rescaling->outputs, rescaled);
  *input = rescaled;
  fettle_graph_insert_operator (graph, layer, rescaling);
}

/* Returns how many layers were inserted before LAYER. */
static guint
rescale_inputs (FettleGraph *graph, guint layer)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
  guint n_inserted = 0;
  float scale, expected;
  gint32 zero_point, expected_zero_point;

  if (!fettle_opcode_joins_scales (operator_->opcode))
    return 0;
  fettle_tensor_get_scale (
      fettle_graph_get_tensor (graph, (guint)fettle_operator_get_output (operator_, 0)),
      &expected, &expected_zero_point);
  for (guint k = 0; k < operator_->inputs->len; k++)
    {
      const FettleTensor *input = fettle_graph_get_tensor (
          graph, (guint)fettle_operator_get_input (operator_, k));

      fettle_tensor_get_scale (input, &scale, &zero_point);
      if (input->type == FETTLE_TYPE_INT8 && input->data == NULL
          && (scale != expected || zero_point != expected_zero_point))
        insert_rescaling (graph, layer + n_inserted++, k);
    }
  return n_inserted;
}

/* Whole numbers have no scale that a cast to or from them could respect. */
static gboolean
refuse_cast (FettleGraph *graph, const FettleOperator *operator_, GError **error)
{
  if (operator_->opcode != FETTLE_OPCODE_CAST)
    return TRUE;
  g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_MODEL,
               _ ("Layer %s (CAST) turns numbers into others of another type and cannot "
                  "be quantized; remove it from the model."),
               operator_->name);
  return FALSE;
}

static gboolean
changes_state (FettleGraph *graph, const FettleOperator *operator_)
{
  for (guint k = 0; k < operator_->inputs->len; k++)
    {
      gint32 input = fettle_operator_get_input (operator_, k);

      if (input >= 0 && fettle_graph_get_tensor (graph, (guint)input)->is_variable)
        return TRUE;
    }
  return FALSE;
}

static gboolean
quantize_layer (FettleGraph *graph, FettleActivationPlan *plan, guint layer,
                const FettleWeightFormat *format, GError **error)
{
  FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
  gint32 output = fettle_operator_get_output (operator_, 0);
  double weight_scale = 0.0;
  float scale;

  if (changes_state (graph, operator_))
    {
      g_set_error (
          error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_MODEL,
          _ ("Layer %u (%s) keeps state between runs, which Fettle cannot quantize "
             "yet; let TensorFlow's converter make the int8 model."),
          layer, operator_->name);
      return FALSE;
    }
  fettle_tensor_get_scale (get_data_input (graph, operator_), &scale, NULL);
  if (!(scale > 0.0f)) /* a constant, not quantized yet */
    scale = fettle_activation_plan_get (plan, fettle_operator_get_input (operator_, 0))
                ->scale;
  if (!refuse_cast (graph, operator_, error)
      || (fettle_opcode_has_weights (operator_->opcode)
          && !fettle_quantize_weights (graph, layer, format, scale, &weight_scale,
                                       error)))
    return FALSE;
  fettle_activation_plan_coarsen (
      plan, output, find_output_step (graph, plan, operator_, weight_scale));
  quantize_operands (graph, plan, operator_);
  quantize_outputs (graph, plan, operator_);
  return TRUE;
}

static gboolean
quantize_graph (FettleGraph *graph, GArray *ranges, const FettleWeightFormat *format,
                GError **error)
{
  g_autoptr (FettleActivationPlan) plan = fettle_activation_plan_new (graph, ranges);

  for (guint i = 0; i < fettle_graph_get_n_inputs (graph); i++)
    {
      guint input = fettle_graph_get_input (graph, i);

      if (fettle_graph_get_tensor (graph, input)->type == FETTLE_TYPE_FLOAT32)
        set_parameters (graph, input, fettle_activation_plan_get (plan, (gint32)input));
    }
  /* In execution order: a layer's scales follow from those of its inputs. */
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      if (!quantize_layer (graph, plan, i, format, error))
        return FALSE;
      i += rescale_inputs (graph, i);
    }
  fettle_graph_drop_unused_tensors (graph);
  return fettle_graph_validate (graph, error);
}

static gboolean
apply (FettleTuning *tuning, const FettleStep *step, GError **error)
{
  const char *weights = fettle_step_get_choice (step, "weights");
  const char *granularity = fettle_step_get_choice (step, "granularity");
  FettleWeightFormat format = {
    .type = g_str_equal (weights, "int4") ? FETTLE_TYPE_INT4 : FETTLE_TYPE_INT8,
    .is_per_channel = g_str_equal (granularity, "per-channel"),
  };
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
  n_fused = fettle_fuse_activations (tuning, graph);
  if (!quantize_graph (graph, tuning->ranges, &format, error))
    return FALSE;

  /* Tensor numbers have changed: the ranges belong to the old graph. */
  g_clear_pointer (&tuning->ranges, g_array_unref);
  g_set_object (&tuning->reference, tuning->graph);
  g_set_object (&tuning->graph, graph);
  if (n_fused > 0)
    fettle_tuning_report (
        tuning, NULL, _ ("Merged %u activations with the layers before them."), n_fused);
  fettle_tuning_report (tuning, NULL,
                        _ ("Quantized %u layers: weights %s %s, activations %s."),
                        fettle_graph_get_n_operators (graph), weights, granularity,
                        fettle_step_get_choice (step, "activations"));
  return TRUE;
}

static const char *const weight_types[] = { "int8", "int4", NULL };
static const char *const activation_types[] = { "int8", NULL };
static const char *const granularities[] = { "per-channel", "per-tensor", NULL };

static const FettleParameter parameters[] = {
  { .name = "weights",
    .type = FETTLE_PARAMETER_CHOICE,
    .description = N_ ("Type of the weights"),
    .choices = weight_types },
  { .name = "granularity",
    .type = FETTLE_PARAMETER_CHOICE,
    .description = N_ ("Whether each output channel has a scale of its own"),
    .choices = granularities },
  { .name = "activations",
    .type = FETTLE_PARAMETER_CHOICE,
    .description = N_ ("Type of the activations"),
    .choices = activation_types },
};

const FettleStepKind fettle_step_quantize = {
  .name = "quantize",
  .description = N_ ("Turn weights and activations into integers"),
  .parameters = parameters,
  .n_parameters = G_N_ELEMENTS (parameters),
  .apply = apply,
};
