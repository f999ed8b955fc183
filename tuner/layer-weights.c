/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-weights.c: the float weights of a layer, to be changed by channel. */
#include "config.h"
#include "tuner/layer-weights.h"
#include "tuner/quantize-weights.h"

#include <math.h>

/* NULL if TENSOR does not hold finite float constants. */
static double *
read_constant (const FettleTensor *tensor)
{
  gsize n = fettle_tensor_get_n_elements (tensor);
  g_autofree double *values = g_new (double, n);
  const float *constants;

  if (tensor->data == NULL || tensor->type != FETTLE_TYPE_FLOAT32)
    return NULL;
  constants = g_bytes_get_data (tensor->data, NULL);
  for (gsize i = 0; i < n; i++)
    {
      if (!isfinite (constants[i]))
        return NULL;
      values[i] = (double)constants[i];
    }
  return g_steal_pointer (&values);
}

static void
set_channels (FettleLayerWeights *weights, const FettleTensor *tensor,
              const FettleTensor *input)
{
  guint last = (guint)tensor->shape[tensor->rank - 1];

  switch (weights->opcode)
    {
    case FETTLE_OPCODE_DEPTHWISE_CONV_2D:
      weights->n_outputs = last;
      weights->n_inputs = (guint)input->shape[3];
      weights->n_group_inputs = 1;
      break;
    case FETTLE_OPCODE_CONV_2D:
      weights->n_outputs = (guint)tensor->shape[0];
      weights->n_inputs = (guint)input->shape[3];
      weights->n_group_inputs = last;
      break;
    default:
      weights->n_outputs = (guint)tensor->shape[0];
      weights->n_inputs = weights->n_group_inputs = last;
      break;
    }
}

FettleLayerWeights *
fettle_layer_weights_new (FettleGraph *graph, guint layer)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
  g_autoptr (FettleLayerWeights) weights = g_new0 (FettleLayerWeights, 1);
  gint32 bias = fettle_operator_get_input (operator_, 2);
  const FettleTensor *tensor;

  if (!fettle_opcode_has_weights (operator_->opcode))
    return NULL;
  tensor =
      fettle_graph_get_tensor (graph, (guint)fettle_operator_get_input (operator_, 1));
  weights->opcode = operator_->opcode;
  weights->n = fettle_tensor_get_n_elements (tensor);
  set_channels (
      weights, tensor,
      fettle_graph_get_tensor (graph, (guint)fettle_operator_get_input (operator_, 0)));
  weights->values = read_constant (tensor);
  if (weights->values == NULL)
    return NULL;
  if (bias < 0)
    return g_steal_pointer (&weights);
  weights->bias = read_constant (fettle_graph_get_tensor (graph, (guint)bias));
  return weights->bias != NULL ? g_steal_pointer (&weights) : NULL;
}

void
fettle_layer_weights_free (FettleLayerWeights *weights)
{
  g_free (weights->values);
  g_free (weights->bias);
  g_free (weights);
}

guint
fettle_layer_weights_get_output (const FettleLayerWeights *weights, gsize index)
{
  return (guint)(weights->opcode == FETTLE_OPCODE_DEPTHWISE_CONV_2D
                     ? index % weights->n_outputs
                     : index / (weights->n / weights->n_outputs));
}

guint
fettle_layer_weights_get_input (const FettleLayerWeights *weights, gsize index)
{
  guint n_groups = weights->n_inputs / weights->n_group_inputs;
  guint group =
      fettle_layer_weights_get_output (weights, index) / (weights->n_outputs / n_groups);

  return group * weights->n_group_inputs + (guint)(index % weights->n_group_inputs);
}

static gint32
add_constant (FettleGraph *graph, const char *name, guint rank, const gint32 *shape,
              const double *values)
{
  guint index = fettle_graph_add_tensor (graph, name, FETTLE_TYPE_FLOAT32, rank, shape);
  FettleTensor *tensor = fettle_graph_get_tensor (graph, index);
  gsize n = fettle_tensor_get_n_elements (tensor);
  float *constants = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    constants[i] = (float)values[i];
  tensor->data = g_bytes_new_take (constants, n * sizeof (float));
  return (gint32)index;
}

void
fettle_layer_weights_add_bias (FettleLayerWeights *weights)
{
  if (weights->bias == NULL)
    weights->bias = g_new0 (double, weights->n_outputs);
}

void
fettle_layer_weights_store (const FettleLayerWeights *weights, FettleGraph *graph,
                            guint layer)
{
  FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
  const FettleTensor *old = fettle_graph_get_operator_input (graph, operator_, 1);
  const FettleTensor *old_bias = fettle_graph_get_operator_input (graph, operator_, 2);
  const gint32 shape[] = { (gint32)weights->n_outputs };
  g_autofree char *bias_name = old_bias != NULL
                                   ? g_strdup (old_bias->name)
                                   : g_strconcat (operator_->name, "/bias", NULL);

  g_array_index (operator_->inputs, gint32, 1) =
      add_constant (graph, old->name, old->rank, old->shape, weights->values);
  if (weights->bias == NULL)
    return;
  if (operator_->inputs->len < 3)
    g_array_set_size (operator_->inputs, 3);
  g_array_index (operator_->inputs, gint32, 2) =
      add_constant (graph, bias_name, 1, shape, weights->bias);
}
