/* SPDX-License-Identifier: GPL-3.0-or-later */
/* opcode.h: the operators that a Graph can hold. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  FETTLE_OPCODE_CONV_2D,
  FETTLE_OPCODE_DEPTHWISE_CONV_2D,
  FETTLE_OPCODE_FULLY_CONNECTED,
  FETTLE_OPCODE_AVERAGE_POOL_2D,
  FETTLE_OPCODE_MAX_POOL_2D,
  FETTLE_OPCODE_ADD,
  FETTLE_OPCODE_MUL,
  FETTLE_OPCODE_RELU,
  FETTLE_OPCODE_RELU6,
  FETTLE_OPCODE_SOFTMAX,
  FETTLE_OPCODE_RESHAPE,
  FETTLE_OPCODE_PAD,
  FETTLE_OPCODE_MEAN,
  FETTLE_OPCODE_QUANTIZE,
  FETTLE_OPCODE_DEQUANTIZE,
  FETTLE_OPCODE_CONCATENATION,
  FETTLE_OPCODE_SPLIT,
  FETTLE_OPCODE_SPLIT_V,
  FETTLE_OPCODE_SLICE,
  FETTLE_OPCODE_STRIDED_SLICE,
  FETTLE_OPCODE_PACK,
  FETTLE_OPCODE_UNPACK,
  FETTLE_OPCODE_SQUEEZE,
  FETTLE_OPCODE_EXPAND_DIMS,
  FETTLE_OPCODE_TRANSPOSE,
  FETTLE_OPCODE_PADV2,
  FETTLE_OPCODE_MIRROR_PAD,
  FETTLE_OPCODE_GATHER,
  FETTLE_OPCODE_CAST,
  FETTLE_OPCODE_SPACE_TO_DEPTH,
  FETTLE_OPCODE_DEPTH_TO_SPACE,
  FETTLE_OPCODE_RESIZE_BILINEAR,
  FETTLE_OPCODE_RESIZE_NEAREST_NEIGHBOR,
  FETTLE_OPCODE_SUM,
  FETTLE_OPCODE_REDUCE_MAX,
  FETTLE_OPCODE_REDUCE_MIN,
  FETTLE_OPCODE_ARG_MAX,
  FETTLE_OPCODE_ARG_MIN,
  FETTLE_N_OPCODES
} FettleOpcode;

/* The name as TensorFlow Lite spells it: "CONV_2D". Static. */
const char *fettle_opcode_get_name (FettleOpcode opcode);

/* TRUE and *OPCODE set if NAME names an operator that Fettle supports. */
gboolean fettle_opcode_from_name (const char *name, FettleOpcode *opcode);

/* TensorFlow Lite's BuiltinOperator number, and back. */
int fettle_opcode_to_tflite (FettleOpcode opcode);
gboolean fettle_opcode_from_tflite (int builtin, FettleOpcode *opcode);

/* The place of the input that the operator transforms among its inputs: 0, except in SPLIT, which takes
 * the axis first. */
guint fettle_opcode_get_data_input (FettleOpcode opcode);

/* The name of any TensorFlow Lite builtin, supported or not: "SPLIT_V"; "BUILTIN_999" if unknown to
 * us. Free with g_free. */
char *fettle_tflite_builtin_name (int builtin);

G_END_DECLS
