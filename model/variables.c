/* SPDX-License-Identifier: GPL-3.0-or-later */
/* variables.c: operators that read and write variable tensors. */
#include "model/variables.h"

#include <string.h>

static gboolean
refuse (const char *message, GError **error)
{
  g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_INVALID, message);
  return FALSE;
}

gboolean
fettle_opcode_handles_variables (FettleOpcode opcode)
{
  return opcode == FETTLE_OPCODE_READ_VARIABLE || fettle_opcode_writes_variables (opcode);
}

gboolean
fettle_opcode_writes_variables (FettleOpcode opcode)
{
  return opcode == FETTLE_OPCODE_ASSIGN_VARIABLE || opcode == FETTLE_OPCODE_CALL_ONCE;
}

static gboolean
check_pair (const FettleTensor *from, const FettleTensor *to, GError **error)
{
  if (from->type == to->type
      && fettle_tensor_get_size (from) == fettle_tensor_get_size (to))
    return TRUE;
  g_set_error (
      error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_INVALID,
      "the variable does not have the type and size of “%s”; all layers that use "
      "a variable must agree.",
      from->is_variable ? to->name : from->name);
  return FALSE;
}

static gboolean
check_call_once (FettleGraph *graph, const FettleOperator *operator_, GError **error)
{
  const FettleTensor *has_run = fettle_graph_get_operator_input (graph, operator_, 0);

  if (!has_run->is_variable || has_run->type != FETTLE_TYPE_BOOL)
    return refuse ("it has no variable to remember its call.", error);
  if (operator_->outputs->len + 1 != operator_->inputs->len)
    return refuse ("it has more or fewer variables than constants.", error);
  for (guint k = 0; k < operator_->outputs->len; k++)
    {
      const FettleTensor *from =
          fettle_graph_get_operator_input (graph, operator_, k + 1);

      if (from == NULL || from->data == NULL)
        return refuse ("it initialises a variable with something else than a constant.",
                       error);
      if (!check_pair (from, fettle_graph_get_operator_output (graph, operator_, k),
                       error))
        return FALSE;
    }
  return TRUE;
}

gboolean
fettle_variables_check_operands (FettleGraph *graph, const FettleOperator *operator_,
                                 GError **error)
{
  const FettleTensor *input = fettle_graph_get_operator_input (graph, operator_, 0);
  gboolean writes = fettle_opcode_writes_variables (operator_->opcode);

  if (!writes && !input->is_variable)
    return refuse ("it reads something else than a variable.", error);
  for (guint k = 0; k < operator_->outputs->len; k++)
    {
      const FettleTensor *output = fettle_graph_get_operator_output (graph, operator_, k);

      if (output->is_variable != writes)
        return refuse (writes ? "it writes to something else than a variable."
                              : "its output is a variable itself.",
                       error);
    }
  if (operator_->opcode == FETTLE_OPCODE_CALL_ONCE)
    return check_call_once (graph, operator_, error);
  return check_pair (input, fettle_graph_get_operator_output (graph, operator_, 0),
                     error);
}

gboolean
fettle_variables_infer_shape (FettleGraph *graph, const FettleOperator *operator_,
                              guint k, guint *rank, gint32 shape[FETTLE_MAX_RANK])
{
  const FettleTensor *output = fettle_graph_get_operator_output (graph, operator_, k);

  *rank = output->rank;
  memcpy (shape, output->shape, sizeof output->shape);
  return TRUE;
}
