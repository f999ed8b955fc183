/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph-walk.h: where the arrow keys lead in a laid out graph. Pure geometry. */
#pragma once

#include "widgets/graph-layout.h"

G_BEGIN_DECLS

/* The node that an edge leads to, or comes from, that stands nearest to node FROM from left to right; FROM itself if there
 * is none, node 0 if FROM is -1. */
int fettle_graph_walk_along_edge (const FettleGraphLayout *layout,
                                  const FettleGraphEdge *edges, guint n_edges, int from,
                                  gboolean downwards);
/* The next node in the same layer; likewise. */
int fettle_graph_walk_along_layer (const FettleGraphLayout *layout, int from,
                                   gboolean rightwards);

G_END_DECLS
