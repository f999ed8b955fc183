/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fold-normalization.c: MUL, DIV, ADD and SUB by a constant per channel, into the layer with weights
 * before them. */
#include "config.h"
#include "tuner/fold.h"
#include "tuner/graph-edit.h"
#include "tuner/layer-weights.h"

#include <glib/gi18n.h>
#include <math.h>

/* y = factor * x + offset, per output channel of the layer before. */
typedef struct
{
  guint n;
  double *factors, *offsets;
} Affine;

static void
affine_clear (Affine *affine)
{
  g_free (affine->factors);
  g_free (affine->offsets);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Affine, affine_clear)

/* One value, or one per channel along the last axis. */
static gboolean
is_per_channel (const FettleTensor *tensor, guint n_channels)
{
  gsize n = fettle_tensor_get_n_elements (tensor);

  return tensor->data != NULL && tensor->type == FETTLE_TYPE_FLOAT32
         && (n == 1 || (n == n_channels && tensor->shape[tensor->rank - 1] == (gint32)n));
}

static void
set_channel (Affine *affine, guint c, FettleOpcode opcode, gboolean constant_is_first,
             double constant)
{
  affine->factors[c] = 1.0;
  affine->offsets[c] = 0.0;
  switch (opcode)
    {
    case FETTLE_OPCODE_MUL:
      affine->factors[c] = constant;
      break;
    case FETTLE_OPCODE_DIV:
      affine->factors[c] = 1.0 / constant;
      break;
    case FETTLE_OPCODE_ADD:
      affine->offsets[c] = constant;
      break;
    default: /* SUB */
      affine->factors[c] = constant_is_first ? -1.0 : 1.0;
      affine->offsets[c] = constant_is_first ? constant : -constant;
      break;
    }
}

/* K is the place of the constant operand. */
static gboolean
read_affine (FettleGraph *graph, const FettleOperator *operator_, guint k, Affine *affine)
{
  const FettleTensor *constant = fettle_graph_get_operator_input (graph, operator_, k);
  const FettleTensor *output = fettle_graph_get_operator_output (graph, operator_, 0);
  const float *values;

  affine->n = (guint)output->shape[output->rank - 1];
  if (!is_per_channel (constant, affine->n)
      || (operator_->opcode == FETTLE_OPCODE_DIV && k == 0))
    return FALSE;
  values = g_bytes_get_data (constant->data, NULL);
  affine->factors = g_new (double, affine->n);
  affine->offsets = g_new (double, affine->n);
  for (guint c = 0; c < affine->n; c++)
    {
      double value = (double)values[fettle_tensor_get_n_elements (constant) > 1 ? c : 0];

      set_channel (affine, c, operator_->opcode, k == 0, value);
      if (!isfinite (affine->factors[c]) || !isfinite (affine->offsets[c]))
        return FALSE;
    }
  return TRUE;
}

/* FALSE if a number would leave the range of a float. */
static gboolean
scale_weights (FettleLayerWeights *weights, const Affine *affine)
{
  gboolean fits = TRUE;

  for (guint c = 0; c < affine->n; c++)
    if (affine->offsets[c] != 0.0)
      fettle_layer_weights_add_bias (weights);
  for (gsize i = 0; i < weights->n; i++)
    {
      weights->values[i] *= affine->factors[fettle_layer_weights_get_output (weights, i)];
      fits &= isfinite ((float)weights->values[i]);
    }
  for (guint c = 0; weights->bias != NULL && c < affine->n; c++)
    {
      weights->bias[c] = weights->bias[c] * affine->factors[c] + affine->offsets[c];
      fits &= isfinite ((float)weights->bias[c]);
    }
  return fits;
}

/* The layer with weights that computes input K of OPERATOR_ for it alone, and does not clamp it. */
static guint
find_layer_before (FettleGraph *graph, const FettleOperator *operator_, guint k)
{
  gint32 tensor = fettle_operator_get_input (operator_, k);
  guint writer = fettle_graph_find_writer (graph, tensor);
  const FettleTensor *input = fettle_graph_get_tensor (graph, (guint)tensor);
  const FettleTensor *output = fettle_graph_get_operator_output (graph, operator_, 0);

  if (writer == FETTLE_NO_LAYER || fettle_graph_count_readers (graph, tensor) != 1
      || fettle_graph_get_operator (graph, writer)->options.activation
             != FETTLE_ACTIVATION_NONE
      || input->rank != output->rank
      || fettle_tensor_get_n_elements (input) != fettle_tensor_get_n_elements (output))
    return FETTLE_NO_LAYER;
  return writer;
}

static gboolean
is_affine (FettleOpcode opcode)
{
  return opcode == FETTLE_OPCODE_MUL || opcode == FETTLE_OPCODE_DIV
         || opcode == FETTLE_OPCODE_ADD || opcode == FETTLE_OPCODE_SUB;
}

/* Folds LAYER, whose operand K is constant. */
static gboolean
fold (FettleTuning *tuning, FettleGraph *graph, guint layer, guint k)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
  guint before = find_layer_before (graph, operator_, 1 - k);
  g_autoptr (FettleLayerWeights) weights = NULL;
  g_auto (Affine) affine = { 0 };
  FettleOperator *target;

  if (before == FETTLE_NO_LAYER || !read_affine (graph, operator_, k, &affine))
    return FALSE;
  weights = fettle_layer_weights_new (graph, before);
  if (weights == NULL || weights->n_outputs != affine.n
      || !scale_weights (weights, &affine))
    return FALSE;
  fettle_layer_weights_store (weights, graph, before);
  target = fettle_graph_get_operator (graph, before);
  target->options.activation = operator_->options.activation;
  g_array_index (target->outputs, gint32, 0) = fettle_operator_get_output (operator_, 0);
  fettle_tuning_report (tuning, operator_->name,
                        _ ("Merged with the weights of %s before it."), target->name);
  fettle_graph_remove_operator (graph, layer);
  return TRUE;
}

guint
fettle_fold_normalization (FettleTuning *tuning, FettleGraph *graph)
{
  guint n_folded = 0;

  for (guint i = 0; i < fettle_graph_get_n_operators (graph);)
    if (is_affine (fettle_graph_get_operator (graph, i)->opcode)
        && (fold (tuning, graph, i, 1) || fold (tuning, graph, i, 0)))
      n_folded++;
    else
      i++;
  return n_folded;
}
