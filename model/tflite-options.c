/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tflite-options.c: the options table of one operator. */
#include "model/tflite-options.h"
#include "model/tflite-options-movement.h"
#include "model/tflite-schema.h"

G_STATIC_ASSERT ((int)TFLITE_ADD_ACTIVATION == (int)TFLITE_MUL_ACTIVATION);
G_STATIC_ASSERT ((int)TFLITE_ADD_ACTIVATION == (int)TFLITE_SUB_ACTIVATION);
G_STATIC_ASSERT ((int)TFLITE_ADD_ACTIVATION == (int)TFLITE_DIV_ACTIVATION);

static const char *const activation_names[] = {
  "NONE", "RELU", "RELU_N1_TO_1", "RELU6", "TANH", "SIGN_BIT",
};

static const guint8 table_of_opcode[FETTLE_N_OPCODES] = {
  [FETTLE_OPCODE_CONV_2D] = TFLITE_OPTIONS_CONV_2D,
  [FETTLE_OPCODE_DEPTHWISE_CONV_2D] = TFLITE_OPTIONS_DEPTHWISE_CONV_2D,
  [FETTLE_OPCODE_FULLY_CONNECTED] = TFLITE_OPTIONS_FULLY_CONNECTED,
  [FETTLE_OPCODE_AVERAGE_POOL_2D] = TFLITE_OPTIONS_POOL_2D,
  [FETTLE_OPCODE_MAX_POOL_2D] = TFLITE_OPTIONS_POOL_2D,
  [FETTLE_OPCODE_ADD] = TFLITE_OPTIONS_ADD,
  [FETTLE_OPCODE_MUL] = TFLITE_OPTIONS_MUL,
  [FETTLE_OPCODE_SOFTMAX] = TFLITE_OPTIONS_SOFTMAX,
  [FETTLE_OPCODE_MEAN] = TFLITE_OPTIONS_REDUCER,
  [FETTLE_OPCODE_SUB] = TFLITE_OPTIONS_SUB,
  [FETTLE_OPCODE_DIV] = TFLITE_OPTIONS_DIV,
  [FETTLE_OPCODE_LEAKY_RELU] = TFLITE_OPTIONS_LEAKY_RELU,
  [FETTLE_OPCODE_GELU] = TFLITE_OPTIONS_GELU,
  [FETTLE_OPCODE_CONCATENATION] = TFLITE_OPTIONS_CONCATENATION,
  [FETTLE_OPCODE_STRIDED_SLICE] = TFLITE_OPTIONS_STRIDED_SLICE,
  [FETTLE_OPCODE_PACK] = TFLITE_OPTIONS_PACK,
  [FETTLE_OPCODE_UNPACK] = TFLITE_OPTIONS_UNPACK,
  [FETTLE_OPCODE_MIRROR_PAD] = TFLITE_OPTIONS_MIRROR_PAD,
  [FETTLE_OPCODE_GATHER] = TFLITE_OPTIONS_GATHER,
  [FETTLE_OPCODE_SPACE_TO_DEPTH] = TFLITE_OPTIONS_SPACE_TO_DEPTH,
  [FETTLE_OPCODE_DEPTH_TO_SPACE] = TFLITE_OPTIONS_DEPTH_TO_SPACE,
  [FETTLE_OPCODE_RESIZE_BILINEAR] = TFLITE_OPTIONS_RESIZE_BILINEAR,
  [FETTLE_OPCODE_RESIZE_NEAREST_NEIGHBOR] = TFLITE_OPTIONS_RESIZE_NEAREST_NEIGHBOR,
  [FETTLE_OPCODE_SUM] = TFLITE_OPTIONS_REDUCER,
  [FETTLE_OPCODE_REDUCE_MAX] = TFLITE_OPTIONS_REDUCER,
  [FETTLE_OPCODE_REDUCE_MIN] = TFLITE_OPTIONS_REDUCER,
  [FETTLE_OPCODE_SVDF] = TFLITE_OPTIONS_SVDF,
  [FETTLE_OPCODE_UNIDIRECTIONAL_SEQUENCE_LSTM] = TFLITE_OPTIONS_SEQUENCE_LSTM,
  [FETTLE_OPCODE_TRANSPOSE_CONV] = TFLITE_OPTIONS_TRANSPOSE_CONV,
  [FETTLE_OPCODE_BATCH_MATMUL] = TFLITE_OPTIONS_BATCH_MATMUL,
  [FETTLE_OPCODE_L2_NORMALIZATION] = TFLITE_OPTIONS_L2_NORM,
};

