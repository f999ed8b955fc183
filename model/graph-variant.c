/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph-variant.c: a graph as a GVariant. */
#include "model/graph-variant.h"
#include "model/graph-private.h"

#include <string.h>

/* Each field has 32 bits; graph.h promises it. */
#define N_OPTIONS (sizeof (FettleOptions) / sizeof (gint32))

/* Floats travel as their bits: a text or a double could lose a NaN's or a zero's sign. */
static guint32
float_bits (float value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof bits);
  return bits;
}

static float
float_from_bits (guint32 bits)
{
  float value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

static GVariant *
numbers_to_variant (const gint32 *values, gsize n)
{
  return g_variant_new_fixed_array (G_VARIANT_TYPE_INT32, values, n, sizeof *values);
}

static GVariant *
array_to_variant (GArray *array)
{
  return numbers_to_variant ((const gint32 *)(gpointer)array->data, array->len);
}

static GVariant *
data_to_variant (GBytes *data)
{
  gsize size = 0;
  gconstpointer bytes = data != NULL ? g_bytes_get_data (data, &size) : NULL;

  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, bytes, size, 1);
}

static GVariant *
tensor_to_variant (const FettleTensor *tensor)
{
  const FettleQuantization *quantization = &tensor->quantization;
  g_autofree guint32 *scales = g_new (guint32, quantization->n_channels + 1);

  for (guint i = 0; i < quantization->n_channels; i++)
    scales[i] = float_bits (quantization->scales[i]);
  return g_variant_new (
      "(su@aibb@ayu@au@ai)", tensor->name, (guint32)tensor->type,
      numbers_to_variant (tensor->shape, tensor->rank), tensor->is_variable != FALSE,
      tensor->data != NULL, data_to_variant (tensor->data), quantization->axis,
      g_variant_new_fixed_array (G_VARIANT_TYPE_UINT32, scales, quantization->n_channels,
                                 sizeof *scales),
      numbers_to_variant (quantization->zero_points, quantization->n_channels));
}

static GVariant *
operator_to_variant (const FettleOperator *operator_)
{
  gint32 options[N_OPTIONS];

  memcpy (options, &operator_->options, sizeof options);
  return g_variant_new ("(ss@ai@ai@ai)", fettle_opcode_get_name (operator_->opcode),
                        operator_->name, array_to_variant (operator_->inputs),
                        array_to_variant (operator_->outputs),
                        numbers_to_variant (options, N_OPTIONS));
}

GVariant *
fettle_graph_to_variant (FettleGraph *graph)
{
  g_autoptr (GArray) inputs = g_array_new (FALSE, FALSE, sizeof (gint32));
  g_autoptr (GArray) outputs = g_array_new (FALSE, FALSE, sizeof (gint32));
  GVariantBuilder tensors, operators;

  g_variant_builder_init (&tensors, G_VARIANT_TYPE ("a" FETTLE_TENSOR_VARIANT_TYPE));
  for (guint i = 0; i < fettle_graph_get_n_tensors (graph); i++)
    g_variant_builder_add_value (&tensors,
                                 tensor_to_variant (fettle_graph_get_tensor (graph, i)));
  g_variant_builder_init (&operators, G_VARIANT_TYPE ("a" FETTLE_OPERATOR_VARIANT_TYPE));
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    g_variant_builder_add_value (
        &operators, operator_to_variant (fettle_graph_get_operator (graph, i)));
  for (guint i = 0; i < fettle_graph_get_n_inputs (graph); i++)
    g_array_append_val (inputs, (gint32){ (gint32)fettle_graph_get_input (graph, i) });
  for (guint i = 0; i < fettle_graph_get_n_outputs (graph); i++)
    g_array_append_val (outputs, (gint32){ (gint32)fettle_graph_get_output (graph, i) });
  return g_variant_new ("(ss@*@*@ai@ai)", fettle_graph_get_name (graph),
                        fettle_graph_get_source_hash (graph),
                        g_variant_builder_end (&tensors),
                        g_variant_builder_end (&operators), array_to_variant (inputs),
                        array_to_variant (outputs));
}

static gboolean
damaged (GError **error, const char *what, gsize index)
{
  g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_FORMAT,
               "The project file is damaged (%s %" G_GSIZE_FORMAT ").", what, index);
  return FALSE;
}

