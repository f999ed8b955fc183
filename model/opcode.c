/* SPDX-License-Identifier: GPL-3.0-or-later */
/* opcode.c: names and numbers of operators, ours and TensorFlow Lite's. */
#include "model/opcode.h"

/* BuiltinOperator of TensorFlow Lite's schema, version 3: the number is the place in the list. */
static const char *const builtin_names[] = {
  "ADD",
  "AVERAGE_POOL_2D",
  "CONCATENATION",
  "CONV_2D",
  "DEPTHWISE_CONV_2D",
  "DEPTH_TO_SPACE",
  "DEQUANTIZE",
  "EMBEDDING_LOOKUP",
  "FLOOR",
  "FULLY_CONNECTED",
  "HASHTABLE_LOOKUP",
  "L2_NORMALIZATION",
  "L2_POOL_2D",
  "LOCAL_RESPONSE_NORMALIZATION",
  "LOGISTIC",
  "LSH_PROJECTION",
  "LSTM",
  "MAX_POOL_2D",
  "MUL",
  "RELU",
  "RELU_N1_TO_1",
  "RELU6",
  "RESHAPE",
  "RESIZE_BILINEAR",
  "RNN",
  "SOFTMAX",
  "SPACE_TO_DEPTH",
  "SVDF",
  "TANH",
  "CONCAT_EMBEDDINGS",
  "SKIP_GRAM",
  "CALL",
  "CUSTOM",
  "EMBEDDING_LOOKUP_SPARSE",
  "PAD",
  "UNIDIRECTIONAL_SEQUENCE_RNN",
  "GATHER",
  "BATCH_TO_SPACE_ND",
  "SPACE_TO_BATCH_ND",
  "TRANSPOSE",
  "MEAN",
  "SUB",
  "DIV",
  "SQUEEZE",
  "UNIDIRECTIONAL_SEQUENCE_LSTM",
  "STRIDED_SLICE",
  "BIDIRECTIONAL_SEQUENCE_RNN",
  "EXP",
  "TOPK_V2",
  "SPLIT",
  "LOG_SOFTMAX",
  "DELEGATE",
  "BIDIRECTIONAL_SEQUENCE_LSTM",
  "CAST",
  "PRELU",
  "MAXIMUM",
  "ARG_MAX",
  "MINIMUM",
  "LESS",
  "NEG",
  "PADV2",
  "GREATER",
  "GREATER_EQUAL",
  "LESS_EQUAL",
  "SELECT",
  "SLICE",
  "SIN",
  "TRANSPOSE_CONV",
  "SPARSE_TO_DENSE",
  "TILE",
  "EXPAND_DIMS",
  "EQUAL",
  "NOT_EQUAL",
  "LOG",
  "SUM",
  "SQRT",
  "RSQRT",
  "SHAPE",
  "POW",
  "ARG_MIN",
  "FAKE_QUANT",
  "REDUCE_PROD",
  "REDUCE_MAX",
  "PACK",
  "LOGICAL_OR",
  "ONE_HOT",
  "LOGICAL_AND",
  "LOGICAL_NOT",
  "UNPACK",
  "REDUCE_MIN",
  "FLOOR_DIV",
  "REDUCE_ANY",
  "SQUARE",
  "ZEROS_LIKE",
  "FILL",
  "FLOOR_MOD",
  "RANGE",
  "RESIZE_NEAREST_NEIGHBOR",
  "LEAKY_RELU",
  "SQUARED_DIFFERENCE",
  "MIRROR_PAD",
  "ABS",
  "SPLIT_V",
  "UNIQUE",
  "CEIL",
  "REVERSE_V2",
  "ADD_N",
  "GATHER_ND",
  "COS",
  "WHERE",
  "RANK",
  "ELU",
  "REVERSE_SEQUENCE",
  "MATRIX_DIAG",
  "QUANTIZE",
  "MATRIX_SET_DIAG",
  "ROUND",
  "HARD_SWISH",
  "IF",
  "WHILE",
  "NON_MAX_SUPPRESSION_V4",
  "NON_MAX_SUPPRESSION_V5",
  "SCATTER_ND",
  "SELECT_V2",
  "DENSIFY",
  "SEGMENT_SUM",
  "BATCH_MATMUL",
  "PLACEHOLDER_FOR_GREATER_OP_CODES",
  "CUMSUM",
  "CALL_ONCE",
  "BROADCAST_TO",
  "RFFT2D",
  "CONV_3D",
  "IMAG",
  "REAL",
  "COMPLEX_ABS",
  "HASHTABLE",
  "HASHTABLE_FIND",
  "HASHTABLE_IMPORT",
  "HASHTABLE_SIZE",
  "REDUCE_ALL",
  "CONV_3D_TRANSPOSE",
  "VAR_HANDLE",
  "READ_VARIABLE",
  "ASSIGN_VARIABLE",
  "BROADCAST_ARGS",
  "RANDOM_STANDARD_NORMAL",
  "BUCKETIZE",
  "RANDOM_UNIFORM",
  "MULTINOMIAL",
  "GELU",
  "DYNAMIC_UPDATE_SLICE",
  "RELU_0_TO_1",
  "UNSORTED_SEGMENT_PROD",
  "UNSORTED_SEGMENT_MAX",
  "UNSORTED_SEGMENT_SUM",
  "ATAN2",
  "UNSORTED_SEGMENT_MIN",
  "SIGN",
  "BITCAST",
  "BITWISE_XOR",
  "RIGHT_SHIFT",
};

