/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tflite-builder.c: makes small .tflite files for tests.
 *
 * Each table is preceded by its own vtable and has a slot of 8 bytes for every field, present or not:
 * wasteful, but valid and simple. Parents come before children, as offsets point forward.
 */
#include "tflite-builder.h"
#include "model/tflite-schema.h"

#include <string.h>

static void
put (GByteArray *bytes, gsize at, guint64 value, gsize size)
{
  for (gsize i = 0; i < size; i++)
    bytes->data[at + i] = (guint8)(value >> (8 * i));
}

static gsize
grow (GByteArray *bytes, gsize size)
{
  gsize at = bytes->len;

  g_byte_array_set_size (bytes, (guint)(at + size));
  memset (bytes->data + at, 0, size);
  return at;
}

static gsize
add_table (GByteArray *bytes, guint n_fields)
{
  gsize vtable_size = 4 + 2 * n_fields, table;

  while ((bytes->len + vtable_size) % 8 != 4)
    grow (bytes, 1);
  table = grow (bytes, vtable_size) + vtable_size;
  grow (bytes, 4 + 8 * n_fields);
  put (bytes, table - vtable_size, vtable_size, 2);
  put (bytes, table - vtable_size + 2, 4 + 8 * n_fields, 2);
  put (bytes, table, vtable_size, 4);
  return table;
}

/* Marks FIELD as present; where its value goes. */
static gsize
field_slot (GByteArray *bytes, gsize table, guint field)
{
  gsize vtable = table - bytes->data[table];

  put (bytes, vtable + 4 + 2 * field, 4 + 8 * field, 2);
  return table + 4 + 8 * field;
}

static void
set_field (GByteArray *bytes, gsize table, guint field, guint64 value, gsize size)
{
  put (bytes, field_slot (bytes, table, field), value, size);
}

static void
set_child (GByteArray *bytes, gsize table, guint field, gsize child)
{
  gsize slot = field_slot (bytes, table, field);

  put (bytes, slot, child - slot, 4);
}

static gsize
add_vector (GByteArray *bytes, gconstpointer values, gsize n, gsize element_size)
{
  gsize at;

  while ((bytes->len + 4) % MAX (element_size, 4) != 0)
    grow (bytes, 1);
  at = grow (bytes, 4 + n * element_size);
  put (bytes, at, n, 4);
  if (values != NULL && n > 0)
    memcpy (bytes->data + at + 4, values, n * element_size);
  return at;
}

static void
set_element (GByteArray *bytes, gsize vector, gsize index, gsize child)
{
  gsize slot = vector + 4 + 4 * index;

  put (bytes, slot, child - slot, 4);
}

static guint32
float_bits (float value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof bits);
  return bits;
}

static gsize
add_quantization (GByteArray *bytes, const BuilderTensor *tensor)
{
  gsize table = add_table (bytes, 7);
  g_autofree gint64 *zeros = g_new (gint64, tensor->n_scales);

  for (guint i = 0; i < tensor->n_scales; i++)
    zeros[i] = tensor->zero_point;
  set_child (bytes, table, TFLITE_QUANTIZATION_SCALE,
             add_vector (bytes, tensor->scales, tensor->n_scales, 4));
  set_child (bytes, table, TFLITE_QUANTIZATION_ZERO_POINT,
             add_vector (bytes, zeros, tensor->n_scales, 8));
  set_field (bytes, table, TFLITE_QUANTIZATION_DIMENSION, (guint32)tensor->axis, 4);
  return table;
}

static gsize
add_tensor (GByteArray *bytes, const BuilderTensor *tensor, guint buffer)
{
  gsize table = add_table (bytes, 8);

  set_child (bytes, table, TFLITE_TENSOR_SHAPE,
             add_vector (bytes, tensor->shape, tensor->rank, 4));
  set_field (bytes, table, TFLITE_TENSOR_TYPE, (guint64)tensor->type, 1);
  set_field (bytes, table, TFLITE_TENSOR_BUFFER, buffer, 4);
  set_child (bytes, table, TFLITE_TENSOR_NAME,
             add_vector (bytes, tensor->name, strlen (tensor->name), 1));
  if (tensor->n_scales > 0)
    set_child (bytes, table, TFLITE_TENSOR_QUANTIZATION,
               add_quantization (bytes, tensor));
  if (tensor->is_variable)
    set_field (bytes, table, TFLITE_TENSOR_IS_VARIABLE, 1, 1);
  if (tensor->is_sparse)
    set_child (bytes, table, TFLITE_TENSOR_SPARSITY, add_table (bytes, 1));
  return table;
}

static gsize
add_options (GByteArray *bytes, const BuilderOperator *operator_)
{
  gsize table = add_table (bytes, 8);

  for (guint i = 0; i < operator_->n_options; i++)
    {
      const BuilderOption *option = &operator_->options[i];

      if (option->kind == 'f')
        set_field (bytes, table, option->field, float_bits ((float)option->value), 4);
      else
        set_field (bytes, table, option->field, (guint64)(gint64)option->value,
                   option->kind == 'b' ? 1 : 4);
    }
  return table;
}