static gboolean
read_tensor (GVariant *variant, FettleGraph *graph, gsize index, GError **error)
{
  g_autoptr (GVariant) shape = g_variant_get_child_value (variant, 2);
  g_autoptr (GVariant) data = g_variant_get_child_value (variant, 5);
  g_autoptr (GVariant) scales = g_variant_get_child_value (variant, 7);
  g_autoptr (GVariant) zeros = g_variant_get_child_value (variant, 8);
  g_autofree float *scale_values = NULL;
  gsize rank, n_scales, n_zeros;
  const gint32 *dimensions = g_variant_get_fixed_array (shape, &rank, sizeof (gint32));
  const guint32 *bits = g_variant_get_fixed_array (scales, &n_scales, sizeof (guint32));
  const gint32 *zero_points =
      g_variant_get_fixed_array (zeros, &n_zeros, sizeof (gint32));
  const char *name;
  guint32 type, axis;
  gboolean is_variable, has_data;
  FettleTensor *tensor;

  g_variant_get_child (variant, 0, "&s", &name);
  g_variant_get_child (variant, 1, "u", &type);
  g_variant_get_child (variant, 3, "b", &is_variable);
  g_variant_get_child (variant, 4, "b", &has_data);
  g_variant_get_child (variant, 6, "u", &axis);
  if (!fettle_type_is_known (type) || rank > FETTLE_MAX_RANK || n_zeros != n_scales
      || n_scales > G_MAXINT32)
    return damaged (error, "tensor", index);
  tensor = fettle_graph_get_tensor (
      graph, fettle_graph_add_tensor (graph, name, type, (guint)rank, dimensions));
  tensor->is_variable = is_variable;
  if (has_data)
    /* A copy, since whole numbers and floats want an aligned address. */
    tensor->data = g_bytes_new (g_variant_get_data (data), g_variant_get_size (data));
  scale_values = g_new (float, n_scales + 1);
  for (gsize i = 0; i < n_scales; i++)
    scale_values[i] = float_from_bits (bits[i]);
  fettle_tensor_set_quantization (tensor, (guint)n_scales, axis, scale_values,
                                  zero_points);
  return TRUE;
}

static gboolean
read_options (GVariant *variant, FettleOptions *options)
{
  gsize n;
  const gint32 *values = g_variant_get_fixed_array (variant, &n, sizeof *values);

  if (n > N_OPTIONS)
    return FALSE;
  memcpy (options, values, n * sizeof *values);
  return (guint)options->activation <= FETTLE_ACTIVATION_RELU6
         && (guint)options->padding <= FETTLE_PADDING_EXPLICIT;
}

static gboolean
read_operator (GVariant *variant, FettleGraph *graph, gsize index, GError **error)
{
  g_autoptr (GVariant) inputs = g_variant_get_child_value (variant, 2);
  g_autoptr (GVariant) outputs = g_variant_get_child_value (variant, 3);
  g_autoptr (GVariant) options = g_variant_get_child_value (variant, 4);
  gsize n_inputs, n_outputs;
  const gint32 *in = g_variant_get_fixed_array (inputs, &n_inputs, sizeof *in);
  const gint32 *out = g_variant_get_fixed_array (outputs, &n_outputs, sizeof *out);
  const char *opcode_name, *name;
  FettleOpcode opcode;
  guint number;

  g_variant_get_child (variant, 0, "&s", &opcode_name);
  g_variant_get_child (variant, 1, "&s", &name);
  if (!fettle_opcode_from_name (opcode_name, &opcode))
    {
      g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
                   "Layer %" G_GSIZE_FORMAT " is %s, which this version does not know.",
                   index, opcode_name);
      return FALSE;
    }
  number = fettle_graph_add_operator (graph, opcode, name, in, (guint)n_inputs, out,
                                      (guint)n_outputs);
  if (!read_options (options, &fettle_graph_get_operator (graph, number)->options))
    return damaged (error, "layer", index);
  return TRUE;
}

typedef gboolean (*ReadFunc) (GVariant *variant, FettleGraph *graph, gsize index,
                              GError **error);

static gboolean
read_all (GVariant *variant, gsize child, ReadFunc read, FettleGraph *graph,
          GError **error)
{
  g_autoptr (GVariant) array = g_variant_get_child_value (variant, child);

  for (gsize i = 0; i < g_variant_n_children (array); i++)
    {
      g_autoptr (GVariant) element = g_variant_get_child_value (array, i);

      if (!read (element, graph, i, error))
        return FALSE;
    }
  return TRUE;
}

typedef void (*SetFunc) (FettleGraph *graph, const gint32 *tensors, guint n_tensors);

static void
read_ends (GVariant *variant, gsize child, SetFunc set, FettleGraph *graph)
{
  g_autoptr (GVariant) array = g_variant_get_child_value (variant, child);
  gsize n;
  const gint32 *numbers = g_variant_get_fixed_array (array, &n, sizeof *numbers);

  set (graph, numbers, (guint)n);
}

FettleGraph *
fettle_graph_from_variant (GVariant *variant, GError **error)
{
  g_autoptr (FettleGraph) graph = fettle_graph_new ();
  const char *name, *hash;

  g_variant_get_child (variant, 0, "&s", &name);
  g_variant_get_child (variant, 1, "&s", &hash);
  fettle_graph_set_name (graph, name);
  fettle_graph_set_source_hash (graph, hash);
  if (!read_all (variant, 2, read_tensor, graph, error)
      || !read_all (variant, 3, read_operator, graph, error))
    return NULL;
  read_ends (variant, 4, fettle_graph_set_inputs, graph);
  read_ends (variant, 5, fettle_graph_set_outputs, graph);
  return fettle_graph_validate (graph, error) ? g_steal_pointer (&graph) : NULL;
}
