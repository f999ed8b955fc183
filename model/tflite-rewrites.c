/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tflite-rewrites.c: operators of TensorFlow Lite that become something simpler in a graph. */
#include "model/tflite-rewrites.h"
#include "model/tflite-schema.h"

#include <string.h>

gboolean
fettle_tflite_is_constant_operator (int builtin)
{
  return builtin == TFLITE_BUILTIN_SHAPE || builtin == TFLITE_BUILTIN_RANK
         || builtin == TFLITE_BUILTIN_ZEROS_LIKE;
}

static gboolean
refuse (gsize index, int builtin, GError **error)
{
  g_autofree char *name = fettle_tflite_builtin_name (builtin);

  g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_INVALID,
               "Layer %" G_GSIZE_FORMAT
               " (%s): its output does not have the type and size "
               "that its input gives.",
               index, name);
  return FALSE;
}

static void
store_integer (const FettleTensor *tensor, gpointer data, gsize i, gint64 value)
{
  if (tensor->type == FETTLE_TYPE_INT64)
    ((gint64 *)data)[i] = value;
  else
    ((gint32 *)data)[i] = (gint32)value;
}

/* FALSE if OUTPUT cannot hold the shape, or rank, of INPUT. */
static gboolean
fill_shape (const FettleTensor *input, gboolean is_rank, const FettleTensor *output,
            gpointer data)
{
  gsize n = is_rank ? 1 : input->rank;

  if ((output->type != FETTLE_TYPE_INT32 && output->type != FETTLE_TYPE_INT64)
      || fettle_tensor_get_n_elements (output) != n)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    store_integer (output, data, i, is_rank ? (gint64)input->rank : input->shape[i]);
  return TRUE;
}

gboolean
fettle_tflite_read_constant_operator (FettleTfliteReader *reader, gsize index,
                                      GError **error)
{
  FettleFlatbuffer *buffer = reader->buffer;
  int builtin = fettle_tflite_reader_get_builtin (reader, index);
  FettleFlatTable table = fettle_flat_vector_get_table (buffer, reader->operators, index);
  g_autoptr (GArray) inputs = fettle_tflite_reader_get_numbers (
      reader, fettle_flat_table_get_vector (buffer, table, TFLITE_OPERATOR_INPUTS, 4),
      error);
  g_autoptr (GArray) outputs = NULL;
  g_autofree gpointer data = NULL;
  const FettleTensor *input;
  FettleTensor *output;
  gsize size;

  if (inputs != NULL)
    outputs = fettle_tflite_reader_get_numbers (
        reader, fettle_flat_table_get_vector (buffer, table, TFLITE_OPERATOR_OUTPUTS, 4),
        error);
  if (outputs == NULL || !fettle_tflite_reader_check_damage (reader, error))
    return FALSE;
  if (inputs->len != 1 || outputs->len != 1 || g_array_index (inputs, gint32, 0) < 0
      || g_array_index (outputs, gint32, 0) < 0)
    return refuse (index, builtin, error);
  input =
      fettle_graph_get_tensor (reader->graph, (guint)g_array_index (inputs, gint32, 0));
  output =
      fettle_graph_get_tensor (reader->graph, (guint)g_array_index (outputs, gint32, 0));
  if (output->data != NULL || output->is_variable
      || !fettle_tensor_has_possible_size (input)
      || !fettle_tensor_has_possible_size (output))
    return refuse (index, builtin, error);
  size = fettle_tensor_get_size (output);
  data = g_malloc0 (size);
  if (builtin == TFLITE_BUILTIN_ZEROS_LIKE
          ? output->type != input->type || fettle_tensor_get_size (input) != size
          : !fill_shape (input, builtin == TFLITE_BUILTIN_RANK, output, data))
    return refuse (index, builtin, error);
  output->data = g_bytes_new_take (g_steal_pointer (&data), size);
  return TRUE;
}

static gint32
add_integers (FettleTfliteReader *reader, const char *name, guint rank,
              const gint32 *shape, const gint32 *values)
{
  guint number =
      fettle_graph_add_tensor (reader->graph, name, FETTLE_TYPE_INT32, rank, shape);
  FettleTensor *tensor = fettle_graph_get_tensor (reader->graph, number);

  tensor->data = g_bytes_new (values, fettle_tensor_get_size (tensor));
  return (gint32)number;
}

/* Paddings of all axes, from those of the axes of space; FALSE if there is nothing to pad. */
static gboolean
read_paddings (const FettleTensor *input, const FettleTensor *paddings,
               gint32 all[2 * FETTLE_MAX_RANK])
{
  g_autofree gint64 *values = NULL;
  gboolean is_needed = FALSE;
  gsize n;

  if (paddings->data == NULL || input->rank < 3
      || (paddings->type != FETTLE_TYPE_INT32 && paddings->type != FETTLE_TYPE_INT64)
      || g_bytes_get_size (paddings->data) != fettle_tensor_get_size (paddings))
    return FALSE;
  values = fettle_tensor_read_integers (paddings, &n);
  if (n != 2 * (gsize)(input->rank - 2))
    return FALSE;
  memset (all, 0, 2 * FETTLE_MAX_RANK * sizeof *all);
  for (gsize i = 0; i < n; i++)
    {
      if (values[i] < 0 || values[i] > G_MAXUINT16)
        return FALSE;
      all[2 + i] = (gint32)values[i];
      is_needed |= values[i] > 0;
    }
  return is_needed;
}

static gint32
add_padded (FettleTfliteReader *reader, const FettleTensor *input, const gint32 *paddings)
{
  FettleTensor *padded = fettle_tensor_copy (input);

  g_clear_pointer (&padded->data, g_bytes_unref);
  padded->is_variable = FALSE;
  for (guint i = 0; i < padded->rank; i++)
    if (padded->shape[i] <= G_MAXINT32 - paddings[2 * i] - paddings[2 * i + 1])
      padded->shape[i] += paddings[2 * i] + paddings[2 * i + 1];
  return (gint32)fettle_graph_take_tensor (reader->graph, padded);
}

void
fettle_tflite_split_padding (FettleTfliteReader *reader, GArray *inputs)
{
  static const gint32 none[2 * FETTLE_MAX_RANK] = { 0 };
  gint32 *operands = (gint32 *)(gpointer)inputs->data;
  gint32 paddings[2 * FETTLE_MAX_RANK];
  g_autoptr (GArray) pad_inputs = g_array_new (FALSE, FALSE, sizeof (gint32));
  g_autoptr (GArray) pad_outputs = g_array_new (FALSE, FALSE, sizeof (gint32));
  const FettleTensor *input, *old;
  gint32 padded, constant;

  if (inputs->len != 3 || operands[0] < 0 || operands[2] < 0)
    return;
  input = fettle_graph_get_tensor (reader->graph, (guint)operands[0]);
  old = fettle_graph_get_tensor (reader->graph, (guint)operands[2]);
  if (!read_paddings (input, old, paddings))
    return;
  constant = add_integers (reader, old->name, 2,
                           (const gint32[]){ (gint32)input->rank, 2 }, paddings);
  padded = add_padded (reader, input, paddings);
  g_array_append_val (pad_inputs, operands[0]);
  g_array_append_val (pad_inputs, constant);
  g_array_append_val (pad_outputs, padded);
  fettle_tflite_reader_add_operator (reader, FETTLE_OPCODE_PAD, padded, pad_inputs,
                                     pad_outputs);
  operands[0] = padded;
  operands[2] = add_integers (reader, old->name, old->rank, old->shape, none);
}