static gboolean
map_activation (gint64 value, FettleActivation *activation, GError **error)
{
  switch (value)
    {
    case TFLITE_ACTIVATION_NONE:
      *activation = FETTLE_ACTIVATION_NONE;
      return TRUE;
    case TFLITE_ACTIVATION_RELU:
      *activation = FETTLE_ACTIVATION_RELU;
      return TRUE;
    case TFLITE_ACTIVATION_RELU_N1_TO_1:
      *activation = FETTLE_ACTIVATION_RELU_N1_TO_1;
      return TRUE;
    case TFLITE_ACTIVATION_RELU6:
      *activation = FETTLE_ACTIVATION_RELU6;
      return TRUE;
    default:
      g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
                   "its fused activation %s is not supported yet.",
                   value > 0 && value < (gint64)G_N_ELEMENTS (activation_names)
                       ? activation_names[value]
                       : "is unknown and");
      return FALSE;
    }
}

static gboolean
map_padding (gint64 value, FettlePadding *padding, GError **error)
{
  if (value != TFLITE_PADDING_SAME && value != TFLITE_PADDING_VALID)
    {
      g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_FORMAT,
                   "its padding %d is unknown.", (int)value);
      return FALSE;
    }
  *padding = value == TFLITE_PADDING_SAME ? FETTLE_PADDING_SAME : FETTLE_PADDING_VALID;
  return TRUE;
}

/* Only whether it is int32 makes a difference. */
static FettleType
read_bias_type (FettleFlatbuffer *buffer, FettleFlatTable table, guint field)
{
  gint64 type = fettle_flat_table_get_int8 (buffer, table, field, TFLITE_TYPE_FLOAT32);

  return type == TFLITE_TYPE_INT32 ? FETTLE_TYPE_INT32 : 0;
}

/* Where the fields lie in the tables that have them; PADDING is 0 in all of them. */
typedef struct
{
  guint stride_width, stride_height, activation;
  guint dilation_width, dilation_height; /* 0 if it has none */
} WindowFields;

static const WindowFields conv_fields = {
  TFLITE_CONV_2D_STRIDE_W,   TFLITE_CONV_2D_STRIDE_H,   TFLITE_CONV_2D_ACTIVATION,
  TFLITE_CONV_2D_DILATION_W, TFLITE_CONV_2D_DILATION_H,
};

static const WindowFields depthwise_fields = {
  TFLITE_DEPTHWISE_STRIDE_W,   TFLITE_DEPTHWISE_STRIDE_H,   TFLITE_DEPTHWISE_ACTIVATION,
  TFLITE_DEPTHWISE_DILATION_W, TFLITE_DEPTHWISE_DILATION_H,
};

static const WindowFields pool_fields = {
  .stride_width = TFLITE_POOL_STRIDE_W,
  .stride_height = TFLITE_POOL_STRIDE_H,
  .activation = TFLITE_POOL_ACTIVATION,
};

static const WindowFields transpose_fields = {
  .stride_width = TFLITE_TRANSPOSE_CONV_STRIDE_W,
  .stride_height = TFLITE_TRANSPOSE_CONV_STRIDE_H,
  .activation = TFLITE_TRANSPOSE_CONV_ACTIVATION,
};

