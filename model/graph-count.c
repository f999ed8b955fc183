/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph-count.c: what a layer costs by its shapes alone. */
#include "model/movement.h"

guint64
fettle_graph_count_macs (FettleGraph *self, guint operator_index)
{
  const FettleOperator *operator_;
  const FettleTensor *weights, *output;
  const gint32 *first;
  guint64 n_outputs;

  g_return_val_if_fail (FETTLE_IS_GRAPH (self), 0);
  operator_ = fettle_graph_get_operator (self, operator_index);
  weights = fettle_graph_get_operator_input (self, operator_, 1);
  output = fettle_graph_get_operator_output (self, operator_, 0);
  n_outputs = fettle_tensor_get_n_elements (output);
  switch (operator_->opcode)
    {
    case FETTLE_OPCODE_CONV_2D:
      return n_outputs * (guint64)weights->shape[1] * (guint64)weights->shape[2]
             * (guint64)weights->shape[3];
    case FETTLE_OPCODE_DEPTHWISE_CONV_2D:
      return n_outputs * (guint64)weights->shape[1] * (guint64)weights->shape[2];
    case FETTLE_OPCODE_FULLY_CONNECTED:
      return n_outputs * (guint64)weights->shape[1];
    case FETTLE_OPCODE_SVDF:
      return (guint64)output->shape[0] * (guint64)weights->shape[0]
             * ((guint64)weights->shape[1]
                + (guint64)fettle_graph_get_operator_input (self, operator_, 2)
                      ->shape[1]);
    case FETTLE_OPCODE_UNIDIRECTIONAL_SEQUENCE_LSTM:
      /* Four gates, each with weights for the input and for the hidden state. */
      return 4 * n_outputs * ((guint64)weights->shape[1] + (guint64)output->shape[2]);
    case FETTLE_OPCODE_TRANSPOSE_CONV:
      /* Each input element meets each of its weights. */
      first = fettle_graph_get_operator_input (self, operator_, 2)->shape;
      return (guint64)first[0] * (guint64)first[1] * (guint64)first[2]
             * fettle_tensor_get_n_elements (weights);
    case FETTLE_OPCODE_BATCH_MATMUL:
      weights = fettle_graph_get_operator_input (self, operator_, 0);
      first = weights->shape + weights->rank;
      return n_outputs * (guint64)first[operator_->options.transpose_first ? -2 : -1];
    default:
      return 0;
    }
}

guint64
fettle_graph_count_weight_bytes (FettleGraph *self, guint operator_index)
{
  const FettleOperator *operator_;
  guint64 n = 0;

  g_return_val_if_fail (FETTLE_IS_GRAPH (self), 0);
  operator_ = fettle_graph_get_operator (self, operator_index);
  switch (operator_->opcode)
    {
    case FETTLE_OPCODE_MEAN:
    case FETTLE_OPCODE_SUM:
    case FETTLE_OPCODE_REDUCE_MAX:
    case FETTLE_OPCODE_REDUCE_MIN:
    case FETTLE_OPCODE_ARG_MAX:
    case FETTLE_OPCODE_ARG_MIN:
      return 0; /* their constants are shapes, paddings and axes */
    default:
      if (fettle_opcode_moves_data (operator_->opcode))
        return 0; /* the same */
      break;
    }
  for (guint k = 0; k < operator_->inputs->len; k++)
    {
      const FettleTensor *input = fettle_graph_get_operator_input (self, operator_, k);

      /* The shape of the output. */
      if (operator_->opcode == FETTLE_OPCODE_TRANSPOSE_CONV && k == 0)
        continue;
      if (input != NULL && input->data != NULL)
        n += fettle_tensor_get_size (input);
    }
  return n;
}
