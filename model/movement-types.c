/* SPDX-License-Identifier: GPL-3.0-or-later */
/* movement-types.c: which tensors the operators that move or convert elements take. */
#include "model/movement.h"
#include "model/movement-spread.h"

/* Sets of types: bit FettleType. */
#define BIT(type)  (1u << (type))
#define FLOAT32    BIT (FETTLE_TYPE_FLOAT32)
#define INT8       BIT (FETTLE_TYPE_INT8)
#define INT16      BIT (FETTLE_TYPE_INT16)
#define INT32      BIT (FETTLE_TYPE_INT32)
#define INT64      BIT (FETTLE_TYPE_INT64)
#define UINT8      BIT (FETTLE_TYPE_UINT8)
#define BOOL       BIT (FETTLE_TYPE_BOOL)
#define INTEGERS   (INT32 | INT64)
#define ANY        (FLOAT32 | INT8 | INT16 | INT32 | INT64 | UINT8 | BOOL)
#define REQUANTIZE (INT8 | INT16 | INT32 | UINT8)

/* The types of the data input, and of the constants or indices behind it. An output has the type of the
 * data, unless OUTPUT says more. All 0: not one of these operators. */
typedef struct
{
  guint8 data, others, output;
} Types;

static const Types types_of[FETTLE_N_OPCODES] = {
  [FETTLE_OPCODE_RESHAPE] = { ANY, INTEGERS, 0 },
  [FETTLE_OPCODE_SQUEEZE] = { ANY, INTEGERS, 0 },
  [FETTLE_OPCODE_EXPAND_DIMS] = { ANY, INTEGERS, 0 },
  [FETTLE_OPCODE_CONCATENATION] = { ANY, 0, 0 },
  [FETTLE_OPCODE_PACK] = { ANY, 0, 0 },
  [FETTLE_OPCODE_SPLIT] = { ANY, INTEGERS, 0 },
  [FETTLE_OPCODE_SPLIT_V] = { ANY, INTEGERS, 0 },
  [FETTLE_OPCODE_UNPACK] = { ANY, INTEGERS, 0 },
  [FETTLE_OPCODE_SLICE] = { ANY, INTEGERS, 0 },
  [FETTLE_OPCODE_STRIDED_SLICE] = { ANY, INTEGERS, 0 },
  [FETTLE_OPCODE_TRANSPOSE] = { ANY, INTEGERS, 0 },
  [FETTLE_OPCODE_PAD] = { ANY & ~INT64, INTEGERS, 0 },
  [FETTLE_OPCODE_PADV2] = { ANY & ~INT64, INTEGERS, 0 },
  [FETTLE_OPCODE_MIRROR_PAD] = { ANY, INTEGERS, 0 },
  [FETTLE_OPCODE_GATHER] = { ANY, INTEGERS, 0 },
  [FETTLE_OPCODE_SPACE_TO_DEPTH] = { ANY, INTEGERS, 0 },
  [FETTLE_OPCODE_DEPTH_TO_SPACE] = { ANY, INTEGERS, 0 },
  [FETTLE_OPCODE_RESIZE_NEAREST_NEIGHBOR] = { ANY, INTEGERS, 0 },
  [FETTLE_OPCODE_RESIZE_BILINEAR] = { FLOAT32 | INT8, INTEGERS, 0 },
  [FETTLE_OPCODE_FILL] = { ANY, INTEGERS, 0 },
  [FETTLE_OPCODE_BROADCAST_TO] = { ANY, INTEGERS, 0 },
  [FETTLE_OPCODE_TILE] = { ANY, INTEGERS, 0 },
  [FETTLE_OPCODE_REVERSE_V2] = { ANY, INTEGERS, 0 },
  [FETTLE_OPCODE_SELECT] = { ANY, 0, 0 },
  [FETTLE_OPCODE_SELECT_V2] = { ANY, 0, 0 },
  [FETTLE_OPCODE_SPACE_TO_BATCH_ND] = { ANY, INTEGERS, 0 },
  [FETTLE_OPCODE_BATCH_TO_SPACE_ND] = { ANY, INTEGERS, 0 },
  [FETTLE_OPCODE_CAST] = { ANY, INTEGERS, ANY },
  [FETTLE_OPCODE_QUANTIZE] = { FLOAT32 | REQUANTIZE, INTEGERS, REQUANTIZE },
  [FETTLE_OPCODE_DEQUANTIZE] = { INT8 | INT16 | UINT8, INTEGERS, FLOAT32 },
};

gboolean
fettle_opcode_moves_data (FettleOpcode opcode)
{
  return types_of[opcode].data != 0;
}

static gboolean
check_type (const FettleTensor *tensor, guint expected, GError **error)
{
  if (tensor == NULL)
    return fettle_movement_refuse ("one of its inputs is missing.", error);
  if (expected & BIT (tensor->type))
    return TRUE;
  g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
               "its tensor “%s” is %s, which this operator cannot have there.",
               tensor->name, fettle_type_get_name (tensor->type));
  return FALSE;
}

gboolean
fettle_movement_check_types (FettleGraph *graph, const FettleOperator *operator_,
                             GError **error)
{
  const Types *types = &types_of[operator_->opcode];
  guint data_input = fettle_opcode_get_data_input (operator_->opcode);
  const FettleTensor *data =
      fettle_graph_get_operator_input (graph, operator_, data_input);
  guint others = types->others != 0 ? types->others : BIT (data->type);
  guint output = types->output != 0 ? types->output : BIT (data->type);

  if (operator_->opcode == FETTLE_OPCODE_QUANTIZE && data->type == FETTLE_TYPE_FLOAT32)
    output &= ~INT32;
  for (guint k = 0; k < operator_->inputs->len; k++)
    {
      guint expected = k == data_input ? types->data : others;

      if (operator_->opcode == FETTLE_OPCODE_PADV2 && k == 2)
        expected = BIT (data->type);
      if (fettle_opcode_selects (operator_->opcode) && k == 0)
        expected = BOOL;
      if (!check_type (fettle_graph_get_operator_input (graph, operator_, k), expected,
                       error))
        return FALSE;
    }
  for (guint k = 0; k < operator_->outputs->len; k++)
    if (!check_type (fettle_graph_get_operator_output (graph, operator_, k), output,
                     error))
      return FALSE;
  return TRUE;
}
