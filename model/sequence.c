/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sequence.c: what the operators that keep state may be given. */
#include "model/sequence.h"

static gboolean G_GNUC_PRINTF (2, 3) refuse (GError **error, const char *format, ...)
{
  va_list arguments;
  g_autofree char *message = NULL;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
                       message);
  return FALSE;
}

gboolean
fettle_opcode_keeps_state (FettleOpcode opcode)
{
  return opcode == FETTLE_OPCODE_SVDF
         || opcode == FETTLE_OPCODE_UNIDIRECTIONAL_SEQUENCE_LSTM;
}

guint
fettle_sequence_get_state (FettleOpcode opcode, guint k)
{
  if (opcode == FETTLE_OPCODE_SVDF && k == 0)
    return FETTLE_SVDF_STATE;
  if (opcode == FETTLE_OPCODE_UNIDIRECTIONAL_SEQUENCE_LSTM && k < 2)
    return FETTLE_LSTM_HIDDEN_STATE + k;
  return 0;
}

/* Input K is a tensor of TYPE and, if N is 2, of the shape [ROWS][COLUMNS], else [ROWS]. */
static gboolean
check_tensor (FettleGraph *graph, const FettleOperator *operator_, guint k,
              FettleType type, guint n, gint64 rows, gint64 columns, GError **error)
{
  const FettleTensor *tensor = fettle_graph_get_operator_input (graph, operator_, k);

  if (tensor == NULL)
    return refuse (error, "its input %u is missing.", k);
  if (tensor->type != type)
    return refuse (error, "its tensor “%s” is %s where %s was expected.", tensor->name,
                   fettle_type_get_name (tensor->type), fettle_type_get_name (type));
  if (tensor->rank != n || tensor->shape[0] != rows
      || (n == 2 && tensor->shape[1] != columns))
    return refuse (error, "its tensor “%s” does not have the shape that the others give.",
                   tensor->name);
  return TRUE;
}

static gboolean
check_constant (FettleGraph *graph, const FettleOperator *operator_, guint k,
                FettleType type, guint n, gint64 rows, gint64 columns, GError **error)
{
  const FettleTensor *tensor;

  if (!check_tensor (graph, operator_, k, type, n, rows, columns, error))
    return FALSE;
  tensor = fettle_graph_get_operator_input (graph, operator_, k);
  if (tensor->data == NULL)
    return refuse (error,
                   "its tensor “%s” is computed while the model runs; only constants are "
                   "supported there.",
                   tensor->name);
  return TRUE;
}

static gboolean
check_state (FettleGraph *graph, const FettleOperator *operator_, guint k,
             FettleType type, gint64 rows, gint64 columns, GError **error)
{
  const FettleTensor *tensor;

  if (!check_tensor (graph, operator_, k, type, 2, rows, columns, error))
    return FALSE;
  tensor = fettle_graph_get_operator_input (graph, operator_, k);
  if (!tensor->is_variable)
    return refuse (error, "its state “%s” is not marked as a variable.", tensor->name);
  return TRUE;
}

/* --- LSTM --- */

