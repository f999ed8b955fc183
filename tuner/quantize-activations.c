/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quantize-activations.c: scale and zero point of each activation. */
#include "config.h"
#include "tuner/quantize-activations.h"
#include "tuner/step.h"

#include <math.h>

/* Of int16: the same on both sides of 0. */
#define SYMMETRIC_STEPS 32767.0

/* Below this no product of an activation's and a weight's scale is a normal float any more. */
#define SMALLEST_SCALE 0x1p-60

gboolean
fettle_opcode_keeps_scale (FettleOpcode opcode)
{
  switch (opcode)
    {
    case FETTLE_OPCODE_AVERAGE_POOL_2D:
    case FETTLE_OPCODE_MAX_POOL_2D:
    case FETTLE_OPCODE_RESHAPE:
    case FETTLE_OPCODE_PAD:
    case FETTLE_OPCODE_RELU6:
    case FETTLE_OPCODE_REDUCE_MAX:
    case FETTLE_OPCODE_REDUCE_MIN:
    case FETTLE_OPCODE_SQUEEZE:
    case FETTLE_OPCODE_EXPAND_DIMS:
    case FETTLE_OPCODE_SPLIT:
    case FETTLE_OPCODE_SPLIT_V:
    case FETTLE_OPCODE_UNPACK:
    case FETTLE_OPCODE_SLICE:
    case FETTLE_OPCODE_STRIDED_SLICE:
    case FETTLE_OPCODE_TRANSPOSE:
    case FETTLE_OPCODE_MIRROR_PAD:
    case FETTLE_OPCODE_GATHER:
    case FETTLE_OPCODE_SPACE_TO_DEPTH:
    case FETTLE_OPCODE_DEPTH_TO_SPACE:
    case FETTLE_OPCODE_RESIZE_BILINEAR:
    case FETTLE_OPCODE_RESIZE_NEAREST_NEIGHBOR:
    case FETTLE_OPCODE_FILL:
    case FETTLE_OPCODE_BROADCAST_TO:
    case FETTLE_OPCODE_TILE:
    case FETTLE_OPCODE_REVERSE_V2:
    case FETTLE_OPCODE_SPACE_TO_BATCH_ND:
    case FETTLE_OPCODE_BATCH_TO_SPACE_ND:
      return TRUE;
    default:
      return FALSE;
    }
}

gboolean
fettle_opcode_joins_scales (FettleOpcode opcode)
{
  return opcode == FETTLE_OPCODE_CONCATENATION || opcode == FETTLE_OPCODE_PACK
         || opcode == FETTLE_OPCODE_PADV2 || opcode == FETTLE_OPCODE_MINIMUM
         || opcode == FETTLE_OPCODE_MAXIMUM || opcode == FETTLE_OPCODE_SELECT
         || opcode == FETTLE_OPCODE_SELECT_V2;
}

/* What shared B's root shares A's from now on; a prescribed scale is no other tensor's. */
static void
join (FettleActivationPlan *plan, FettleGraph *graph, gint32 a, gint32 b)
{
  gint32 from = plan->roots[b], to = plan->roots[a];

  if (plan->int8[from].is_fixed || plan->int8[to].is_fixed)
    return;
  for (guint i = 0; i < fettle_graph_get_n_tensors (graph); i++)
    if (plan->roots[i] == from)
      plan->roots[i] = to;
}

static void
join_operands (FettleActivationPlan *plan, FettleGraph *graph,
               const FettleOperator *operator_)
{
  gint32 output = fettle_operator_get_output (operator_, 0);

  for (guint k = 0; k < operator_->inputs->len; k++)
    {
      gint32 input = fettle_operator_get_input (operator_, k);

      if (fettle_graph_get_tensor (graph, (guint)input)->type == FETTLE_TYPE_FLOAT32)
        join (plan, graph, output, input);
    }
}

static void
pass_on (FettleActivationPlan *plan, const FettleOperator *operator_)
{
  gint32 input = fettle_operator_get_input (
      operator_, fettle_opcode_get_data_input (operator_->opcode));

  for (guint k = 0; k < operator_->outputs->len; k++)
    plan->roots[fettle_operator_get_output (operator_, k)] = plan->roots[input];
}

