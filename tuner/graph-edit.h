/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph-edit.h: taking layers out of a graph; private to the room. */
#pragma once

#include "model/graph.h"

G_BEGIN_DECLS

#define FETTLE_NO_LAYER G_MAXUINT

/* How often TENSOR is read, by layers and as an output of the model. */
guint fettle_graph_count_readers (FettleGraph *graph, gint32 tensor);

gboolean fettle_graph_is_output (FettleGraph *graph, gint32 tensor);

/* The layer that writes TENSOR, or FETTLE_NO_LAYER. */
guint fettle_graph_find_writer (FettleGraph *graph, gint32 tensor);

/* Type, scales and zero points. */
gboolean fettle_tensors_have_same_encoding (const FettleTensor *a, const FettleTensor *b);

/* Removes LAYER, whose output 0 is a copy of its input K, encoded alike. FALSE, and nothing done, if the
 * model would have an input for an output then. */
gboolean fettle_graph_bypass_layer (FettleGraph *graph, guint layer, guint k);

/* Removes layers whose outputs nobody reads; returns how many. */
guint fettle_graph_remove_unread_layers (FettleGraph *graph);

G_END_DECLS
