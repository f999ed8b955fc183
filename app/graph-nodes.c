/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph-nodes.c: a model's inputs, layers and outputs as the nodes of a drawing. */
#include "config.h"

#include "app/graph-nodes.h"
#include "app/layer-text.h"

#include <glib/gi18n.h>

static void
clear_node (gpointer data)
{
  FettleGraphNode *node = data;

  g_free ((char *)node->title);
  g_free ((char *)node->name);
  g_free ((char *)node->detail);
  g_free ((char *)node->description);
}

/* "1×64×8×16 int8". */
static char *
format_tensor (const FettleTensor *tensor)
{
  g_autofree char *shape = fettle_tensor_format_shape (tensor);

  return g_strdup_printf ("%s %s", shape, fettle_type_get_name (tensor->type));
}

static void
add_terminal (FettleGraphNodes *self, const FettleTensor *tensor, const char *title)
{
  FettleGraphNode node = {
    .title = g_strdup (title),
    .name = g_strdup (tensor->name),
    .detail = format_tensor (tensor),
    .is_terminal = TRUE,
  };

  node.description = g_strdup_printf ("%s, %s", node.title, node.detail);
  g_array_append_val (self->nodes, node);
}

/* "CONV_2D + RELU: 1×66×18×1 int8 to 1×64×8×16 int8, weights 16×3×3×1 int8". */
static char *
describe_layer (FettleGraph *graph, const FettleOperator *operator_, const char *title)
{
  GString *text = g_string_new (title);
  const char *separator = ": ";

  for (guint i = 0; i < operator_->inputs->len; i++)
    {
      const FettleTensor *tensor = fettle_graph_get_operator_input (graph, operator_, i);
      g_autofree char *form = tensor != NULL ? format_tensor (tensor) : NULL;

      if (tensor == NULL)
        continue;
      g_string_append_printf (text, tensor->data != NULL ? _ ("%sconstant %s") : "%s%s",
                              separator, form);
      separator = ", ";
    }
  for (guint i = 0; i < operator_->outputs->len; i++)
    {
      g_autofree char *form =
          format_tensor (fettle_graph_get_operator_output (graph, operator_, i));

      g_string_append_printf (text, i == 0 ? _ (" to %s") : ", %s", form);
    }
  return g_string_free (text, FALSE);
}

static void
add_layer (FettleGraphNodes *self, FettleGraph *graph, guint layer)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
  const FettleTensor *output =
      operator_->outputs->len > 0 ? fettle_graph_get_operator_output (graph, operator_, 0)
                                  : NULL;
  FettleGraphNode node = {
    .title = fettle_layer_format_operator (operator_),
    .name = g_strdup_printf ("%u  %s", layer, operator_->name),
    .detail = output != NULL ? fettle_tensor_format_shape (output) : g_strdup (""),
  };

  node.description = describe_layer (graph, operator_, node.title);
  g_array_append_val (self->nodes, node);
}

/* PRODUCERS holds the node that each tensor comes from, -1 for constants and states. */
static void
add_edge (FettleGraphNodes *self, const gint32 *producers, gint32 tensor, guint node)
{
  FettleGraphEdge edge = { 0, node };

  if (tensor < 0 || producers[tensor] < 0)
    return;
  edge.from = (guint)producers[tensor];
  g_array_append_val (self->edges, edge);
}

static void
add_edges (FettleGraphNodes *self, FettleGraph *graph)
{
  guint n_tensors = fettle_graph_get_n_tensors (graph);
  g_autofree gint32 *producers = g_new (gint32, n_tensors + 1);

  for (guint i = 0; i < n_tensors; i++)
    producers[i] = -1;
  for (guint i = 0; i < self->n_inputs; i++)
    producers[fettle_graph_get_input (graph, i)] = (gint32)i;
  for (guint layer = 0; layer < self->n_layers; layer++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
      guint node = self->n_inputs + layer;

      for (guint i = 0; i < operator_->inputs->len; i++)
        add_edge (self, producers, fettle_operator_get_input (operator_, i), node);
      for (guint i = 0; i < operator_->outputs->len; i++)
        if (fettle_operator_get_output (operator_, i) >= 0)
          producers[fettle_operator_get_output (operator_, i)] = (gint32)node;
    }
  for (guint i = 0; i < self->n_outputs; i++)
    add_edge (self, producers, (gint32)fettle_graph_get_output (graph, i),
              self->n_inputs + self->n_layers + i);
}

FettleGraphNodes *
fettle_graph_nodes_new (FettleContent *content)
{
  FettleGraphNodes *self = g_new0 (FettleGraphNodes, 1);
  FettleGraph *graph = fettle_content_get_graph (content);

  self->nodes = g_array_new (FALSE, TRUE, sizeof (FettleGraphNode));
  g_array_set_clear_func (self->nodes, clear_node);
  self->edges = g_array_new (FALSE, FALSE, sizeof (FettleGraphEdge));
  self->n_inputs = fettle_graph_get_n_inputs (graph);
  self->n_layers = fettle_graph_get_n_operators (graph);
  self->n_outputs = fettle_graph_get_n_outputs (graph);
  for (guint i = 0; i < self->n_inputs; i++)
    add_terminal (self,
                  fettle_graph_get_tensor (graph, fettle_graph_get_input (graph, i)),
                  _ ("Model input"));
  for (guint i = 0; i < self->n_layers; i++)
    add_layer (self, graph, i);
  for (guint i = 0; i < self->n_outputs; i++)
    add_terminal (self,
                  fettle_graph_get_tensor (graph, fettle_graph_get_output (graph, i)),
                  _ ("Model output"));
  add_edges (self, graph);
  return self;
}

void
fettle_graph_nodes_free (FettleGraphNodes *self)
{
  g_array_unref (self->nodes);
  g_array_unref (self->edges);
  g_free (self);
}

int
fettle_graph_nodes_get_layer (const FettleGraphNodes *self, int node)
{
  int layer = node - (int)self->n_inputs;

  return node < 0 || layer < 0 || layer >= (int)self->n_layers ? -1 : layer;
}

int
fettle_graph_nodes_get_node (const FettleGraphNodes *self, int layer)
{
  return layer < 0 || layer >= (int)self->n_layers ? -1 : layer + (int)self->n_inputs;
}
