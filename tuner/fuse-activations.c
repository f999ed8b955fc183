/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuse-activations.c: RELU and RELU6 into the layer before them.
 *
 * Without this the layer's int8 output would spend half of its range on values that the next layer
 * throws away. */
#include "config.h"
#include "tuner/fuse-activations.h"

static gboolean
can_clamp (const FettleOperator *operator_)
{
  switch (operator_->opcode)
    {
    case FETTLE_OPCODE_CONV_2D:
    case FETTLE_OPCODE_DEPTHWISE_CONV_2D:
    case FETTLE_OPCODE_FULLY_CONNECTED:
    case FETTLE_OPCODE_ADD:
    case FETTLE_OPCODE_SUB:
    case FETTLE_OPCODE_MUL:
    case FETTLE_OPCODE_DIV:
      return operator_->options.activation == FETTLE_ACTIVATION_NONE;
    default:
      return FALSE;
    }
}

static guint
count_readers (FettleGraph *graph, gint32 tensor)
{
  guint n = 0;

  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);

      for (guint k = 0; k < operator_->inputs->len; k++)
        n += fettle_operator_get_input (operator_, k) == tensor;
    }
  for (guint i = 0; i < fettle_graph_get_n_outputs (graph); i++)
    n += fettle_graph_get_output (graph, i) == (guint)tensor;
  return n;
}

static FettleOperator *
find_writer (FettleGraph *graph, gint32 tensor)
{
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      FettleOperator *operator_ = fettle_graph_get_operator (graph, i);

      if (fettle_operator_get_output (operator_, 0) == tensor)
        return operator_;
    }
  return NULL;
}

static gboolean
fuse (FettleGraph *graph, const FettleOperator *activation)
{
  gint32 input = fettle_operator_get_input (activation, 0);
  gint32 output = fettle_operator_get_output (activation, 0);
  FettleOperator *writer = find_writer (graph, input);

  if (writer == NULL || !can_clamp (writer) || count_readers (graph, input) != 1)
    return FALSE;
  writer->options.activation = activation->opcode == FETTLE_OPCODE_RELU
                                   ? FETTLE_ACTIVATION_RELU
                                   : FETTLE_ACTIVATION_RELU6;
  g_array_index (writer->outputs, gint32, 0) = output;
  return TRUE;
}

guint
fettle_fuse_activations (FettleGraph *graph)
{
  guint n_fused = 0;

  for (guint i = 0; i < fettle_graph_get_n_operators (graph);)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);

      if ((operator_->opcode == FETTLE_OPCODE_RELU
           || operator_->opcode == FETTLE_OPCODE_RELU6)
          && fuse (graph, operator_))
        {
          fettle_graph_remove_operator (graph, i);
          n_fused++;
        }
      else
        i++;
    }
  return n_fused;
}
