/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tflite-variables.c: resource variables of a TensorFlow Lite file, as states of the graph. */
#include "model/tflite-variables.h"
#include "model/tflite-schema.h"

#include <string.h>

#define NO_TENSOR (-1)
/* Converters write one; without a limit, damage could have the same subgraph read a million times. */
#define MOST_CALLS 16

typedef struct
{
  char *container, *name;
  gint32 variable; /* tensor of the graph; NO_TENSOR until something is known of it */
} Resource;

static void
resource_free (gpointer data)
{
  Resource *resource = data;

  g_free (resource->container);
  g_free (resource->name);
  g_free (resource);
}

GPtrArray *
fettle_tflite_resources_new (void)
{
  return g_ptr_array_new_with_free_func (resource_free);
}

gboolean
fettle_tflite_is_variable_operator (int builtin)
{
  return builtin == TFLITE_BUILTIN_VAR_HANDLE
         || builtin == fettle_opcode_to_tflite (FETTLE_OPCODE_CALL_ONCE)
         || builtin == fettle_opcode_to_tflite (FETTLE_OPCODE_READ_VARIABLE)
         || builtin == fettle_opcode_to_tflite (FETTLE_OPCODE_ASSIGN_VARIABLE);
}

static gboolean G_GNUC_PRINTF (4, 5) fail_layer (FettleTfliteReader *reader, gsize index,
                                                 GError **error, const char *format, ...)
{
  va_list arguments;
  g_autofree char *message = NULL;
  g_autofree char *operator_name =
      fettle_tflite_builtin_name (fettle_tflite_reader_get_builtin (reader, index));

  if (reader->buffer->is_damaged)
    return fettle_tflite_reader_check_damage (reader, error);
  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
               "Layer %" G_GSIZE_FORMAT " (%s): %s", index, operator_name, message);
  return FALSE;
}

/* The file's number in place K of the inputs or outputs of operator INDEX; NO_TENSOR if absent. */
static gint32
get_operand (FettleTfliteReader *reader, gsize index, guint field, gsize k)
{
  FettleFlatTable operator_ =
      fettle_flat_vector_get_table (reader->buffer, reader->operators, index);
  FettleFlatVector operands =
      fettle_flat_table_get_vector (reader->buffer, operator_, field, 4);
  gint32 number = NO_TENSOR;

  if (k < operands.length)
    number = fettle_flat_vector_get_int32 (reader->buffer, operands, k);
  return number >= 0 && number < (gint64)reader->tensors.length ? number : NO_TENSOR;
}

static FettleFlatTable
get_options (FettleTfliteReader *reader, gsize index, gint64 type)
{
  FettleFlatbuffer *buffer = reader->buffer;
  FettleFlatTable operator_ =
      fettle_flat_vector_get_table (buffer, reader->operators, index);

  if (fettle_flat_table_get_int8 (buffer, operator_, TFLITE_OPERATOR_OPTIONS_TYPE, 0)
      != type)
    return (FettleFlatTable){ 0 };
  return fettle_flat_table_get_table (buffer, operator_, TFLITE_OPERATOR_OPTIONS);
}

/* Takes both names. Files may leave the container out to save space; any one is meant then. */
static guint
find_or_add_resource (GPtrArray *resources, char *container, char *name)
{
  Resource *added;

  for (guint i = 0; i < resources->len; i++)
    {
      const Resource *known = resources->pdata[i];

      if (g_str_equal (known->name, name)
          && (*container == '\0' || g_str_equal (known->container, container)))
        {
          g_free (container);
          g_free (name);
          return i;
        }
    }
  added = g_new (Resource, 1);
  *added = (Resource){ container, name, NO_TENSOR };
  g_ptr_array_add (resources, added);
  return resources->len - 1;
}

gboolean
fettle_tflite_read_handles (FettleTfliteReader *reader, GError **error)
{
  for (gsize i = 0; i < reader->operators.length; i++)
    {
      FettleFlatTable options;
      gint32 handle;

      if (fettle_tflite_reader_get_builtin (reader, i) != TFLITE_BUILTIN_VAR_HANDLE)
        continue;
      handle = get_operand (reader, i, TFLITE_OPERATOR_OUTPUTS, 0);
      if (handle == NO_TENSOR)
        return fail_layer (reader, i, error, "its output is missing.");
      options = get_options (reader, i, TFLITE_OPTIONS_VAR_HANDLE);
      reader->handles[handle] = (gint32)find_or_add_resource (
          reader->resources,
          fettle_flat_table_get_string (reader->buffer, options,
                                        TFLITE_VAR_HANDLE_CONTAINER),
          fettle_flat_table_get_string (reader->buffer, options, TFLITE_VAR_HANDLE_NAME));
    }
  return fettle_tflite_reader_check_damage (reader, error);
}

