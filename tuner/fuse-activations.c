/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuse-activations.c: RELU, RELU6 and RELU_N1_TO_1 into the layer before them.
 *
 * Without this the layer's int8 output would spend half of its range on values that the next layer
 * throws away. */
#include "config.h"
#include "tuner/fuse-activations.h"
#include "tuner/graph-edit.h"

#include <glib/gi18n.h>

static gboolean
can_clamp (const FettleOperator *operator_)
{
  switch (operator_->opcode)
    {
    case FETTLE_OPCODE_CONV_2D:
    case FETTLE_OPCODE_DEPTHWISE_CONV_2D:
    case FETTLE_OPCODE_FULLY_CONNECTED:
    case FETTLE_OPCODE_AVERAGE_POOL_2D:
    case FETTLE_OPCODE_MAX_POOL_2D:
    case FETTLE_OPCODE_ADD:
    case FETTLE_OPCODE_SUB:
    case FETTLE_OPCODE_MUL:
    case FETTLE_OPCODE_DIV:
      return operator_->options.activation == FETTLE_ACTIVATION_NONE;
    default:
      return FALSE;
    }
}

static FettleActivation
find_activation (FettleOpcode opcode)
{
  switch (opcode)
    {
    case FETTLE_OPCODE_RELU:
      return FETTLE_ACTIVATION_RELU;
    case FETTLE_OPCODE_RELU6:
      return FETTLE_ACTIVATION_RELU6;
    case FETTLE_OPCODE_RELU_N1_TO_1:
      return FETTLE_ACTIVATION_RELU_N1_TO_1;
    default:
      return FETTLE_ACTIVATION_NONE;
    }
}

static gboolean
fuse (FettleTuning *tuning, FettleGraph *graph, const FettleOperator *operator_)
{
  FettleActivation activation = find_activation (operator_->opcode);
  gint32 input = fettle_operator_get_input (operator_, 0);
  gint32 output = fettle_operator_get_output (operator_, 0);
  guint writer = fettle_graph_find_writer (graph, input);
  FettleOperator *before;

  /* Between other scales the clamp rescales, and rounds once more. */
  if (activation == FETTLE_ACTIVATION_NONE || writer == FETTLE_NO_LAYER
      || fettle_graph_count_readers (graph, input) != 1
      || !fettle_tensors_have_same_encoding (
          fettle_graph_get_tensor (graph, (guint)input),
          fettle_graph_get_tensor (graph, (guint)output)))
    return FALSE;
  before = fettle_graph_get_operator (graph, writer);
  if (!can_clamp (before))
    return FALSE;
  before->options.activation = activation;
  g_array_index (before->outputs, gint32, 0) = output;
  fettle_tuning_report (tuning, operator_->name, _ ("Merged with %s before it."),
                        before->name);
  return TRUE;
}

guint
fettle_fuse_activations (FettleTuning *tuning, FettleGraph *graph)
{
  guint n_fused = 0;

  for (guint i = 0; i < fettle_graph_get_n_operators (graph);)
    if (fuse (tuning, graph, fettle_graph_get_operator (graph, i)))
      {
        fettle_graph_remove_operator (graph, i);
        n_fused++;
      }
    else
      i++;
  return n_fused;
}
