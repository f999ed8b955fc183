/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph-layout-private.h: what the steps of a layered drawing hand on. */
#pragma once

#include "widgets/graph-layout.h"

G_BEGIN_DECLS

#define FETTLE_GRAPH_NODE_GAP  24 /* between nodes of a layer */
#define FETTLE_GRAPH_EDGE_GAP  14 /* between an edge that passes and its neighbours */
#define FETTLE_GRAPH_LAYER_GAP 30

/* Vertices are nodes, by number, and behind them the dummies. */
typedef struct
{
  guint n_nodes;
  guint n_vertices;
  guint n_layers;
  guint *layers;    /* of each vertex */
  double *widths;   /* of each vertex; 0 of a dummy */
  double *x;        /* middle of each vertex */
  guint *positions; /* of each vertex in its layer */

  guint *layer_starts; /* n_layers + 1 */
  guint *order;        /* vertices, layer by layer, from left to right */

  /* Links join vertices of adjacent layers. */
  guint n_links;
  guint *upper, *lower; /* ends of each link */
  guint *link_edges;    /* the edge that each link is part of */
  /* For each vertex, the vertices above it (0) and below it (1), from STARTS[] on. */
  guint *starts[2];
  guint *neighbours[2];
} FettleGraphRanks;

/* Vertices from left to right, with few crossings; FALSE if cancelled. */
gboolean fettle_graph_order (FettleGraphRanks *ranks, GCancellable *cancellable);

/* Crossings of links of the present order. */
guint64 fettle_graph_count_crossings (const FettleGraphRanks *ranks);

/* The middle of each vertex; FALSE if cancelled. */
gboolean fettle_graph_place (FettleGraphRanks *ranks, GCancellable *cancellable);

/* How far the middles of two vertices that stand side by side must be apart. */
double fettle_graph_get_separation (const FettleGraphRanks *ranks, guint left,
                                    guint right);

G_END_DECLS