/* The resource that operator INDEX has as its input 0. */
static Resource *
get_resource (FettleTfliteReader *reader, gsize index, GError **error)
{
  gint32 handle = get_operand (reader, index, TFLITE_OPERATOR_INPUTS, 0);

  if (handle != NO_TENSOR && reader->handles[handle] >= 0)
    return reader->resources->pdata[reader->handles[handle]];
  fail_layer (
      reader, index, error,
      "its input 0 does not come from a VAR_HANDLE; only variables that are known "
      "when the model is read are supported.");
  return NULL;
}

/* What the resource holds is what the first tensor holds that is copied from or to it. */
static gint32
get_variable (FettleTfliteReader *reader, Resource *resource, gint32 like)
{
  FettleTensor *variable;

  if (resource->variable == NO_TENSOR)
    {
      variable =
          fettle_tensor_copy (fettle_graph_get_tensor (reader->graph, (guint)like));
      g_clear_pointer (&variable->data, g_bytes_unref);
      g_free (variable->name);
      variable->name = g_strdup (*resource->name != '\0' ? resource->name : "variable");
      variable->is_variable = TRUE;
      resource->variable = (gint32)fettle_graph_take_tensor (reader->graph, variable);
    }
  return resource->variable;
}

/* The graph's number of the tensor in place K; NO_TENSOR with an error. */
static gint32
read_operand (FettleTfliteReader *reader, gsize index, guint field, gsize k,
              GError **error)
{
  FettleFlatTable operator_ =
      fettle_flat_vector_get_table (reader->buffer, reader->operators, index);
  FettleFlatVector operands =
      fettle_flat_table_get_vector (reader->buffer, operator_, field, 4);
  g_autoptr (GArray) numbers = NULL;

  if (get_operand (reader, index, field, k) == NO_TENSOR)
    {
      fail_layer (reader, index, error, "one of its tensors is missing.");
      return NO_TENSOR;
    }
  /* Of this tensor only: beside it may lie a handle. */
  operands.position += 4 * k;
  operands.length = 1;
  numbers = fettle_tflite_reader_get_numbers (reader, operands, error);
  return numbers == NULL ? NO_TENSOR : g_array_index (numbers, gint32, 0);
}

static GArray *
list_one (gint32 tensor)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (gint32));

  return g_array_append_val (list, tensor);
}

static gboolean
add_copy (FettleTfliteReader *reader, FettleOpcode opcode, gint32 from, gint32 to)
{
  g_autoptr (GArray) inputs = list_one (from);
  g_autoptr (GArray) outputs = list_one (to);

  fettle_tflite_reader_add_operator (reader, opcode, to, inputs, outputs);
  return TRUE;
}

static gboolean
read_access (FettleTfliteReader *reader, gsize index, FettleOpcode opcode, GError **error)
{
  gboolean is_read = opcode == FETTLE_OPCODE_READ_VARIABLE;
  Resource *resource = get_resource (reader, index, error);
  gint32 tensor, variable;

  if (resource == NULL)
    return FALSE;
  tensor = is_read ? read_operand (reader, index, TFLITE_OPERATOR_OUTPUTS, 0, error)
                   : read_operand (reader, index, TFLITE_OPERATOR_INPUTS, 1, error);
  if (tensor == NO_TENSOR)
    return FALSE;
  variable = get_variable (reader, resource, tensor);
  return is_read ? add_copy (reader, opcode, variable, tensor)
                 : add_copy (reader, opcode, tensor, variable);
}

/* --- CALL_ONCE --- */

/* TRUE if a reset gives VARIABLE the value of CONSTANT anyway. */
static gboolean
is_reset_value (const FettleTensor *variable, const FettleTensor *constant)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (constant->data, &size);
  guint8 value = 0;
  gint32 zero_point;

  fettle_tensor_get_scale (variable, NULL, &zero_point);
  if (variable->type == FETTLE_TYPE_INT8)
    value = (guint8)zero_point;
  for (gsize i = 0; i < size; i++)
    if (bytes[i] != value)
      return FALSE;
  return TRUE;
}

/* The last value counts. */
static void
set_initial (GArray *constants, GArray *variables, gint32 constant, gint32 variable)
{
  for (guint i = 0; i < variables->len; i++)
    if (g_array_index (variables, gint32, i) == variable)
      {
        g_array_index (constants, gint32, i + 1) = constant;
        return;
      }
  g_array_append_val (constants, constant);
  g_array_append_val (variables, variable);
}

/* An ASSIGN_VARIABLE of the subgraph. What a reset does anyway is left out, unless the variable may have
 * changed before. */