/* The variants of the operator that are not supported. */
static gboolean
check_variant (const FettleOperator *operator_, GError **error)
{
  static const struct
  {
    guint first, n;
    const char *name;
  } extras[] = {
    { FETTLE_LSTM_PEEPHOLES, 3, "peephole connections" },
    { FETTLE_LSTM_PROJECTION, 2, "a projection" },
    { FETTLE_LSTM_NORMALIZATION, 4, "layer normalization" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (extras); i++)
    for (guint k = extras[i].first; k < extras[i].first + extras[i].n; k++)
      if (fettle_operator_get_input (operator_, k) >= 0)
        return refuse (error,
                       "it is an LSTM with %s, which is not supported; train and convert "
                       "it without.",
                       extras[i].name);
  if (fettle_operator_get_input (operator_, FETTLE_LSTM_INPUT_WEIGHTS) < 0)
    return refuse (error, "it is an LSTM whose input and forget gates are coupled, which "
                          "is not supported; train and convert it with both.");
  return TRUE;
}

typedef struct
{
  FettleType activation, weights, bias, cell;
} LstmTypes;

static gboolean
find_types (const FettleTensor *input, LstmTypes *types, GError **error)
{
  static const LstmTypes known[] = {
    { FETTLE_TYPE_FLOAT32, FETTLE_TYPE_FLOAT32, FETTLE_TYPE_FLOAT32,
      FETTLE_TYPE_FLOAT32 },
    { FETTLE_TYPE_INT8, FETTLE_TYPE_INT8, FETTLE_TYPE_INT32, FETTLE_TYPE_INT16 },
    { FETTLE_TYPE_INT16, FETTLE_TYPE_INT8, FETTLE_TYPE_INT64, FETTLE_TYPE_INT16 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (known[i].activation == input->type)
      {
        *types = known[i];
        return TRUE;
      }
  return refuse (error, "its input “%s” is %s; float32, int8 and int16 are supported.",
                 input->name, fettle_type_get_name (input->type));
}

static gboolean
check_lstm (FettleGraph *graph, const FettleOperator *operator_, GError **error)
{
  const FettleTensor *input = fettle_graph_get_operator_input (graph, operator_, 0);
  const FettleTensor *weights = fettle_graph_get_operator_input (
      graph, operator_, FETTLE_LSTM_RECURRENT_WEIGHTS + 1);
  gint32 units, batches;
  LstmTypes types = { 0 };

  if (!check_variant (operator_, error) || !find_types (input, &types, error))
    return FALSE;
  if (input->rank != 3 || weights == NULL || weights->rank != 2)
    return refuse (error, "its input does not have three dimensions, or its recurrent "
                          "weights do not have two.");
  units = weights->shape[0];
  batches = input->shape[operator_->options.time_major ? 1 : 0];
  for (guint i = 0; i < 4; i++)
    if (!check_constant (graph, operator_, FETTLE_LSTM_INPUT_WEIGHTS + i, types.weights,
                         2, units, input->shape[2], error)
        || !check_constant (graph, operator_, FETTLE_LSTM_RECURRENT_WEIGHTS + i,
                            types.weights, 2, units, units, error)
        || (fettle_operator_get_input (operator_, FETTLE_LSTM_BIASES + i) >= 0
            && !check_constant (graph, operator_, FETTLE_LSTM_BIASES + i, types.bias, 1,
                                units, 0, error)))
      return FALSE;
  return check_state (graph, operator_, FETTLE_LSTM_HIDDEN_STATE, types.activation,
                      batches, units, error)
         && check_state (graph, operator_, FETTLE_LSTM_CELL_STATE, types.cell, batches,
                         units, error);
}

/* --- SVDF --- */

static gboolean
check_svdf (FettleGraph *graph, const FettleOperator *operator_, GError **error)
{
  const FettleTensor *input = fettle_graph_get_operator_input (graph, operator_, 0);
  const FettleTensor *feature =
      fettle_graph_get_operator_input (graph, operator_, FETTLE_SVDF_FEATURE_WEIGHTS);
  const FettleTensor *time =
      fettle_graph_get_operator_input (graph, operator_, FETTLE_SVDF_TIME_WEIGHTS);
  gboolean is_float = input->type == FETTLE_TYPE_FLOAT32;
  FettleType bias = is_float ? FETTLE_TYPE_FLOAT32 : FETTLE_TYPE_INT32;
  gint32 rank = operator_->options.filter_rank;

  if (!is_float && input->type != FETTLE_TYPE_INT8)
    return refuse (error, "its input “%s” is %s; float32 and int8 are supported.",
                   input->name, fettle_type_get_name (input->type));
  if (input->rank != 2 || feature->rank != 2 || time->rank != 2)
    return refuse (error, "its input or weights do not have two dimensions.");
  if (rank < 1 || feature->shape[0] % rank != 0)
    return refuse (error, "its rank %d does not divide its %d filters.", rank,
                   feature->shape[0]);
  if (!is_float && time->type != FETTLE_TYPE_INT8 && time->type != FETTLE_TYPE_INT16)
    return refuse (error, "its tensor “%s” is %s where int8 or int16 was expected.",
                   time->name, fettle_type_get_name (time->type));
  return check_constant (graph, operator_, FETTLE_SVDF_FEATURE_WEIGHTS, input->type, 2,
                         feature->shape[0], input->shape[1], error)
         && check_constant (graph, operator_, FETTLE_SVDF_TIME_WEIGHTS,
                            is_float ? input->type : time->type, 2, feature->shape[0],
                            time->shape[1], error)
         && (fettle_operator_get_input (operator_, FETTLE_SVDF_BIAS) < 0
             || check_constant (graph, operator_, FETTLE_SVDF_BIAS, bias, 1,
                                feature->shape[0] / rank, 0, error))
         && check_state (graph, operator_, FETTLE_SVDF_STATE, time->type, input->shape[0],
                         (gint64)feature->shape[0] * time->shape[1], error);
}

gboolean
fettle_sequence_check_operands (FettleGraph *graph, const FettleOperator *operator_,
                                GError **error)
{
  const FettleTensor *input = fettle_graph_get_operator_input (graph, operator_, 0);
  const FettleTensor *output = fettle_graph_get_operator_output (graph, operator_, 0);

  if (!(operator_->opcode == FETTLE_OPCODE_SVDF ? check_svdf (graph, operator_, error)
                                                : check_lstm (graph, operator_, error)))
    return FALSE;
  if (output->type != input->type)
    return refuse (error, "its output “%s” is %s, but its input is %s.", output->name,
                   fettle_type_get_name (output->type),
                   fettle_type_get_name (input->type));
  return TRUE;
}

gboolean
fettle_sequence_infer_shape (FettleGraph *graph, const FettleOperator *operator_,
                             guint *rank, gint32 shape[FETTLE_MAX_RANK], GError **error)
{
  const FettleTensor *input = fettle_graph_get_operator_input (graph, operator_, 0);
  gboolean is_svdf = operator_->opcode == FETTLE_OPCODE_SVDF;
  const FettleTensor *weights = fettle_graph_get_operator_input (graph, operator_, 1);

  *rank = input->rank;
  for (guint i = 0; i + 1 < input->rank; i++)
    shape[i] = input->shape[i];
  shape[input->rank - 1] =
      is_svdf ? weights->shape[0] / operator_->options.filter_rank : weights->shape[0];
  return TRUE;
}