static const guint8 builtin_of_opcode[FETTLE_N_OPCODES] = {
  [FETTLE_OPCODE_CONV_2D] = 3,
  [FETTLE_OPCODE_DEPTHWISE_CONV_2D] = 4,
  [FETTLE_OPCODE_FULLY_CONNECTED] = 9,
  [FETTLE_OPCODE_AVERAGE_POOL_2D] = 1,
  [FETTLE_OPCODE_MAX_POOL_2D] = 17,
  [FETTLE_OPCODE_ADD] = 0,
  [FETTLE_OPCODE_MUL] = 18,
  [FETTLE_OPCODE_RELU] = 19,
  [FETTLE_OPCODE_RELU6] = 21,
  [FETTLE_OPCODE_SOFTMAX] = 25,
  [FETTLE_OPCODE_RESHAPE] = 22,
  [FETTLE_OPCODE_PAD] = 34,
  [FETTLE_OPCODE_MEAN] = 40,
  [FETTLE_OPCODE_QUANTIZE] = 114,
  [FETTLE_OPCODE_DEQUANTIZE] = 6,
  [FETTLE_OPCODE_CONCATENATION] = 2,
  [FETTLE_OPCODE_SPLIT] = 49,
  [FETTLE_OPCODE_SPLIT_V] = 102,
  [FETTLE_OPCODE_SLICE] = 65,
  [FETTLE_OPCODE_STRIDED_SLICE] = 45,
  [FETTLE_OPCODE_PACK] = 83,
  [FETTLE_OPCODE_UNPACK] = 88,
  [FETTLE_OPCODE_SQUEEZE] = 43,
  [FETTLE_OPCODE_EXPAND_DIMS] = 70,
  [FETTLE_OPCODE_TRANSPOSE] = 39,
  [FETTLE_OPCODE_PADV2] = 60,
  [FETTLE_OPCODE_MIRROR_PAD] = 100,
  [FETTLE_OPCODE_GATHER] = 36,
  [FETTLE_OPCODE_CAST] = 53,
  [FETTLE_OPCODE_SPACE_TO_DEPTH] = 26,
  [FETTLE_OPCODE_DEPTH_TO_SPACE] = 5,
  [FETTLE_OPCODE_RESIZE_BILINEAR] = 23,
  [FETTLE_OPCODE_RESIZE_NEAREST_NEIGHBOR] = 97,
  [FETTLE_OPCODE_SUM] = 74,
  [FETTLE_OPCODE_REDUCE_MAX] = 82,
  [FETTLE_OPCODE_REDUCE_MIN] = 89,
  [FETTLE_OPCODE_ARG_MAX] = 56,
  [FETTLE_OPCODE_ARG_MIN] = 79,
  [FETTLE_OPCODE_SUB] = 41,
  [FETTLE_OPCODE_DIV] = 42,
  [FETTLE_OPCODE_MINIMUM] = 57,
  [FETTLE_OPCODE_MAXIMUM] = 55,
  [FETTLE_OPCODE_SQUARED_DIFFERENCE] = 99,
  [FETTLE_OPCODE_ABS] = 101,
  [FETTLE_OPCODE_NEG] = 59,
  [FETTLE_OPCODE_SQRT] = 75,
  [FETTLE_OPCODE_RSQRT] = 76,
  [FETTLE_OPCODE_LOG] = 73,
  [FETTLE_OPCODE_SQUARE] = 92,
  [FETTLE_OPCODE_EXP] = 47,
  [FETTLE_OPCODE_FLOOR] = 8,
  [FETTLE_OPCODE_CEIL] = 104,
  [FETTLE_OPCODE_ROUND] = 116,
  [FETTLE_OPCODE_SIN] = 66,
  [FETTLE_OPCODE_COS] = 108,
  [FETTLE_OPCODE_RELU_N1_TO_1] = 20,
  [FETTLE_OPCODE_LEAKY_RELU] = 98,
  [FETTLE_OPCODE_PRELU] = 54,
  [FETTLE_OPCODE_HARD_SWISH] = 117,
  [FETTLE_OPCODE_LOGISTIC] = 14,
  [FETTLE_OPCODE_TANH] = 28,
  [FETTLE_OPCODE_ELU] = 111,
  [FETTLE_OPCODE_GELU] = 150,
  [FETTLE_OPCODE_EQUAL] = 71,
  [FETTLE_OPCODE_NOT_EQUAL] = 72,
  [FETTLE_OPCODE_GREATER] = 61,
  [FETTLE_OPCODE_GREATER_EQUAL] = 62,
  [FETTLE_OPCODE_LESS] = 58,
  [FETTLE_OPCODE_LESS_EQUAL] = 63,
  [FETTLE_OPCODE_LOGICAL_AND] = 86,
  [FETTLE_OPCODE_LOGICAL_OR] = 84,
  [FETTLE_OPCODE_LOGICAL_NOT] = 87,
  [FETTLE_OPCODE_SVDF] = 27,
  [FETTLE_OPCODE_UNIDIRECTIONAL_SEQUENCE_LSTM] = 44,
  [FETTLE_OPCODE_TRANSPOSE_CONV] = 67,
  [FETTLE_OPCODE_BATCH_MATMUL] = 126,
  [FETTLE_OPCODE_LOG_SOFTMAX] = 50,
  [FETTLE_OPCODE_L2_NORMALIZATION] = 11,
  [FETTLE_OPCODE_CALL_ONCE] = 129,
  [FETTLE_OPCODE_READ_VARIABLE] = 143,
  [FETTLE_OPCODE_ASSIGN_VARIABLE] = 144,
  [FETTLE_OPCODE_FILL] = 94,
  [FETTLE_OPCODE_BROADCAST_TO] = 130,
  [FETTLE_OPCODE_TILE] = 69,
  [FETTLE_OPCODE_REVERSE_V2] = 105,
  [FETTLE_OPCODE_SELECT] = 64,
  [FETTLE_OPCODE_SELECT_V2] = 123,
  [FETTLE_OPCODE_SPACE_TO_BATCH_ND] = 38,
  [FETTLE_OPCODE_BATCH_TO_SPACE_ND] = 37,
};

