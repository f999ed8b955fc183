/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph-edit.c: taking layers out of a graph. */
#include "config.h"
#include "tuner/graph-edit.h"

#include <string.h>

guint
fettle_graph_count_readers (FettleGraph *graph, gint32 tensor)
{
  guint n = 0;

  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);

      for (guint k = 0; k < operator_->inputs->len; k++)
        n += fettle_operator_get_input (operator_, k) == tensor;
    }
  for (guint i = 0; i < fettle_graph_get_n_outputs (graph); i++)
    n += (gint32)fettle_graph_get_output (graph, i) == tensor;
  return n;
}

gboolean
fettle_graph_is_output (FettleGraph *graph, gint32 tensor)
{
  for (guint i = 0; i < fettle_graph_get_n_outputs (graph); i++)
    if ((gint32)fettle_graph_get_output (graph, i) == tensor)
      return TRUE;
  return FALSE;
}

guint
fettle_graph_find_writer (FettleGraph *graph, gint32 tensor)
{
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);

      for (guint k = 0; k < operator_->outputs->len; k++)
        if (fettle_operator_get_output (operator_, k) == tensor)
          return i;
    }
  return FETTLE_NO_LAYER;
}

gboolean
fettle_tensors_have_same_encoding (const FettleTensor *a, const FettleTensor *b)
{
  const FettleQuantization *x = &a->quantization, *y = &b->quantization;

  if (a->type != b->type || x->n_channels != y->n_channels
      || (x->n_channels > 1 && x->axis != y->axis))
    return FALSE;
  for (guint i = 0; i < x->n_channels; i++)
    if (x->scales[i] != y->scales[i] || x->zero_points[i] != y->zero_points[i])
      return FALSE;
  return TRUE;
}

static void
replace_reads (FettleGraph *graph, gint32 old, gint32 new)
{
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      GArray *inputs = fettle_graph_get_operator (graph, i)->inputs;

      for (guint k = 0; k < inputs->len; k++)
        if (g_array_index (inputs, gint32, k) == old)
          g_array_index (inputs, gint32, k) = new;
    }
}

static void
replace_write (FettleGraph *graph, guint layer, gint32 old, gint32 new)
{
  GArray *outputs = fettle_graph_get_operator (graph, layer)->outputs;

  for (guint k = 0; k < outputs->len; k++)
    if (g_array_index (outputs, gint32, k) == old)
      g_array_index (outputs, gint32, k) = new;
}

gboolean
fettle_graph_bypass_layer (FettleGraph *graph, guint layer, guint k)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
  gint32 input = fettle_operator_get_input (operator_, k);
  gint32 output = fettle_operator_get_output (operator_, 0);
  guint writer = fettle_graph_find_writer (graph, input);

  /* A variable may be written between this layer and those that read its copy. */
  if (fettle_graph_get_tensor (graph, (guint)input)->is_variable)
    return FALSE;
  if (!fettle_graph_is_output (graph, output))
    replace_reads (graph, output, input);
  else if (writer == FETTLE_NO_LAYER || fettle_graph_is_output (graph, input))
    return FALSE;
  else
    {
      replace_write (graph, writer, input, output);
      replace_reads (graph, input, output);
    }
  fettle_graph_remove_operator (graph, layer);
  return TRUE;
}

static gboolean
is_unread (FettleGraph *graph, const FettleOperator *operator_)
{
  for (guint k = 0; k < operator_->outputs->len; k++)
    if (fettle_graph_count_readers (graph, fettle_operator_get_output (operator_, k)) > 0)
      return FALSE;
  return TRUE;
}

guint
fettle_graph_remove_unread_layers (FettleGraph *graph)
{
  guint n_removed = 0;

  /* From the end, so that what only they read is seen to be unread in its turn. A model without layers
   * would not be valid. */
  for (guint i = fettle_graph_get_n_operators (graph); i-- > 0;)
    if (fettle_graph_get_n_operators (graph) > 1
        && is_unread (graph, fettle_graph_get_operator (graph, i)))
      {
        fettle_graph_remove_operator (graph, i);
        n_removed++;
      }
  return n_removed;
}
