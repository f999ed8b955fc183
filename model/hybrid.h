/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hybrid.h: graphs that were hybrid files, with integer weights between float activations. */
#pragma once

#include "model/graph.h"

G_BEGIN_DECLS

/* How many float layers were hybrid in the file that GRAPH was just imported from: their weights stand for
 * integers, and keep the rounding of these. Copied with the graph, not kept in project files. */
guint fettle_graph_get_n_hybrid_layers (FettleGraph *graph);
void fettle_graph_set_n_hybrid_layers (FettleGraph *graph, guint n_layers);

G_END_DECLS
