/* SPDX-License-Identifier: GPL-3.0-or-later */
/* operands.c: how many operands an operator takes, of which types, and which are constants. */
#include "model/elementwise.h"
#include "model/graph-private.h"
#include "model/movement.h"
#include "model/sequence.h"
#include "model/variables.h"
#include "runtime/frt_format.h"

typedef struct
{
  guint8 least, most;  /* inputs */
  guint8 rank;         /* that the data input must have; 0 = any */
  gboolean needs_data; /* all inputs but the data input are constants */
} Arity;

/* Of all but the element-wise operators. */
static const Arity arities[FETTLE_N_OPCODES] = {
  [FETTLE_OPCODE_CONV_2D] = { 2, 3, 4, TRUE },
  [FETTLE_OPCODE_DEPTHWISE_CONV_2D] = { 2, 3, 4, TRUE },
  [FETTLE_OPCODE_FULLY_CONNECTED] = { 2, 3, 0, TRUE },
  [FETTLE_OPCODE_AVERAGE_POOL_2D] = { 1, 1, 4, FALSE },
  [FETTLE_OPCODE_MAX_POOL_2D] = { 1, 1, 4, FALSE },
  [FETTLE_OPCODE_SOFTMAX] = { 1, 1, 0, FALSE },
  [FETTLE_OPCODE_RESHAPE] = { 1, 2, 0, FALSE },
  [FETTLE_OPCODE_PAD] = { 2, 2, 0, TRUE },
  [FETTLE_OPCODE_MEAN] = { 2, 2, 0, TRUE },
  [FETTLE_OPCODE_QUANTIZE] = { 1, 1, 0, FALSE },
  [FETTLE_OPCODE_DEQUANTIZE] = { 1, 1, 0, FALSE },
  [FETTLE_OPCODE_CONCATENATION] = { 1, FRT_MAX_OPERANDS, 0, FALSE },
  [FETTLE_OPCODE_SPLIT] = { 2, 2, 0, TRUE },
  [FETTLE_OPCODE_SPLIT_V] = { 3, 3, 0, TRUE },
  [FETTLE_OPCODE_SLICE] = { 3, 3, 0, TRUE },
  [FETTLE_OPCODE_STRIDED_SLICE] = { 4, 4, 0, TRUE },
  [FETTLE_OPCODE_PACK] = { 1, FRT_MAX_OPERANDS, 0, FALSE },
  [FETTLE_OPCODE_UNPACK] = { 1, 1, 0, FALSE },
  [FETTLE_OPCODE_SQUEEZE] = { 1, 1, 0, FALSE },
  [FETTLE_OPCODE_EXPAND_DIMS] = { 2, 2, 0, TRUE },
  [FETTLE_OPCODE_TRANSPOSE] = { 2, 2, 0, TRUE },
  [FETTLE_OPCODE_PADV2] = { 3, 3, 0, TRUE },
  [FETTLE_OPCODE_MIRROR_PAD] = { 2, 2, 0, TRUE },
  [FETTLE_OPCODE_GATHER] = { 2, 2, 0, FALSE },
  [FETTLE_OPCODE_CAST] = { 1, 1, 0, FALSE },
  [FETTLE_OPCODE_SPACE_TO_DEPTH] = { 1, 1, 4, FALSE },
  [FETTLE_OPCODE_DEPTH_TO_SPACE] = { 1, 1, 4, FALSE },
  [FETTLE_OPCODE_RESIZE_BILINEAR] = { 2, 2, 4, TRUE },
  [FETTLE_OPCODE_RESIZE_NEAREST_NEIGHBOR] = { 2, 2, 4, TRUE },
  [FETTLE_OPCODE_SUM] = { 2, 2, 0, TRUE },
  [FETTLE_OPCODE_REDUCE_MAX] = { 2, 2, 0, TRUE },
  [FETTLE_OPCODE_REDUCE_MIN] = { 2, 2, 0, TRUE },
  [FETTLE_OPCODE_ARG_MAX] = { 2, 2, 0, TRUE },
  [FETTLE_OPCODE_ARG_MIN] = { 2, 2, 0, TRUE },
  [FETTLE_OPCODE_SVDF] = { 3, FETTLE_SVDF_N_INPUTS, 2, FALSE },
  [FETTLE_OPCODE_UNIDIRECTIONAL_SEQUENCE_LSTM] = { 1, FETTLE_LSTM_N_INPUTS, 3, FALSE },
  [FETTLE_OPCODE_TRANSPOSE_CONV] = { 3, 4, 4, TRUE },
  [FETTLE_OPCODE_BATCH_MATMUL] = { 2, 2, 0, FALSE },
  [FETTLE_OPCODE_LOG_SOFTMAX] = { 1, 1, 0, FALSE },
  [FETTLE_OPCODE_L2_NORMALIZATION] = { 1, 1, 0, FALSE },
  [FETTLE_OPCODE_CALL_ONCE] = { 2, FRT_MAX_OPERANDS, 0, FALSE },
  [FETTLE_OPCODE_READ_VARIABLE] = { 1, 1, 0, FALSE },
  [FETTLE_OPCODE_ASSIGN_VARIABLE] = { 1, 1, 0, FALSE },
  [FETTLE_OPCODE_FILL] = { 2, 2, 0, FALSE },
  [FETTLE_OPCODE_BROADCAST_TO] = { 2, 2, 0, FALSE },
  [FETTLE_OPCODE_TILE] = { 2, 2, 0, FALSE },
  [FETTLE_OPCODE_REVERSE_V2] = { 2, 2, 0, TRUE },
  [FETTLE_OPCODE_SELECT] = { 3, 3, 0, FALSE },
  [FETTLE_OPCODE_SELECT_V2] = { 3, 3, 0, FALSE },
  [FETTLE_OPCODE_SPACE_TO_BATCH_ND] = { 3, 3, 0, TRUE },
  [FETTLE_OPCODE_BATCH_TO_SPACE_ND] = { 3, 3, 0, TRUE },
};

