/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph-layout.h: where the nodes and edges of a layered drawing of a graph are. Pure geometry.
 *
 * After Sugiyama, Tagawa and Toda (1981): layers by longest path, edges through several layers divided by dummies, fewer
 * crossings by barycenter sweeps, and coordinates that bring each node as near to its neighbours as the order in its layer
 * allows. Deterministic. Runs in any thread. */
#pragma once

#include "widgets/chart-draw.h"
#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  guint from, to; /* numbers of nodes */
} FettleGraphEdge;

/* What is to be laid out. An edge that leads to a lower number is treated as if it led the other way, so that
 * every graph has layers. */
typedef struct
{
  guint n_nodes;
  const double *widths;
  const double *heights;
  guint n_edges;
  const FettleGraphEdge *edges;
} FettleGraphShape;

/* A stretch of an edge from one layer to the next. */
typedef struct
{
  guint edge;
  double x0, x1; /* in its layer, and in the next */
  double y0, y1; /* where it leaves and where it arrives */
  gboolean
      from_node; /* else it comes straight down through its layer, from y0 - height of the layer */
  gboolean to_node; /* else it goes on */
  double layer_top; /* of its layer: where it begins if it is not FROM_NODE */
} FettleGraphSegment;

typedef struct
{
  guint n_nodes;
  double width, height;   /* of the whole drawing, from 0 */
  FettleRectangle *nodes; /* by number */
  guint *node_layers;

  guint n_layers;
  double *layer_tops;    /* n_layers + 1: the last one is the drawing's end */
  double *layer_bottoms; /* n_layers: of the tallest node */
  guint *layer_starts;   /* n_layers + 1, into LAYER_NODES */
  guint *layer_nodes;    /* numbers of nodes, layer by layer, from left to right */

  guint *gap_starts; /* n_layers + 1, into SEGMENTS: those from layer K to K + 1 */
  FettleGraphSegment *segments; /* gap by gap */

  /* Edges that are too long to be led around nodes: drawn straight. Only in graphs of a great many of them. */
  guint n_straight;
  guint *straight; /* numbers of edges */
} FettleGraphLayout;

/* NULL if CANCELLABLE (may be NULL) was cancelled. */
FettleGraphLayout *fettle_graph_layout_new (const FettleGraphShape *shape,
                                            GCancellable *cancellable);
void fettle_graph_layout_free (FettleGraphLayout *layout);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleGraphLayout, fettle_graph_layout_free)

/* The first and the last layer that have anything between TOP and BOTTOM; FALSE if none has. */
gboolean fettle_graph_layout_find_layers (const FettleGraphLayout *layout, double top,
                                          double bottom, guint *first, guint *last);
/* The node at a point, or -1. */
int fettle_graph_layout_find_node (const FettleGraphLayout *layout, double x, double y);

G_END_DECLS
