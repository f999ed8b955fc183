/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph-nodes.h: a model's inputs, layers and outputs as the nodes of a drawing. */
#pragma once

#include "app/content.h"
#include "widgets/graph-view-render.h"

G_BEGIN_DECLS

/* Inputs come first, then the layers in their order, then the outputs. */
typedef struct
{
  guint n_inputs, n_layers, n_outputs;
  GArray *nodes; /* FettleGraphNode, with strings of their own */
  GArray *edges; /* FettleGraphEdge */
} FettleGraphNodes;

FettleGraphNodes *fettle_graph_nodes_new (FettleContent *content);
void fettle_graph_nodes_free (FettleGraphNodes *nodes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleGraphNodes, fettle_graph_nodes_free)

/* The layer of a node, -1 for inputs and outputs; and the node of a layer. */
int fettle_graph_nodes_get_layer (const FettleGraphNodes *nodes, int node);
int fettle_graph_nodes_get_node (const FettleGraphNodes *nodes, int layer);

G_END_DECLS
