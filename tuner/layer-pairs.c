/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-pairs.c: layers with weights between which scale can be moved. */
#include "config.h"
#include "tuner/layer-pairs.h"
#include "tuner/quantize-weights.h"

#define NO_LAYER G_MAXUINT

static gint32
get_channels (FettleGraph *graph, guint tensor_index)
{
  const FettleTensor *tensor = fettle_graph_get_tensor (graph, tensor_index);

  return tensor->rank > 0 ? tensor->shape[tensor->rank - 1] : 1;
}

/* The only reader of TENSOR, as its input 0; NO_LAYER if there are others, or the graph's end is one. */
static guint
find_only_reader (FettleGraph *graph, guint tensor)
{
  guint reader = NO_LAYER, n = 0;

  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);

      for (guint k = 0; k < operator_->inputs->len; k++)
        if (fettle_operator_get_input (operator_, k) == (gint32)tensor)
          {
            reader = k == 0 ? i : NO_LAYER;
            n++;
          }
    }
  for (guint i = 0; i < fettle_graph_get_n_outputs (graph); i++)
    n += fettle_graph_get_output (graph, i) == tensor;
  return n == 1 ? reader : NO_LAYER;
}

static gboolean
is_mean_over_area (FettleGraph *graph, const FettleOperator *operator_)
{
  const FettleTensor *axes =
      fettle_graph_get_tensor (graph, (guint)fettle_operator_get_input (operator_, 1));
  const FettleTensor *input =
      fettle_graph_get_tensor (graph, (guint)fettle_operator_get_input (operator_, 0));
  const gint32 *values;

  if (axes->data == NULL || axes->type != FETTLE_TYPE_INT32 || input->rank != 4)
    return FALSE;
  values = g_bytes_get_data (axes->data, NULL);
  for (gsize i = 0; i < fettle_tensor_get_n_elements (axes); i++)
    {
      gint32 axis = GINT32_FROM_LE (values[i]);

      if (axis == 3 || axis == -1)
        return FALSE;
    }
  return TRUE;
}

/* TRUE if OPERATOR_ treats each channel alone, and multiplying its input by a positive factor
 * multiplies its output by it. A clamp at its end is looked at elsewhere. */
static gboolean
is_homogeneous (FettleGraph *graph, const FettleOperator *operator_, guint n_channels)
{
  guint input = (guint)fettle_operator_get_input (operator_, 0);
  guint output = (guint)fettle_operator_get_output (operator_, 0);
  gint32 n_in = get_channels (graph, input), n_out = get_channels (graph, output);

  switch (operator_->opcode)
    {
    case FETTLE_OPCODE_AVERAGE_POOL_2D:
    case FETTLE_OPCODE_MAX_POOL_2D:
    case FETTLE_OPCODE_RELU:
    case FETTLE_OPCODE_RELU6:
    case FETTLE_OPCODE_PAD:
      return n_in == n_out;
    case FETTLE_OPCODE_MEAN:
      return is_mean_over_area (graph, operator_);
    case FETTLE_OPCODE_RESHAPE:
      /* Row-major: what was channel i stays at places i, i + n_channels, … of the last axis. */
      return n_out % (gint32)n_channels == 0;
    default:
      return FALSE;
    }
}

static gboolean
has_upper_bound (const FettleOperator *operator_)
{
  return operator_->opcode == FETTLE_OPCODE_RELU6
         || operator_->options.activation == FETTLE_ACTIVATION_RELU6
         || operator_->options.activation == FETTLE_ACTIVATION_RELU_N1_TO_1;
}

/* Follows the output of layer PAIR->first to the next layer with weights. */
static gboolean
find_second (FettleGraph *graph, FettleLayerPair *pair, gboolean *is_clamped)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, pair->first);
  guint tensor = (guint)fettle_operator_get_output (operator_, 0);

  pair->n_channels = (guint)get_channels (graph, tensor);
  pair->activation = tensor;
  *is_clamped = has_upper_bound (operator_);
  for (;;)
    {
      pair->second = find_only_reader (graph, tensor);
      if (pair->second == NO_LAYER)
        return FALSE;
      operator_ = fettle_graph_get_operator (graph, pair->second);
      if (fettle_opcode_has_weights (operator_->opcode))
        return TRUE;
      if (!is_homogeneous (graph, operator_, pair->n_channels))
        return FALSE;
      *is_clamped |= has_upper_bound (operator_);
      tensor = (guint)fettle_operator_get_output (operator_, 0);
      if (operator_->opcode == FETTLE_OPCODE_RELU)
        pair->activation = tensor;
    }
}

static GArray *
find_pairs (FettleGraph *graph, gboolean clamped, guint *n_others)
{
  GArray *pairs = g_array_new (FALSE, FALSE, sizeof (FettleLayerPair));

  *n_others = 0;
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      FettleLayerPair pair = { .first = i };
      gboolean is_clamped;

      if (!fettle_opcode_has_weights (fettle_graph_get_operator (graph, i)->opcode)
          || !find_second (graph, &pair, &is_clamped))
        continue;
      if (is_clamped == clamped)
        g_array_append_val (pairs, pair);
      else
        (*n_others)++;
    }
  return pairs;
}

GArray *
fettle_layer_pairs_find (FettleGraph *graph, guint *n_clamped)
{
  return find_pairs (graph, FALSE, n_clamped);
}

GArray *
fettle_layer_pairs_find_clamped (FettleGraph *graph)
{
  guint n_others;

  return find_pairs (graph, TRUE, &n_others);
}

guint
fettle_layer_pair_get_next (FettleGraph *graph, guint layer)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);

  return find_only_reader (graph, (guint)fettle_operator_get_output (operator_, 0));
}

void
fettle_layer_pair_rename (const FettleLayerPair *pair, FettleGraph *graph,
                          const char *suffix)
{
  for (guint layer = pair->first; layer != pair->second;
       layer = fettle_layer_pair_get_next (graph, layer))
    {
      FettleTensor *tensor = fettle_graph_get_operator_output (
          graph, fettle_graph_get_operator (graph, layer), 0);
      char *name = g_strconcat (tensor->name, suffix, NULL);

      g_free (tensor->name);
      tensor->name = name;
    }
}
