/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph-search.h: which nodes of a graph have a text in them. */
#pragma once

#include "widgets/graph-view-render.h"

G_BEGIN_DECLS

/* For each node whether its title, name or detail has TEXT in it, in whatever case; free with g_free. */
gboolean *fettle_graph_find_matches (const FettleGraphNode *nodes, guint n_nodes,
                                     const char *text, guint *n_matches);
/* The match after FROM (-1: the first; or before it), around the end; -1 if there is none. */
int fettle_graph_find_next_match (const gboolean *matches, guint n_nodes, int from,
                                  gboolean forwards);

G_END_DECLS