static gboolean G_GNUC_PRINTF (3, 4)
    fail (GError **error, FettleModelError code, const char *format, ...)
{
  va_list arguments;
  g_autofree char *message = NULL;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, FETTLE_MODEL_ERROR, code, message);
  return FALSE;
}

static guint
count_most_outputs (FettleOpcode opcode)
{
  return opcode == FETTLE_OPCODE_SPLIT || opcode == FETTLE_OPCODE_SPLIT_V
                 || opcode == FETTLE_OPCODE_UNPACK || opcode == FETTLE_OPCODE_CALL_ONCE
             ? FRT_MAX_OPERANDS
             : 1;
}

static gboolean
check_constants (FettleGraph *graph, const FettleOperator *operator_, GError **error)
{
  for (guint k = 0; k < operator_->inputs->len; k++)
    {
      const FettleTensor *input = fettle_graph_get_operator_input (graph, operator_, k);

      if (k != fettle_opcode_get_data_input (operator_->opcode) && input != NULL
          && input->data == NULL)
        return fail (error, FETTLE_MODEL_ERROR_UNSUPPORTED,
                     "its input %u (“%s”) is computed while the model runs; only "
                     "constants are supported there.",
                     k, input->name);
    }
  return TRUE;
}

/* Lists of axes and the like may be empty; nothing that is computed with may. */
static gboolean
may_be_empty (FettleOpcode opcode, guint k)
{
  switch (opcode)
    {
    case FETTLE_OPCODE_RESHAPE:
    case FETTLE_OPCODE_TRANSPOSE:
    case FETTLE_OPCODE_MEAN:
    case FETTLE_OPCODE_SUM:
    case FETTLE_OPCODE_REDUCE_MAX:
    case FETTLE_OPCODE_REDUCE_MIN:
    case FETTLE_OPCODE_REVERSE_V2:
    case FETTLE_OPCODE_STRIDED_SLICE:
    case FETTLE_OPCODE_BROADCAST_TO:
    case FETTLE_OPCODE_TILE:
    case FETTLE_OPCODE_FILL:
      return k != fettle_opcode_get_data_input (opcode);
    default:
      return FALSE;
    }
}

static gboolean
check_empty (FettleGraph *graph, const FettleOperator *operator_, GError **error)
{
  for (guint k = 0; k < operator_->inputs->len; k++)
    {
      const FettleTensor *input = fettle_graph_get_operator_input (graph, operator_, k);

      if (input != NULL && fettle_tensor_is_empty_list (input)
          && !may_be_empty (operator_->opcode, k))
        return fail (error, FETTLE_MODEL_ERROR_INVALID,
                     "its input %u (“%s”) has no elements.", k, input->name);
    }
  return TRUE;
}

static gboolean
check_arity (FettleGraph *graph, const FettleOperator *operator_, GError **error)
{
  guint8 n_elementwise = fettle_elementwise_count_inputs (operator_->opcode);
  Arity elementwise = { .least = n_elementwise, .most = n_elementwise };
  const Arity *arity = n_elementwise > 0 ? &elementwise : &arities[operator_->opcode];
  const FettleTensor *input;

  if (operator_->inputs->len < arity->least || operator_->inputs->len > arity->most
      || operator_->outputs->len < 1
      || operator_->outputs->len > count_most_outputs (operator_->opcode))
    return fail (error, FETTLE_MODEL_ERROR_INVALID,
                 "it has %u inputs and %u outputs, which this operator cannot have.",
                 operator_->inputs->len, operator_->outputs->len);
  for (guint k = 0; k < arity->least; k++)
    if (fettle_operator_get_input (operator_, k) < 0)
      return fail (error, FETTLE_MODEL_ERROR_INVALID, "its input %u is missing.", k);
  if (fettle_operator_get_output (operator_, 0) < 0)
    return fail (error, FETTLE_MODEL_ERROR_INVALID, "its output is missing.");
  if (arity->needs_data && !check_constants (graph, operator_, error))
    return FALSE;
  input = fettle_graph_get_operator_input (
      graph, operator_, fettle_opcode_get_data_input (operator_->opcode));
  if (arity->rank > 0 && input->rank != arity->rank)
    return fail (error, FETTLE_MODEL_ERROR_INVALID,
                 "its input “%s” has %u dimensions instead of %u.", input->name,
                 input->rank, arity->rank);
  return TRUE;
}