static gsize
add_operator (GByteArray *bytes, const BuilderOperator *operator_, guint code)
{
  gsize table = add_table (bytes, 5);
  gint32 outputs[1 + BUILDER_MAX_NUMBERS] = { operator_->output };

  memcpy (outputs + 1, operator_->more_outputs, sizeof operator_->more_outputs);
  set_field (bytes, table, TFLITE_OPERATOR_OPCODE_INDEX, code, 4);
  set_child (bytes, table, TFLITE_OPERATOR_INPUTS,
             add_vector (bytes, operator_->inputs, operator_->n_inputs, 4));
  set_child (bytes, table, TFLITE_OPERATOR_OUTPUTS,
             add_vector (bytes, outputs, 1 + operator_->n_more_outputs, 4));
  if (operator_->options_type != TFLITE_OPTIONS_NONE)
    {
      set_field (bytes, table, TFLITE_OPERATOR_OPTIONS_TYPE,
                 (guint64)operator_->options_type, 1);
      set_child (bytes, table, TFLITE_OPERATOR_OPTIONS, add_options (bytes, operator_));
    }
  return table;
}

static gsize
add_subgraph (GByteArray *bytes, const BuilderModel *model)
{
  gsize table = add_table (bytes, 4), vector;

  set_child (bytes, table, TFLITE_SUBGRAPH_INPUTS,
             add_vector (bytes, model->inputs, model->n_inputs, 4));
  set_child (bytes, table, TFLITE_SUBGRAPH_OUTPUTS,
             add_vector (bytes, model->outputs, model->n_outputs, 4));
  vector = add_vector (bytes, NULL, model->n_tensors, 4);
  set_child (bytes, table, TFLITE_SUBGRAPH_TENSORS, vector);
  for (guint i = 0; i < model->n_tensors; i++)
    set_element (bytes, vector, i, add_tensor (bytes, &model->tensors[i], i + 1));
  vector = add_vector (bytes, NULL, model->n_operators, 4);
  set_child (bytes, table, TFLITE_SUBGRAPH_OPERATORS, vector);
  for (guint i = 0; i < model->n_operators; i++)
    set_element (bytes, vector, i, add_operator (bytes, &model->operators[i], i));
  return table;
}

/* Buffer 0 is the empty one; tensor i has buffer i + 1. */
static gsize
add_buffers (GByteArray *bytes, const BuilderModel *model)
{
  gsize vector = add_vector (bytes, NULL, model->n_tensors + 1, 4);

  set_element (bytes, vector, 0, add_table (bytes, 0));
  for (guint i = 0; i < model->n_tensors; i++)
    {
      const BuilderTensor *tensor = &model->tensors[i];
      gsize table = add_table (bytes, 3);

      if (tensor->data != NULL)
        set_child (bytes, table, TFLITE_BUFFER_DATA,
                   add_vector (bytes, tensor->data, tensor->size, 1));
      if (tensor->external_offset > 0)
        set_field (bytes, table, TFLITE_BUFFER_OFFSET, tensor->external_offset, 8);
      set_element (bytes, vector, i + 1, table);
    }
  return vector;
}

static gsize
add_codes (GByteArray *bytes, const BuilderModel *model)
{
  gsize vector = add_vector (bytes, NULL, model->n_operators, 4);

  for (guint i = 0; i < model->n_operators; i++)
    {
      gsize table = add_table (bytes, 4);
      int builtin = model->operators[i].builtin;

      set_field (bytes, table, TFLITE_OPERATOR_CODE_DEPRECATED_BUILTIN,
                 (guint64)MIN (builtin, 127), 1);
      if (builtin > 127)
        set_field (bytes, table, TFLITE_OPERATOR_CODE_BUILTIN, (guint64)builtin, 4);
      set_element (bytes, vector, i, table);
    }
  return vector;
}

GBytes *
builder_make (const BuilderModel *model)
{
  GByteArray *bytes = g_byte_array_new ();
  guint n_subgraphs = model->n_subgraphs > 0 ? model->n_subgraphs : 1;
  gsize table, vector;

  grow (bytes, 8);
  memcpy (bytes->data + 4, TFLITE_IDENTIFIER, 4);
  table = add_table (bytes, 5);
  put (bytes, 0, table, 4);
  set_field (bytes, table, TFLITE_MODEL_VERSION,
             (guint64)(model->version != 0 ? model->version : TFLITE_VERSION), 4);
  set_child (bytes, table, TFLITE_MODEL_OPERATOR_CODES, add_codes (bytes, model));
  vector = add_vector (bytes, NULL, n_subgraphs, 4);
  set_child (bytes, table, TFLITE_MODEL_SUBGRAPHS, vector);
  for (guint i = 0; i < n_subgraphs; i++)
    set_element (bytes, vector, i, add_subgraph (bytes, model));
  set_child (bytes, table, TFLITE_MODEL_BUFFERS, add_buffers (bytes, model));
  return g_byte_array_free_to_bytes (bytes);
}