static FettleActivationParameters
prescribe_form (double minimum, double maximum, FettleType type, float scale,
                gint32 zero_point)
{
  return (FettleActivationParameters){
    .minimum = minimum,
    .maximum = maximum,
    .is_fixed = TRUE,
    .form = { type, scale, zero_point },
  };
}

/* The kernels of some operators have one output scale only. */
static void
prescribe (FettleActivationPlan *plan, FettleOpcode opcode, gint32 output)
{
  FettleActivationParameters *int8 = &plan->int8[output], *int16 = &plan->int16[output];

  switch (opcode)
    {
    case FETTLE_OPCODE_SOFTMAX:
    case FETTLE_OPCODE_LOGISTIC:
      *int8 = prescribe_form (0.0, 1.0, FETTLE_TYPE_INT8, 0x1p-8f, G_MININT8);
      *int16 = prescribe_form (0.0, 1.0, FETTLE_TYPE_INT16, 0x1p-15f, 0);
      break;
    case FETTLE_OPCODE_TANH:
    case FETTLE_OPCODE_L2_NORMALIZATION:
      *int8 = prescribe_form (-1.0, 1.0, FETTLE_TYPE_INT8, 0x1p-7f, 0);
      *int16 = prescribe_form (-1.0, 1.0, FETTLE_TYPE_INT16, 0x1p-15f, 0);
      break;
    case FETTLE_OPCODE_LOG_SOFTMAX:
      *int8 = prescribe_form (-16.0, 0.0, FETTLE_TYPE_INT8, 0x1p-4f, G_MAXINT8);
      break;
    default:
      break;
    }
}

static void
find_roots (FettleActivationPlan *plan, FettleGraph *graph, const FettleType *types)
{
  for (guint i = 0; i < fettle_graph_get_n_tensors (graph); i++)
    plan->roots[i] = (gint32)i;
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);
      gboolean is_float = types[i] == FETTLE_TYPE_FLOAT32;

      /* Only the first of several outputs has a range of its own. */
      if (fettle_opcode_keeps_scale (operator_->opcode)
          && (!is_float || operator_->outputs->len > 1))
        pass_on (plan, operator_);
      else if (is_float)
        continue;
      else if (fettle_opcode_joins_scales (operator_->opcode))
        join_operands (plan, graph, operator_);
      else
        prescribe (plan, operator_->opcode, fettle_operator_get_output (operator_, 0));
    }
}

/* How many layers and outputs of the graph see the values of TENSOR, renamed or not. */
static guint
count_readers (FettleActivationPlan *plan, FettleGraph *graph, gint32 tensor)
{
  guint n = 0;

  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);

      for (guint k = 0; k < operator_->inputs->len; k++)
        {
          gint32 input = fettle_operator_get_input (operator_, k);

          n += input >= 0 && plan->roots[input] == plan->roots[tensor];
        }
    }
  for (guint i = 0; i < fettle_graph_get_n_outputs (graph); i++)
    n += plan->roots[fettle_graph_get_output (graph, i)] == plan->roots[tensor];
  return n;
}

/* An operand of an addition that ends with a ReLU needs no steps for values below minus the other
 * one's maximum: int8 keeps the other one at or below it, so the sum would be clamped to 0 anyway. */
static void
trim_operand (FettleActivationPlan *plan, FettleGraph *graph,
              const FettleOperator *operator_, guint operand)
{
  gint32 tensor = fettle_operator_get_input (operator_, operand);
  gint32 other = fettle_operator_get_input (operator_, 1 - operand);
  FettleActivationParameters *parameters =
      fettle_activation_plan_get (plan, tensor, FETTLE_TYPE_INT8);
  double limit = -fettle_activation_plan_get (plan, other, FETTLE_TYPE_INT8)->maximum;

  if (!parameters->is_fixed && parameters->minimum < limit
      && count_readers (plan, graph, tensor) == 1)
    parameters->minimum = limit;
}

static void
trim_operands (FettleActivationPlan *plan, FettleGraph *graph, const FettleType *types)
{
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);

      if (operator_->opcode == FETTLE_OPCODE_ADD && types[i] == FETTLE_TYPE_INT8
          && (operator_->options.activation == FETTLE_ACTIVATION_RELU
              || operator_->options.activation == FETTLE_ACTIVATION_RELU6))
        {
          trim_operand (plan, graph, operator_, 0);
          trim_operand (plan, graph, operator_, 1);
        }
    }
}