static gboolean
check_type (const FettleTensor *tensor, FettleType expected, GError **error)
{
  if (tensor->type == expected)
    return TRUE;
  return fail (error, FETTLE_MODEL_ERROR_UNSUPPORTED,
               "its tensor “%s” is %s where %s was expected.", tensor->name,
               fettle_type_get_name (tensor->type), fettle_type_get_name (expected));
}

static gboolean
check_computable (const FettleTensor *tensor, GError **error)
{
  if (tensor->type == FETTLE_TYPE_FLOAT32 || tensor->type == FETTLE_TYPE_INT8)
    return TRUE;
  return fail (error, FETTLE_MODEL_ERROR_UNSUPPORTED,
               "its tensor “%s” is %s; only float32 and int8 models are supported yet.",
               tensor->name, fettle_type_get_name (tensor->type));
}

/* As check_computable, or int16. */
static gboolean
check_activation (const FettleTensor *tensor, GError **error)
{
  return tensor->type == FETTLE_TYPE_INT16 || check_computable (tensor, error);
}

static gboolean
check_integers (const FettleTensor *tensor, GError **error)
{
  if (tensor == NULL || tensor->type == FETTLE_TYPE_INT32
      || tensor->type == FETTLE_TYPE_INT64)
    return TRUE;
  return fail (error, FETTLE_MODEL_ERROR_INVALID,
               "its tensor “%s” is %s where whole numbers were expected.", tensor->name,
               fettle_type_get_name (tensor->type));
}

static gboolean
check_types (FettleGraph *graph, const FettleOperator *operator_, GError **error)
{
  const FettleTensor *input = fettle_graph_get_operator_input (graph, operator_, 0);
  const FettleTensor *second = fettle_graph_get_operator_input (graph, operator_, 1);
  const FettleTensor *output = fettle_graph_get_operator_output (graph, operator_, 0);

  if (fettle_opcode_moves_data (operator_->opcode))
    return fettle_movement_check_types (graph, operator_, error);
  if (fettle_elementwise_count_inputs (operator_->opcode) > 0)
    return fettle_elementwise_check_types (graph, operator_, error);
  if (fettle_opcode_keeps_state (operator_->opcode))
    return fettle_sequence_check_operands (graph, operator_, error);
  if (fettle_opcode_handles_variables (operator_->opcode))
    return fettle_variables_check_operands (graph, operator_, error);
  switch (operator_->opcode)
    {
    case FETTLE_OPCODE_CONV_2D:
    case FETTLE_OPCODE_DEPTHWISE_CONV_2D:
    case FETTLE_OPCODE_FULLY_CONNECTED:
    case FETTLE_OPCODE_TRANSPOSE_CONV:
      return fettle_check_weighted (graph, operator_, error);
    case FETTLE_OPCODE_AVERAGE_POOL_2D:
    case FETTLE_OPCODE_MAX_POOL_2D:
      return check_activation (input, error) && check_type (output, input->type, error);
    case FETTLE_OPCODE_BATCH_MATMUL:
      return check_activation (input, error) && check_type (second, input->type, error)
             && check_type (output, input->type, error);
    case FETTLE_OPCODE_SOFTMAX:
      return check_activation (input, error)
             && ((input->type == FETTLE_TYPE_INT8 && output->type == FETTLE_TYPE_INT16)
                 || check_type (output, input->type, error));
    case FETTLE_OPCODE_MEAN:
    case FETTLE_OPCODE_SUM:
      return (input->type == FETTLE_TYPE_INT16 || check_computable (input, error))
             && check_integers (second, error) && check_type (output, input->type, error);
    case FETTLE_OPCODE_ARG_MAX:
    case FETTLE_OPCODE_ARG_MIN:
      return check_computable (input, error) && check_integers (second, error)
             && check_integers (output, error);
    case FETTLE_OPCODE_PAD:
    case FETTLE_OPCODE_REDUCE_MAX:
    case FETTLE_OPCODE_REDUCE_MIN:
      return check_computable (input, error) && check_integers (second, error)
             && check_type (output, input->type, error);
    default:
      return check_computable (input, error) && check_type (output, input->type, error);
    }
}

gboolean
fettle_graph_check_operands (FettleGraph *self, const FettleOperator *operator_,
                             GError **error)
{
  return check_arity (self, operator_, error) && check_empty (self, operator_, error)
         && check_types (self, operator_, error);
}
