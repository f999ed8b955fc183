/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tflite-hybrid.c: hybrid layers, with integer weights between float activations, as float ones.
 *
 * TensorFlow Lite's converter makes them where it is asked for dynamic-range quantization. Its interpreter
 * quantizes their inputs anew in each run; in a graph they are float layers, whose weights are what the
 * integers stand for. */
#include "model/hybrid.h"
#include "model/tflite-rewrites.h"

/* TRUE if TENSOR holds integers that stand for real numbers, as many as its shape says. */
static gboolean
is_dequantizable (const FettleTensor *tensor)
{
  const FettleQuantization *quantization = &tensor->quantization;

  return (tensor->type == FETTLE_TYPE_INT8 || tensor->type == FETTLE_TYPE_INT4)
         && tensor->data != NULL && !tensor->is_variable
         && g_bytes_get_size (tensor->data) == fettle_tensor_get_size (tensor)
         && (quantization->n_channels == 1
             || (quantization->axis < tensor->rank && quantization->n_channels > 1
                 && quantization->n_channels
                        == (guint)tensor->shape[quantization->axis]));
}

static gint32
read_element (const FettleTensor *tensor, gsize i)
{
  const gint8 *bytes = g_bytes_get_data (tensor->data, NULL);
  gint32 half;

  if (tensor->type == FETTLE_TYPE_INT8)
    return bytes[i];
  half = bytes[i / 2] >> (i % 2 * 4) & 0x0F;
  return half < 8 ? half : half - 16;
}

static gint32
add_dequantized (FettleGraph *graph, gint32 number)
{
  const FettleTensor *tensor = fettle_graph_get_tensor (graph, (guint)number);
  guint added = fettle_graph_add_tensor (graph, tensor->name, FETTLE_TYPE_FLOAT32,
                                         tensor->rank, tensor->shape);
  const FettleQuantization *quantization = &tensor->quantization;
  gsize n = fettle_tensor_get_n_elements (tensor), run = 1;
  float *values = g_new (float, n);

  for (guint i = quantization->axis + 1; i < tensor->rank; i++)
    run *= (gsize)tensor->shape[i];
  for (gsize i = 0; i < n; i++)
    {
      guint channel =
          quantization->n_channels > 1 ? (guint)(i / run % quantization->n_channels) : 0;

      values[i] =
          quantization->scales[channel]
          * (float)(read_element (tensor, i) - quantization->zero_points[channel]);
    }
  fettle_graph_get_tensor (graph, added)->data =
      g_bytes_new_take (values, n * sizeof *values);
  return (gint32)added;
}

/* FLOATS: numbers of tensors, and those of what was made of them. TRUE if OPERATOR_ was hybrid. */
static gboolean
dequantize_operands (FettleGraph *graph, const FettleOperator *operator_,
                     GHashTable *floats)
{
  const FettleTensor *input = fettle_graph_get_operator_input (
      graph, operator_, fettle_opcode_get_data_input (operator_->opcode));
  gboolean is_hybrid = FALSE;

  if (input == NULL || input->type != FETTLE_TYPE_FLOAT32)
    return FALSE;
  for (guint k = 0; k < operator_->inputs->len; k++)
    {
      gint32 *number = &g_array_index (operator_->inputs, gint32, k);
      gpointer made;

      if (*number < 0
          || !is_dequantizable (fettle_graph_get_tensor (graph, (guint)*number)))
        continue;
      if (!g_hash_table_lookup_extended (floats, GINT_TO_POINTER (*number), NULL, &made))
        {
          made = GINT_TO_POINTER (add_dequantized (graph, *number));
          g_hash_table_insert (floats, GINT_TO_POINTER (*number), made);
        }
      *number = GPOINTER_TO_INT (made);
      is_hybrid = TRUE;
    }
  return is_hybrid;
}

void
fettle_tflite_dequantize_hybrid (FettleGraph *graph)
{
  g_autoptr (GHashTable) floats = g_hash_table_new (NULL, NULL);
  guint n = 0;

  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    n += dequantize_operands (graph, fettle_graph_get_operator (graph, i), floats);
  if (n == 0)
    return;
  fettle_graph_set_n_hybrid_layers (graph, n);
  fettle_graph_drop_unused_tensors (graph);
}