static void
fit_asymmetric (FettleActivationParameters *parameters, double minimum_scale)
{
  double range = parameters->maximum - parameters->minimum;
  FettleForm *form = &parameters->form;
  double zero_point;

  /* A tensor that is always 0 needs no resolution; any ordinary scale will do. */
  form->scale = range > 0.0 ? (float)(range / 255.0) : 1.0f;
  form->scale = MAX (form->scale, (float)minimum_scale);
  zero_point = round (G_MININT8 - parameters->minimum / (double)form->scale);
  form->zero_point = (gint32)CLAMP (zero_point, G_MININT8, G_MAXINT8);
}

static void
fit_symmetric (FettleActivationParameters *parameters, double minimum_scale)
{
  double farther = MAX (parameters->maximum, -parameters->minimum);
  FettleForm *form = &parameters->form;

  form->scale = farther > 0.0 ? (float)(farther / SYMMETRIC_STEPS) : 1.0f;
  form->scale = MAX (form->scale, (float)minimum_scale);
  form->zero_point = 0;
}

void
fettle_activation_parameters_fit (FettleActivationParameters *parameters,
                                  double minimum_scale)
{
  g_assert (parameters->minimum <= 0.0 && parameters->maximum >= 0.0);

  if (parameters->is_fixed)
    return;
  minimum_scale = MAX (minimum_scale, SMALLEST_SCALE);
  if (parameters->form.type == FETTLE_TYPE_INT16)
    fit_symmetric (parameters, minimum_scale);
  else
    fit_asymmetric (parameters, minimum_scale);
}

static void
widen (FettleActivationParameters *parameters, const FettleRange *range)
{
  parameters->minimum = MIN (parameters->minimum, (double)range->minimum);
  parameters->maximum = MAX (parameters->maximum, (double)range->maximum);
}

FettleActivationPlan *
fettle_activation_plan_new (FettleGraph *graph, GArray *ranges, const FettleType *types)
{
  guint n_tensors = fettle_graph_get_n_tensors (graph);
  FettleActivationPlan *plan = g_new0 (FettleActivationPlan, 1);

  g_assert (ranges->len == n_tensors);

  plan->roots = g_new0 (gint32, n_tensors);
  plan->int8 = g_new0 (FettleActivationParameters, n_tensors);
  plan->int16 = g_new0 (FettleActivationParameters, n_tensors);
  find_roots (plan, graph, types);
  for (guint i = 0; i < n_tensors; i++)
    {
      const FettleRange *range = &g_array_index (ranges, FettleRange, i);

      /* An empty range, of a tensor that holds no real numbers, has its ends the wrong way round. */
      if (range->minimum <= range->maximum)
        {
          widen (&plan->int8[plan->roots[i]], range);
          widen (&plan->int16[plan->roots[i]], range);
        }
    }
  trim_operands (plan, graph, types);
  for (guint i = 0; i < n_tensors; i++)
    {
      plan->int8[i].form.type = FETTLE_TYPE_INT8;
      plan->int16[i].form.type = FETTLE_TYPE_INT16;
      fettle_activation_parameters_fit (&plan->int8[i], 0.0);
      fettle_activation_parameters_fit (&plan->int16[i], 0.0);
    }
  return plan;
}

void
fettle_activation_plan_free (FettleActivationPlan *plan)
{
  if (plan == NULL)
    return;
  g_free (plan->roots);
  g_free (plan->int8);
  g_free (plan->int16);
  g_free (plan);
}

FettleActivationParameters *
fettle_activation_plan_get (FettleActivationPlan *plan, gint32 tensor, FettleType type)
{
  g_assert (type == FETTLE_TYPE_INT8 || type == FETTLE_TYPE_INT16);
  return type == FETTLE_TYPE_INT16 ? &plan->int16[plan->roots[tensor]]
                                   : &plan->int8[plan->roots[tensor]];
}

void
fettle_activation_plan_coarsen (FettleActivationPlan *plan, gint32 tensor,
                                FettleType type, double scale)
{
  FettleActivationParameters *parameters =
      fettle_activation_plan_get (plan, tensor, type);

  if ((double)parameters->form.scale < scale)
    fettle_activation_parameters_fit (parameters, scale);
}
