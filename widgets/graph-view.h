/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph-view.h: a graph drawn in layers, to zoom, to search and to walk through. */
#pragma once

#include "widgets/graph-view-render.h" /* FettleGraphNode, FettleGraphValue */
#include "widgets/scrolled-chart.h"

G_BEGIN_DECLS

#define FETTLE_TYPE_GRAPH_VIEW (fettle_graph_view_get_type ())
G_DECLARE_FINAL_TYPE (FettleGraphView, fettle_graph_view, FETTLE, GRAPH_VIEW,
                      FettleScrolledChart)

/* A GtkScrollable: put it straight into a GtkScrolledWindow. "selected" (see FettleChart) is the number of a node.
 *
 * Up and Down follow edges, Left and Right go along a layer, Home and End to the first and the last node; plus,
 * minus, 0 and 1 zoom in, zoom out, fit the whole graph and show it at its own size. Control with the wheel zooms, dragging
 * the background moves. Property "zoom" (double).
 *
 * The layout is worked out in a thread. Signal "laid-out": it is there now; the whole graph fits, or its beginning is
 * shown if it would be too small. */
GtkWidget *fettle_graph_view_new (void);

/* Copies NODES and EDGES. The selection stays; values and matches are forgotten. */
void fettle_graph_view_set_graph (FettleGraphView *self, const FettleGraphNode *nodes,
                                  guint n_nodes, const FettleGraphEdge *edges,
                                  guint n_edges);
/* Copies VALUES, one per node; NULL: none. MEASURE is their name. */
void fettle_graph_view_set_values (FettleGraphView *self, const FettleGraphValue *values,
                                   const char *measure, FettleNumberFormat format);
/* Dims all nodes whose title, name or detail does not have TEXT in it; returns how many have it. NULL or "": all. */
guint fettle_graph_view_search (FettleGraphView *self, const char *text);
/* Selects the next (or the one before) of those that were found, after the selected one and around the end. */
void fettle_graph_view_go_to_match (FettleGraphView *self, gboolean forwards);

gboolean fettle_graph_view_is_laid_out (FettleGraphView *self);

double fettle_graph_view_get_zoom (FettleGraphView *self);
/* Around the middle of what is seen. */
void fettle_graph_view_set_zoom (FettleGraphView *self, double zoom);
void fettle_graph_view_zoom_to_fit (FettleGraphView *self);

G_END_DECLS
