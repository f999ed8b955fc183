/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tflite-reader.c: TensorFlow Lite files to graphs. */
#include "model/tflite-reader.h"
#include "model/layer-name.h"
#include "model/tflite-options.h"
#include "model/tflite-rewrites.h"
#include "model/tflite-schema.h"
#include "model/tflite-variables.h"

#include <string.h>

#define LONGEST_TENSOR_NAME 4096 /* bytes; longer ones come only from damage */
#define NOT_READ            (-1)

typedef FettleTfliteReader Reader;

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

gboolean
fettle_tflite_reader_check_damage (Reader *reader, GError **error)
{
  if (!reader->buffer->is_damaged)
    return TRUE;
  return fail (error, FETTLE_MODEL_ERROR_FORMAT,
               "The file is damaged or cut off (at byte %" G_GSIZE_FORMAT
               "); get an undamaged copy.",
               reader->buffer->damage_offset);
}

gboolean
fettle_tflite_probe (GBytes *bytes)
{
  gsize size;
  const char *data;

  g_return_val_if_fail (bytes != NULL, FALSE);
  data = g_bytes_get_data (bytes, &size);
  return size >= 8 && memcmp (data + 4, TFLITE_IDENTIFIER, 4) == 0;
}

static const char *
type_name (gint64 type)
{
  static const char *const names[] = {
    "float32", "float16",   "int32",  "uint8",   "int64",      "string", "bool",
    "int16",   "complex64", "int8",   "float64", "complex128", "uint64", "resource",
    "variant", "uint32",    "uint16", "int4",    "bfloat16",
  };

  return type >= 0 && type < (gint64)G_N_ELEMENTS (names) ? names[type] : "unknown";
}