static gboolean
read_window (FettleFlatbuffer *buffer, FettleFlatTable table, const WindowFields *fields,
             FettleOptions *options, GError **error)
{
  options->stride_width =
      (gint32)fettle_flat_table_get_int32 (buffer, table, fields->stride_width, 0);
  options->stride_height =
      (gint32)fettle_flat_table_get_int32 (buffer, table, fields->stride_height, 0);
  if (fields->dilation_width != 0)
    {
      options->dilation_width =
          (gint32)fettle_flat_table_get_int32 (buffer, table, fields->dilation_width, 1);
      options->dilation_height =
          (gint32)fettle_flat_table_get_int32 (buffer, table, fields->dilation_height, 1);
    }
  return map_padding (fettle_flat_table_get_int8 (buffer, table, 0, 0), &options->padding,
                      error)
         && map_activation (
             fettle_flat_table_get_int8 (buffer, table, fields->activation, 0),
             &options->activation, error);
}

static gboolean
read_fully_connected (FettleFlatbuffer *buffer, FettleFlatTable table,
                      FettleOptions *options, GError **error)
{
  if (fettle_flat_table_get_int8 (buffer, table, TFLITE_FULLY_CONNECTED_WEIGHTS_FORMAT, 0)
      != 0)
    {
      g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
                           "its weights are shuffled, which is not supported.");
      return FALSE;
    }
  return map_activation (
      fettle_flat_table_get_int8 (buffer, table, TFLITE_FULLY_CONNECTED_ACTIVATION, 0),
      &options->activation, error);
}

static gboolean
read_lstm (FettleFlatbuffer *buffer, FettleFlatTable table, FettleOptions *options,
           GError **error)
{
  options->cell_clip =
      fettle_flat_table_get_float (buffer, table, TFLITE_SEQUENCE_LSTM_CELL_CLIP, 0.0f);
  options->time_major =
      fettle_flat_table_get_int8 (buffer, table, TFLITE_SEQUENCE_LSTM_TIME_MAJOR, 0) != 0;
  if (fettle_flat_table_get_int8 (buffer, table, TFLITE_SEQUENCE_LSTM_ACTIVATION, 0)
          == TFLITE_ACTIVATION_TANH
      && fettle_flat_table_get_int8 (buffer, table, TFLITE_SEQUENCE_LSTM_DIAGONAL, 0)
             == 0)
    return TRUE;
  g_set_error_literal (
      error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
      "it is an LSTM whose cell gate is not a TANH or whose recurrent "
      "weights are diagonal, which is not supported; train and convert it "
      "with TANH and full weights.");
  return FALSE;
}

