/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-support.c: whether the runtime can compute a layer with the types and scales that it has. */
#include "model/layer-support.h"
#include "model/graph-private.h"
#include "model/lower.h"

#include <string.h>

/* The numbers of FROM's tensors in the graph of the one layer. */
typedef struct
{
  FettleGraph *from, *to;
  GHashTable *numbers;
  GArray *inputs; /* of TO: what the layer reads, constants and states apart */
} Extraction;

static gint32
extract_tensor (Extraction *extraction, gint32 number)
{
  const FettleTensor *tensor;
  FettleTensor *copy;
  gpointer known;
  gint32 extracted;

  if (number < 0)
    return number;
  if (g_hash_table_lookup_extended (extraction->numbers, GINT_TO_POINTER (number), NULL,
                                    &known))
    return GPOINTER_TO_INT (known);
  tensor = fettle_graph_get_tensor (extraction->from, (guint)number);
  extracted = (gint32)fettle_graph_add_tensor (extraction->to, tensor->name, tensor->type,
                                               tensor->rank, tensor->shape);
  copy = fettle_graph_get_tensor (extraction->to, (guint)extracted);
  copy->is_variable = tensor->is_variable;
  copy->data = tensor->data != NULL ? g_bytes_ref (tensor->data) : NULL;
  fettle_tensor_set_quantization (copy, tensor->quantization.n_channels,
                                  tensor->quantization.axis, tensor->quantization.scales,
                                  tensor->quantization.zero_points);
  g_hash_table_insert (extraction->numbers, GINT_TO_POINTER (number),
                       GINT_TO_POINTER (extracted));
  return extracted;
}

static void
extract_inputs (Extraction *extraction, const FettleOperator *operator_,
                FettleOperator *copy)
{
  for (guint k = 0; k < operator_->inputs->len; k++)
    {
      guint n_before = fettle_graph_get_n_tensors (extraction->to);
      gint32 number =
          extract_tensor (extraction, fettle_operator_get_input (operator_, k));
      const FettleTensor *tensor =
          number >= 0 ? fettle_graph_get_tensor (extraction->to, (guint)number) : NULL;

      g_array_append_val (copy->inputs, number);
      if (tensor != NULL && (guint)number == n_before && tensor->data == NULL
          && !tensor->is_variable)
        g_array_append_val (extraction->inputs, number);
    }
}

/* A graph has inputs, even where its layer reads constants only. */
static void
set_inputs (Extraction *extraction)
{
  const gint32 shape[] = { 1 };
  gint32 unread;

  if (extraction->inputs->len == 0)
    {
      unread = (gint32)fettle_graph_add_tensor (extraction->to, "unread",
                                                FETTLE_TYPE_FLOAT32, 1, shape);
      g_array_append_val (extraction->inputs, unread);
    }
  fettle_graph_set_inputs (extraction->to, (const gint32 *)extraction->inputs->data,
                           extraction->inputs->len);
}

static FettleGraph *
extract_layer (FettleGraph *graph, guint layer)
{
  g_autoptr (GHashTable) numbers = g_hash_table_new (NULL, NULL);
  g_autoptr (GArray) inputs = g_array_new (FALSE, FALSE, sizeof (gint32));
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
  FettleOperator *copy = fettle_operator_new (operator_->opcode, operator_->name);
  Extraction extraction = { graph, fettle_graph_new (), numbers, inputs };

  copy->options = operator_->options;
  extract_inputs (&extraction, operator_, copy);
  for (guint k = 0; k < operator_->outputs->len; k++)
    {
      gint32 number =
          extract_tensor (&extraction, fettle_operator_get_output (operator_, k));

      g_array_append_val (copy->outputs, number);
    }
  set_inputs (&extraction);
  fettle_graph_set_outputs (extraction.to, (const gint32 *)copy->outputs->data,
                            copy->outputs->len);
  fettle_graph_insert_operator (extraction.to, 0, copy);
  return extraction.to;
}

/* Takes the layer's number in the graph of one layer, which says nothing, off MESSAGE again. */
static const char *
skip_layer (FettleGraph *alone, const char *message)
{
  g_autoptr (GError) prefix = g_error_new_literal (FETTLE_MODEL_ERROR, 0, "");

  fettle_graph_prefix_layer (alone, 0, &prefix);
  return g_str_has_prefix (message, prefix->message) ? message + strlen (prefix->message)
                                                     : message;
}

gboolean
fettle_layer_is_supported (FettleGraph *graph, guint layer, GError **error)
{
  g_autoptr (FettleGraph) alone = NULL;
  g_autoptr (FettleLowered) lowered = NULL;
  g_autoptr (GError) cause = NULL;

  g_return_val_if_fail (FETTLE_IS_GRAPH (graph), FALSE);
  g_return_val_if_fail (layer < fettle_graph_get_n_operators (graph), FALSE);
  alone = extract_layer (graph, layer);
  lowered = fettle_lower (alone, NULL, &cause);
  if (lowered != NULL)
    return TRUE;
  g_set_error_literal (error, cause->domain, cause->code,
                       skip_layer (alone, cause->message));
  return FALSE;
}