static gboolean
map_type (gint64 value, FettleType *type)
{
  switch (value)
    {
    case TFLITE_TYPE_FLOAT32:
      *type = FETTLE_TYPE_FLOAT32;
      return TRUE;
    case TFLITE_TYPE_INT32:
      *type = FETTLE_TYPE_INT32;
      return TRUE;
    case TFLITE_TYPE_UINT8:
      *type = FETTLE_TYPE_UINT8;
      return TRUE;
    case TFLITE_TYPE_INT64:
      *type = FETTLE_TYPE_INT64;
      return TRUE;
    case TFLITE_TYPE_BOOL:
      *type = FETTLE_TYPE_BOOL;
      return TRUE;
    case TFLITE_TYPE_INT16:
      *type = FETTLE_TYPE_INT16;
      return TRUE;
    case TFLITE_TYPE_INT8:
      *type = FETTLE_TYPE_INT8;
      return TRUE;
    case TFLITE_TYPE_INT4:
      *type = FETTLE_TYPE_INT4;
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
read_shape (Reader *reader, FettleFlatTable table, FettleTensor *tensor, GError **error)
{
  FettleFlatVector shape =
      fettle_flat_table_get_vector (reader->buffer, table, TFLITE_TENSOR_SHAPE, 4);

  if (shape.length > FETTLE_MAX_RANK)
    return fail (error, FETTLE_MODEL_ERROR_UNSUPPORTED,
                 "The tensor “%s” has %" G_GSIZE_FORMAT
                 " dimensions; at most %d are supported.",
                 tensor->name, shape.length, FETTLE_MAX_RANK);
  tensor->rank = (guint)shape.length;
  for (guint i = 0; i < tensor->rank; i++)
    {
      gint32 extent = fettle_flat_vector_get_int32 (reader->buffer, shape, i);

      /* A dimension left open (a batch of any size) becomes 1. */
      tensor->shape[i] = extent < 0 ? 1 : extent;
    }
  return TRUE;
}

static gboolean
read_quantization (Reader *reader, FettleFlatTable tensor_table, FettleTensor *tensor,
                   GError **error)
{
  FettleFlatbuffer *buffer = reader->buffer;
  FettleFlatTable table =
      fettle_flat_table_get_table (buffer, tensor_table, TFLITE_TENSOR_QUANTIZATION);
  FettleFlatVector scales =
      fettle_flat_table_get_vector (buffer, table, TFLITE_QUANTIZATION_SCALE, 4);
  FettleFlatVector zeros =
      fettle_flat_table_get_vector (buffer, table, TFLITE_QUANTIZATION_ZERO_POINT, 8);
  gint64 axis =
      fettle_flat_table_get_int32 (buffer, table, TFLITE_QUANTIZATION_DIMENSION, 0);
  g_autofree float *scale_values = g_new0 (float, scales.length + 1);
  g_autofree gint32 *zero_values = g_new0 (gint32, scales.length + 1);

  if (scales.length == 0 || buffer->is_damaged)
    return TRUE;
  if (axis < 0 || axis >= FETTLE_MAX_RANK
      || (zeros.length != scales.length && zeros.length > 1))
    return fail (error, FETTLE_MODEL_ERROR_FORMAT,
                 "The scales of the tensor “%s” contradict each other.", tensor->name);
  for (gsize i = 0; i < scales.length; i++)
    {
      scale_values[i] = fettle_flat_vector_get_float (buffer, scales, i);
      if (zeros.length > 0)
        zero_values[i] = (gint32)CLAMP (
            fettle_flat_vector_get_int64 (buffer, zeros, zeros.length > 1 ? i : 0),
            G_MININT32, G_MAXINT32);
    }
  fettle_tensor_set_quantization (tensor, (guint)scales.length, (guint)axis, scale_values,
                                  zero_values);
  return TRUE;
}

static gboolean
read_data (Reader *reader, FettleFlatTable tensor_table, FettleTensor *tensor,
           GError **error)
{
  FettleFlatbuffer *buffer = reader->buffer;
  gint64 index =
      fettle_flat_table_get_int32 (buffer, tensor_table, TFLITE_TENSOR_BUFFER, 0);
  FettleFlatTable table;
  FettleFlatVector data;

  if (index < 0 || index >= (gint64)reader->buffers.length)
    return fail (error, FETTLE_MODEL_ERROR_FORMAT,
                 "The tensor “%s” refers to a buffer that the file does not have.",
                 tensor->name);
  table = fettle_flat_vector_get_table (buffer, reader->buffers, (gsize)index);
  /* Buffer 0 is empty by convention; offset 1 marks an empty external one. */
  if (fettle_flat_table_get_uint64 (buffer, table, TFLITE_BUFFER_OFFSET) > 1)
    return fail (error, FETTLE_MODEL_ERROR_UNSUPPORTED,
                 "The data of the tensor “%s” lies outside the model proper (a file for "
                 "more than 2 GB), which is not supported.",
                 tensor->name);
  data = fettle_flat_table_get_vector (buffer, table, TFLITE_BUFFER_DATA, 1);
  if (data.length > 0)
    /* A copy, since a file may place them at any address. */
    tensor->data = g_bytes_new ((const guint8 *)g_bytes_get_data (reader->bytes, NULL)
                                    + data.position,
                                data.length);
  /* The shape of a scalar, for example: nothing to store, but a constant. */
  else if (tensor->rank == 1 && tensor->shape[0] == 0)
    tensor->data = g_bytes_new (NULL, 0);
  return TRUE;
}

static gboolean
read_tensor (Reader *reader, gint32 index, GError **error)
{
  FettleFlatbuffer *buffer = reader->buffer;
  FettleFlatTable table =
      fettle_flat_vector_get_table (buffer, reader->tensors, (gsize)index);
  gint64 type = fettle_flat_table_get_int8 (buffer, table, TFLITE_TENSOR_TYPE, 0);
  g_autofree char *name =
      fettle_flat_table_get_string (buffer, table, TFLITE_TENSOR_NAME);
  g_autoptr (FettleTensor) tensor = NULL;
  FettleType mapped = FETTLE_TYPE_FLOAT32;

  if (strlen (name) > LONGEST_TENSOR_NAME)
    return fail (error, FETTLE_MODEL_ERROR_FORMAT,
                 "The name of tensor %d is too long to be one.", index);
  if (!map_type (type, &mapped))
    return fail (
        error, FETTLE_MODEL_ERROR_UNSUPPORTED,
        "The tensor “%s” is of type %s (%d), which is not supported; float32 and "
        "int8 models are.",
        name, type_name (type), (int)type);
  tensor = fettle_tensor_new (name, mapped, 0, NULL);
  tensor->is_variable =
      fettle_flat_table_get_int8 (buffer, table, TFLITE_TENSOR_IS_VARIABLE, 0) != 0;
  if (fettle_flat_table_has (buffer, table, TFLITE_TENSOR_SPARSITY))
    return fail (error, FETTLE_MODEL_ERROR_UNSUPPORTED,
                 "The tensor “%s” is stored sparsely, which is not supported.", name);
  if (!read_shape (reader, table, tensor, error)
      || !read_quantization (reader, table, tensor, error)
      || !read_data (reader, table, tensor, error)
      || !fettle_tflite_reader_check_damage (reader, error))
    return FALSE;
  reader->numbers[index] =
      (gint32)fettle_graph_take_tensor (reader->graph, g_steal_pointer (&tensor));
  return TRUE;
}

GArray *
fettle_tflite_reader_get_numbers (Reader *reader, FettleFlatVector vector, GError **error)
{
  g_autoptr (GArray) result = g_array_new (FALSE, FALSE, sizeof (gint32));

  for (gsize i = 0; i < vector.length; i++)
    {
      gint32 index = fettle_flat_vector_get_int32 (reader->buffer, vector, i);
      gint32 number = -1;

      if (index < -1 || index >= (gint64)reader->tensors.length)
        {
          fail (error, FETTLE_MODEL_ERROR_FORMAT,
                "The file refers to tensor %d, which it does not have.", index);
          return NULL;
        }
      if (index >= 0)
        {
          if (reader->numbers[index] == NOT_READ && !read_tensor (reader, index, error))
            return NULL;
          number = reader->numbers[index];
        }
      g_array_append_val (result, number);
    }
  return g_steal_pointer (&result);
}

int
fettle_tflite_reader_get_builtin (Reader *reader, gsize index)
{
  FettleFlatbuffer *buffer = reader->buffer;
  FettleFlatTable operator_ =
      fettle_flat_vector_get_table (buffer, reader->operators, index);
  gint64 code_index =
      fettle_flat_table_get_int32 (buffer, operator_, TFLITE_OPERATOR_OPCODE_INDEX, 0);
  FettleFlatTable code;

  if (code_index < 0 || code_index >= (gint64)reader->codes.length)
    return -1;
  code = fettle_flat_vector_get_table (buffer, reader->codes, (gsize)code_index);
  return (int)MAX (
      fettle_flat_table_get_int8 (buffer, code, TFLITE_OPERATOR_CODE_DEPRECATED_BUILTIN,
                                  0),
      fettle_flat_table_get_int32 (buffer, code, TFLITE_OPERATOR_CODE_BUILTIN, 0));
}

/* One sentence with all operators that are not supported. */
static gboolean
check_opcodes (Reader *reader, GError **error)
{
  g_autoptr (GString) list = g_string_new (NULL);
  gboolean has_control_flow = FALSE;
  guint n = 0;
  FettleOpcode opcode;

  for (gsize i = 0; i < reader->operators.length; i++)
    {
      int builtin = fettle_tflite_reader_get_builtin (reader, i);
      g_autofree char *name = NULL;

      if (!fettle_tflite_reader_check_damage (reader, error))
        return FALSE;
      if (builtin < 0)
        return fail (
            error, FETTLE_MODEL_ERROR_FORMAT,
            "Layer %" G_GSIZE_FORMAT " has an operator code that does not exist.", i);
      if (fettle_opcode_from_tflite (builtin, &opcode)
          || fettle_tflite_is_variable_operator (builtin)
          || fettle_tflite_is_constant_operator (builtin))
        continue;
      name = fettle_tflite_builtin_name (builtin);
      has_control_flow |= g_str_equal (name, "WHILE") || g_str_equal (name, "IF");
      g_string_append_printf (list, "%slayer %" G_GSIZE_FORMAT " %s", n++ > 0 ? ", " : "",
                              i, name);
    }
  if (n == 0)
    return TRUE;
  return fail (error, FETTLE_MODEL_ERROR_UNSUPPORTED,
               n == 1 ? "%u operator of this model is not supported yet: %s.%s"
                      : "%u operators of this model are not supported yet: %s.%s",
               n, list->str,
               has_control_flow
                   ? " Loops and branches must be taken out before the model "
                     "is converted, recurrent layers with unroll=True."
                   : "");
}

guint
fettle_tflite_reader_add_operator (Reader *reader, FettleOpcode opcode, gint32 tensor,
                                   const GArray *inputs, const GArray *outputs)
{
  g_autofree char *name = fettle_layer_name (
      tensor >= 0 ? fettle_graph_get_tensor (reader->graph, (guint)tensor)->name : "",
      opcode, reader->names);

  return fettle_graph_add_operator (reader->graph, opcode, name,
                                    (gint32 *)(gpointer)inputs->data, inputs->len,
                                    (gint32 *)(gpointer)outputs->data, outputs->len);
}

static gboolean
read_operator (Reader *reader, gsize index, GError **error)
{
  FettleFlatbuffer *buffer = reader->buffer;
  FettleFlatTable table = fettle_flat_vector_get_table (buffer, reader->operators, index);
  g_autoptr (GArray) inputs = NULL;
  g_autoptr (GArray) outputs = NULL;
  FettleOpcode opcode;
  guint number;

  if (!fettle_opcode_from_tflite (fettle_tflite_reader_get_builtin (reader, index),
                                  &opcode))
    g_assert_not_reached ();
  inputs = fettle_tflite_reader_get_numbers (
      reader, fettle_flat_table_get_vector (buffer, table, TFLITE_OPERATOR_INPUTS, 4),
      error);
  if (inputs != NULL)
    outputs = fettle_tflite_reader_get_numbers (
        reader, fettle_flat_table_get_vector (buffer, table, TFLITE_OPERATOR_OUTPUTS, 4),
        error);
  if (outputs == NULL || !fettle_tflite_reader_check_damage (reader, error))
    return FALSE;
  if (opcode == FETTLE_OPCODE_SPACE_TO_BATCH_ND)
    fettle_tflite_split_padding (reader, inputs);
  number = fettle_tflite_reader_add_operator (
      reader, opcode, outputs->len > 0 ? g_array_index (outputs, gint32, 0) : -1, inputs,
      outputs);
  if (!fettle_tflite_read_options (
          buffer, table, opcode,
          &fettle_graph_get_operator (reader->graph, number)->options, error))
    {
      fettle_graph_prefix_layer (reader->graph, number, error);
      return FALSE;
    }
  return fettle_tflite_reader_check_damage (reader, error);
}

static gboolean
read_ends (Reader *reader, GError **error)
{
  g_autoptr (GArray) inputs =
      fettle_tflite_reader_get_numbers (reader, reader->inputs, error);
  g_autoptr (GArray) outputs =
      inputs == NULL ? NULL
                     : fettle_tflite_reader_get_numbers (reader, reader->outputs, error);

  if (outputs == NULL)
    return FALSE;
  fettle_graph_set_inputs (reader->graph, (gint32 *)(gpointer)inputs->data, inputs->len);
  fettle_graph_set_outputs (reader->graph, (gint32 *)(gpointer)outputs->data,
                            outputs->len);
  return fettle_tflite_reader_check_damage (reader, error);
}

static gint32 *
new_numbers (gsize n)
{
  gint32 *numbers = g_new (gint32, n + 1);

  for (gsize i = 0; i < n; i++)
    numbers[i] = NOT_READ;
  return numbers;
}

gboolean
fettle_tflite_reader_open_subgraph (Reader *reader, gsize index, GError **error)
{
  FettleFlatbuffer *buffer = reader->buffer;
  FettleFlatTable subgraph =
      fettle_flat_vector_get_table (buffer, reader->subgraphs, index);

  reader->tensors =
      fettle_flat_table_get_vector (buffer, subgraph, TFLITE_SUBGRAPH_TENSORS, 4);
  reader->operators =
      fettle_flat_table_get_vector (buffer, subgraph, TFLITE_SUBGRAPH_OPERATORS, 4);
  reader->inputs =
      fettle_flat_table_get_vector (buffer, subgraph, TFLITE_SUBGRAPH_INPUTS, 4);
  reader->outputs =
      fettle_flat_table_get_vector (buffer, subgraph, TFLITE_SUBGRAPH_OUTPUTS, 4);
  reader->numbers = new_numbers (reader->tensors.length);
  reader->handles = new_numbers (reader->tensors.length);
  return fettle_tflite_reader_check_damage (reader, error);
}

void
fettle_tflite_reader_close_subgraph (Reader *reader)
{
  g_clear_pointer (&reader->numbers, g_free);
  g_clear_pointer (&reader->handles, g_free);
}

/* Finds the tables that the subgraphs share. */
static gboolean
read_model (Reader *reader, GError **error)
{
  FettleFlatbuffer *buffer = reader->buffer;
  FettleFlatTable model = fettle_flatbuffer_get_root (buffer);
  gint64 version = fettle_flat_table_get_int32 (buffer, model, TFLITE_MODEL_VERSION, 0);

  if (!fettle_tflite_reader_check_damage (reader, error))
    return FALSE;
  if (version != TFLITE_VERSION)
    return fail (
        error, FETTLE_MODEL_ERROR_UNSUPPORTED,
        "The file follows version %d of the TensorFlow Lite schema; only version "
        "%d is supported.",
        (int)version, TFLITE_VERSION);
  reader->subgraphs =
      fettle_flat_table_get_vector (buffer, model, TFLITE_MODEL_SUBGRAPHS, 4);
  reader->codes =
      fettle_flat_table_get_vector (buffer, model, TFLITE_MODEL_OPERATOR_CODES, 4);
  reader->buffers = fettle_flat_table_get_vector (buffer, model, TFLITE_MODEL_BUFFERS, 4);
  if (!fettle_tflite_reader_check_damage (reader, error))
    return FALSE;
  return reader->subgraphs.length > 0
         || fail (error, FETTLE_MODEL_ERROR_FORMAT, "The file holds no model.");
}

/* Subgraphs beside the main one either initialise variables or are signatures of their own. */
static gboolean
check_subgraphs (Reader *reader, GError **error)
{
  guint n_read = g_hash_table_size (reader->subgraphs_read);

  return n_read + 1 == reader->subgraphs.length
         || fail (error, FETTLE_MODEL_ERROR_UNSUPPORTED,
                  "The model has %" G_GSIZE_FORMAT
                  " subgraphs; beside the main one only those are supported from which "
                  "CALL_ONCE initialises variables.",
                  reader->subgraphs.length);
}

static gboolean
read_graph (Reader *reader, GError **error)
{
  if (!fettle_tflite_reader_open_subgraph (reader, 0, error)
      || !check_opcodes (reader, error) || !fettle_tflite_read_handles (reader, error))
    return FALSE;
  for (gsize i = 0; i < reader->operators.length; i++)
    {
      int builtin = fettle_tflite_reader_get_builtin (reader, i);
      gboolean done;

      if (fettle_tflite_is_variable_operator (builtin))
        done = fettle_tflite_read_variable_operator (reader, i, error);
      else if (fettle_tflite_is_constant_operator (builtin))
        done = fettle_tflite_read_constant_operator (reader, i, error);
      else
        done = read_operator (reader, i, error);
      if (!done)
        return FALSE;
    }
  if (!check_subgraphs (reader, error) || !read_ends (reader, error))
    return FALSE;
  fettle_tflite_dequantize_hybrid (reader->graph);
  return fettle_graph_validate (reader->graph, error);
}

FettleGraph *
fettle_tflite_read (GBytes *bytes, const char *name, GError **error)
{
  g_autoptr (FettleGraph) graph = fettle_graph_new ();
  g_autoptr (GHashTable) names =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) subgraphs_read = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) resources = fettle_tflite_resources_new ();
  g_autofree char *hash = NULL;
  FettleFlatbuffer buffer = { 0 };
  Reader reader = {
    &buffer,        .graph = graph,         .bytes = bytes,
    .names = names, .resources = resources, .subgraphs_read = subgraphs_read
  };
  gboolean done = FALSE;

  g_return_val_if_fail (bytes != NULL && name != NULL, NULL);
  buffer.bytes = g_bytes_get_data (bytes, &buffer.size);
  fettle_graph_set_name (graph, name);
  if (!fettle_tflite_probe (bytes))
    fail (error, FETTLE_MODEL_ERROR_FORMAT, "This is not a TensorFlow Lite file.");
  else if (read_model (&reader, error))
    {
      done = read_graph (&reader, error);
      fettle_tflite_reader_close_subgraph (&reader);
    }
  if (!done)
    {
      g_prefix_error (error, "%s: ", name);
      return NULL;
    }
  hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  fettle_graph_set_source_hash (graph, hash);
  return g_steal_pointer (&graph);
}
