/* SPDX-License-Identifier: GPL-3.0-or-later */
/* elementwise.c: operators that compute each element of the output from one element of each input. */
#include "model/elementwise.h"

#define TYPE(name) (1u << FETTLE_TYPE_##name)
#define FLOAT      TYPE (FLOAT32)
#define TABLE      (TYPE (FLOAT32) | TYPE (INT8)) /* a table of 256 bytes if int8 */
#define ACTIVATION (TYPE (FLOAT32) | TYPE (INT8) | TYPE (INT16))
#define NUMBER     (TYPE (FLOAT32) | TYPE (INT8) | TYPE (INT16) | TYPE (INT32))
#define ORDERED    (TYPE (FLOAT32) | TYPE (INT8) | TYPE (INT32) | TYPE (INT64))

typedef struct
{
  guint8 n_inputs;
  guint8 types;        /* of all inputs alike, a mask */
  gboolean gives_bool; /* else the output has the type of the inputs */
} Elementwise;

static const Elementwise operators[FETTLE_N_OPCODES] = {
  [FETTLE_OPCODE_ADD] = { 2, NUMBER, FALSE },
  [FETTLE_OPCODE_SUB] = { 2, NUMBER, FALSE },
  [FETTLE_OPCODE_MUL] = { 2, NUMBER, FALSE },
  [FETTLE_OPCODE_DIV] = { 2, FLOAT, FALSE },
  [FETTLE_OPCODE_MINIMUM] = { 2, NUMBER, FALSE },
  [FETTLE_OPCODE_MAXIMUM] = { 2, NUMBER, FALSE },
  [FETTLE_OPCODE_SQUARED_DIFFERENCE] = { 2, NUMBER, FALSE },
  [FETTLE_OPCODE_PRELU] = { 2, TABLE, FALSE },
  [FETTLE_OPCODE_EQUAL] = { 2, ORDERED | TYPE (BOOL), TRUE },
  [FETTLE_OPCODE_NOT_EQUAL] = { 2, ORDERED | TYPE (BOOL), TRUE },
  [FETTLE_OPCODE_GREATER] = { 2, ORDERED, TRUE },
  [FETTLE_OPCODE_GREATER_EQUAL] = { 2, ORDERED, TRUE },
  [FETTLE_OPCODE_LESS] = { 2, ORDERED, TRUE },
  [FETTLE_OPCODE_LESS_EQUAL] = { 2, ORDERED, TRUE },
  [FETTLE_OPCODE_LOGICAL_AND] = { 2, TYPE (BOOL), TRUE },
  [FETTLE_OPCODE_LOGICAL_OR] = { 2, TYPE (BOOL), TRUE },
  [FETTLE_OPCODE_LOGICAL_NOT] = { 1, TYPE (BOOL), TRUE },
  [FETTLE_OPCODE_ABS] = { 1, ACTIVATION, FALSE },
  [FETTLE_OPCODE_RSQRT] = { 1, ACTIVATION, FALSE },
  [FETTLE_OPCODE_LOGISTIC] = { 1, ACTIVATION, FALSE },
  [FETTLE_OPCODE_TANH] = { 1, ACTIVATION, FALSE },
  [FETTLE_OPCODE_RELU] = { 1, ACTIVATION, FALSE },
  [FETTLE_OPCODE_RELU6] = { 1, ACTIVATION, FALSE },
  [FETTLE_OPCODE_RELU_N1_TO_1] = { 1, ACTIVATION, FALSE },
  [FETTLE_OPCODE_LEAKY_RELU] = { 1, ACTIVATION, FALSE },
  [FETTLE_OPCODE_HARD_SWISH] = { 1, TABLE, FALSE },
  [FETTLE_OPCODE_ELU] = { 1, TABLE, FALSE },
  [FETTLE_OPCODE_GELU] = { 1, TABLE, FALSE },
  [FETTLE_OPCODE_NEG] = { 1, TABLE, FALSE },
  [FETTLE_OPCODE_SQRT] = { 1, TABLE, FALSE },
  [FETTLE_OPCODE_LOG] = { 1, TABLE, FALSE },
  [FETTLE_OPCODE_SQUARE] = { 1, TABLE, FALSE },
  [FETTLE_OPCODE_EXP] = { 1, TABLE, FALSE },
  [FETTLE_OPCODE_FLOOR] = { 1, TABLE, FALSE },
  [FETTLE_OPCODE_CEIL] = { 1, TABLE, FALSE },
  [FETTLE_OPCODE_ROUND] = { 1, TABLE, FALSE },
  [FETTLE_OPCODE_SIN] = { 1, TABLE, FALSE },
  [FETTLE_OPCODE_COS] = { 1, TABLE, FALSE },
};

guint8
fettle_elementwise_count_inputs (FettleOpcode opcode)
{
  return operators[opcode].n_inputs;
}

static gboolean
check_type (const FettleTensor *tensor, FettleType expected, GError **error)
{
  if (tensor->type == expected)
    return TRUE;
  g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
               "its tensor “%s” is %s where %s was expected.", tensor->name,
               fettle_type_get_name (tensor->type), fettle_type_get_name (expected));
  return FALSE;
}

static char *
list_types (guint types)
{
  GString *list = g_string_new (NULL);

  for (guint type = FETTLE_TYPE_FLOAT32; type <= FETTLE_TYPE_BOOL; type++)
    if (types & (1u << type))
      g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "",
                              fettle_type_get_name (type));
  return g_string_free (list, FALSE);
}

gboolean
fettle_elementwise_check_types (FettleGraph *graph, const FettleOperator *operator_,
                                GError **error)
{
  const Elementwise *elementwise = &operators[operator_->opcode];
  const FettleTensor *input = fettle_graph_get_operator_input (graph, operator_, 0);
  const FettleTensor *second = fettle_graph_get_operator_input (graph, operator_, 1);
  const FettleTensor *output = fettle_graph_get_operator_output (graph, operator_, 0);
  g_autofree char *types = NULL;

  if (elementwise->types & (1u << input->type))
    return (second == NULL || check_type (second, input->type, error))
           && check_type (
               output, elementwise->gives_bool ? FETTLE_TYPE_BOOL : input->type, error);
  types = list_types (elementwise->types);
  g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
               "its tensor “%s” is %s; %s is supported for these types only: %s.",
               input->name, fettle_type_get_name (input->type),
               fettle_opcode_get_name (operator_->opcode), types);
  return FALSE;
}