static gboolean
read_initialisation (FettleTfliteReader *reader, gsize index, GArray *constants,
                     GArray *variables, GError **error)
{
  Resource *resource = get_resource (reader, index, error);
  gint32 constant = resource == NULL
                        ? NO_TENSOR
                        : read_operand (reader, index, TFLITE_OPERATOR_INPUTS, 1, error);
  const FettleTensor *tensor;
  gboolean is_new;

  if (constant == NO_TENSOR)
    return FALSE;
  tensor = fettle_graph_get_tensor (reader->graph, (guint)constant);
  if (tensor->data == NULL)
    return fail_layer (reader, index, error,
                       "“%s” is computed; CALL_ONCE may assign constants only.",
                       tensor->name);
  is_new = resource->variable == NO_TENSOR;
  get_variable (reader, resource, constant);
  tensor = fettle_graph_get_tensor (reader->graph, (guint)constant);
  if (is_new
      && is_reset_value (
          fettle_graph_get_tensor (reader->graph, (guint)resource->variable), tensor))
    return TRUE;
  set_initial (constants, variables, constant, resource->variable);
  return TRUE;
}

static gboolean
read_initialisations (FettleTfliteReader *reader, GArray *constants, GArray *variables,
                      GError **error)
{
  if (!fettle_tflite_read_handles (reader, error))
    return FALSE;
  for (gsize i = 0; i < reader->operators.length; i++)
    {
      int builtin = fettle_tflite_reader_get_builtin (reader, i);

      if (builtin == TFLITE_BUILTIN_VAR_HANDLE)
        continue;
      if (builtin != fettle_opcode_to_tflite (FETTLE_OPCODE_ASSIGN_VARIABLE))
        return fail_layer (reader, i, error,
                           "it is part of an initialisation, where only the assignment "
                           "of constants is supported.");
      if (!read_initialisation (reader, i, constants, variables, error))
        return FALSE;
    }
  return TRUE;
}

/* The subgraph that CALL_ONCE number INDEX calls; 0 with an error. */
static gsize
get_called_subgraph (FettleTfliteReader *reader, gsize index, GError **error)
{
  FettleFlatTable options = get_options (reader, index, TFLITE_OPTIONS_CALL_ONCE);
  gint64 subgraph =
      fettle_flat_table_get_int32 (reader->buffer, options, TFLITE_CALL_ONCE_SUBGRAPH, 0);

  if (subgraph >= 1 && subgraph < (gint64)reader->subgraphs.length
      && g_hash_table_size (reader->subgraphs_read) < MOST_CALLS
      && g_hash_table_add (reader->subgraphs_read, GSIZE_TO_POINTER ((gsize)subgraph)))
    return (gsize)subgraph;
  fail_layer (reader, index, error,
              "it calls subgraph %" G_GINT64_FORMAT
              ", which does not exist or is called already.",
              subgraph);
  return 0;
}

static gboolean
read_call_once (FettleTfliteReader *reader, gsize index, GError **error)
{
  static const gint32 one[] = { 1 };
  gsize subgraph = get_called_subgraph (reader, index, error);
  FettleTfliteReader called = *reader;
  g_autoptr (GArray) constants = list_one (NO_TENSOR); /* place of the flag */
  g_autoptr (GArray) variables = g_array_new (FALSE, FALSE, sizeof (gint32));
  gboolean done;
  gint32 has_run;

  if (subgraph == 0)
    return FALSE;
  done = fettle_tflite_reader_open_subgraph (&called, subgraph, error)
         && read_initialisations (&called, constants, variables, error);
  fettle_tflite_reader_close_subgraph (&called);
  if (!done)
    {
      g_prefix_error (error, "Subgraph %" G_GSIZE_FORMAT ": ", subgraph);
      return FALSE;
    }
  if (variables->len == 0)
    return TRUE;
  has_run = (gint32)fettle_graph_add_tensor (reader->graph, "has run", FETTLE_TYPE_BOOL,
                                             1, one);
  fettle_graph_get_tensor (reader->graph, (guint)has_run)->is_variable = TRUE;
  g_array_index (constants, gint32, 0) = has_run;
  fettle_tflite_reader_add_operator (reader, FETTLE_OPCODE_CALL_ONCE, NO_TENSOR,
                                     constants, variables);
  return TRUE;
}

gboolean
fettle_tflite_read_variable_operator (FettleTfliteReader *reader, gsize index,
                                      GError **error)
{
  int builtin = fettle_tflite_reader_get_builtin (reader, index);
  FettleOpcode opcode;

  if (builtin == TFLITE_BUILTIN_VAR_HANDLE)
    return TRUE;
  if (!fettle_opcode_from_tflite (builtin, &opcode))
    g_return_val_if_reached (FALSE);
  return opcode == FETTLE_OPCODE_CALL_ONCE ? read_call_once (reader, index, error)
                                           : read_access (reader, index, opcode, error);
}