static gboolean
read_table (FettleFlatbuffer *buffer, FettleFlatTable table, FettleOpcode opcode,
            FettleOptions *options, GError **error)
{
  switch (opcode)
    {
    case FETTLE_OPCODE_CONV_2D:
      options->bias_type = read_bias_type (buffer, table, TFLITE_CONV_2D_BIAS_TYPE);
      return read_window (buffer, table, &conv_fields, options, error);
    case FETTLE_OPCODE_TRANSPOSE_CONV:
      return read_window (buffer, table, &transpose_fields, options, error);
    case FETTLE_OPCODE_DEPTHWISE_CONV_2D:
      options->depth_multiplier = (gint32)fettle_flat_table_get_int32 (
          buffer, table, TFLITE_DEPTHWISE_MULTIPLIER, 0);
      return read_window (buffer, table, &depthwise_fields, options, error);
    case FETTLE_OPCODE_AVERAGE_POOL_2D:
    case FETTLE_OPCODE_MAX_POOL_2D:
      options->filter_width = (gint32)fettle_flat_table_get_int32 (
          buffer, table, TFLITE_POOL_FILTER_WIDTH, 0);
      options->filter_height = (gint32)fettle_flat_table_get_int32 (
          buffer, table, TFLITE_POOL_FILTER_HEIGHT, 0);
      return read_window (buffer, table, &pool_fields, options, error);
    case FETTLE_OPCODE_FULLY_CONNECTED:
      options->bias_type =
          read_bias_type (buffer, table, TFLITE_FULLY_CONNECTED_BIAS_TYPE);
      return read_fully_connected (buffer, table, options, error);
    case FETTLE_OPCODE_BATCH_MATMUL:
      options->transpose_first =
          fettle_flat_table_get_int8 (buffer, table, TFLITE_BATCH_MATMUL_ADJ_X, 0) != 0;
      options->transpose_second =
          fettle_flat_table_get_int8 (buffer, table, TFLITE_BATCH_MATMUL_ADJ_Y, 0) != 0;
      return TRUE;
    case FETTLE_OPCODE_L2_NORMALIZATION:
      return map_activation (
          fettle_flat_table_get_int8 (buffer, table, TFLITE_L2_NORM_ACTIVATION, 0),
          &options->activation, error);
    case FETTLE_OPCODE_ADD:
    case FETTLE_OPCODE_MUL:
    case FETTLE_OPCODE_SUB:
    case FETTLE_OPCODE_DIV:
      return map_activation (
          fettle_flat_table_get_int8 (buffer, table, TFLITE_ADD_ACTIVATION, 0),
          &options->activation, error);
    case FETTLE_OPCODE_SOFTMAX:
      options->beta =
          fettle_flat_table_get_float (buffer, table, TFLITE_SOFTMAX_BETA, 0.0f);
      return TRUE;
    case FETTLE_OPCODE_SVDF:
      options->filter_rank =
          (gint32)fettle_flat_table_get_int32 (buffer, table, TFLITE_SVDF_RANK, 0);
      return map_activation (
          fettle_flat_table_get_int8 (buffer, table, TFLITE_SVDF_ACTIVATION, 0),
          &options->activation, error);
    case FETTLE_OPCODE_UNIDIRECTIONAL_SEQUENCE_LSTM:
      return read_lstm (buffer, table, options, error);
    case FETTLE_OPCODE_MEAN:
    case FETTLE_OPCODE_SUM:
    case FETTLE_OPCODE_REDUCE_MAX:
    case FETTLE_OPCODE_REDUCE_MIN:
      options->keep_dims =
          fettle_flat_table_get_int8 (buffer, table, TFLITE_REDUCER_KEEP_DIMS, 0) != 0;
      return TRUE;
    case FETTLE_OPCODE_CONCATENATION:
    case FETTLE_OPCODE_STRIDED_SLICE:
    case FETTLE_OPCODE_PACK:
    case FETTLE_OPCODE_UNPACK:
    case FETTLE_OPCODE_MIRROR_PAD:
    case FETTLE_OPCODE_GATHER:
    case FETTLE_OPCODE_SPACE_TO_DEPTH:
    case FETTLE_OPCODE_DEPTH_TO_SPACE:
    case FETTLE_OPCODE_RESIZE_BILINEAR:
    case FETTLE_OPCODE_RESIZE_NEAREST_NEIGHBOR:
      return fettle_tflite_read_movement (buffer, table, opcode, options, error);
    case FETTLE_OPCODE_LEAKY_RELU:
      options->alpha =
          fettle_flat_table_get_float (buffer, table, TFLITE_LEAKY_RELU_ALPHA, 0.0f);
      return TRUE;
    case FETTLE_OPCODE_GELU:
      options->is_approximate =
          fettle_flat_table_get_int8 (buffer, table, TFLITE_GELU_APPROXIMATE, 0) != 0;
      return TRUE;
    default:
      return TRUE;
    }
}

gboolean
fettle_tflite_read_options (FettleFlatbuffer *buffer, FettleFlatTable operator_,
                            FettleOpcode opcode, FettleOptions *options, GError **error)
{
  FettleFlatTable table = { 0 };
  gint64 type =
      fettle_flat_table_get_int8 (buffer, operator_, TFLITE_OPERATOR_OPTIONS_TYPE, 0);

  *options = (FettleOptions){ 0 };
  if (type != TFLITE_OPTIONS_NONE && table_of_opcode[opcode] != TFLITE_OPTIONS_NONE)
    {
      if (type != table_of_opcode[opcode])
        {
          g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_FORMAT,
                               "its options are those of another operator.");
          return FALSE;
        }
      table = fettle_flat_table_get_table (buffer, operator_, TFLITE_OPERATOR_OPTIONS);
    }
  return read_table (buffer, table, opcode, options, error);
}