const char *
fettle_opcode_get_name (FettleOpcode opcode)
{
  g_return_val_if_fail ((guint)opcode < FETTLE_N_OPCODES, "");
  return builtin_names[builtin_of_opcode[opcode]];
}

gboolean
fettle_opcode_from_name (const char *name, FettleOpcode *opcode)
{
  g_return_val_if_fail (name != NULL && opcode != NULL, FALSE);
  for (guint i = 0; i < FETTLE_N_OPCODES; i++)
    if (g_str_equal (fettle_opcode_get_name (i), name))
      {
        *opcode = i;
        return TRUE;
      }
  return FALSE;
}

int
fettle_opcode_to_tflite (FettleOpcode opcode)
{
  g_return_val_if_fail ((guint)opcode < FETTLE_N_OPCODES, -1);
  return builtin_of_opcode[opcode];
}

gboolean
fettle_opcode_from_tflite (int builtin, FettleOpcode *opcode)
{
  g_return_val_if_fail (opcode != NULL, FALSE);
  for (guint i = 0; i < FETTLE_N_OPCODES; i++)
    if (builtin_of_opcode[i] == builtin)
      {
        *opcode = i;
        return TRUE;
      }
  return FALSE;
}

guint
fettle_opcode_get_data_input (FettleOpcode opcode)
{
  switch (opcode)
    {
    case FETTLE_OPCODE_SPLIT:
    case FETTLE_OPCODE_FILL:
    case FETTLE_OPCODE_SELECT:
    case FETTLE_OPCODE_SELECT_V2:
      return 1;
    case FETTLE_OPCODE_TRANSPOSE_CONV: /* the shape of the output lies in front */
      return 2;
    default:
      return 0;
    }
}

char *
fettle_tflite_builtin_name (int builtin)
{
  if (builtin >= 0 && (gsize)builtin < G_N_ELEMENTS (builtin_names))
    return g_strdup (builtin_names[builtin]);
  return g_strdup_printf ("BUILTIN_%d", builtin);
}
