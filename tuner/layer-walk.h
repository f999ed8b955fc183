/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-walk.h: a graph run layer by layer, each on all samples before the next one; private to the room.
 *
 * So a layer can be changed by what its inputs hold, with the layers before it changed already, and the
 * whole graph runs just once. What is still to be read is kept for all samples. Where layers hand state to each
 * other, which none of them can do by itself, the whole graph runs for each layer instead. */
#pragma once

#include "tuner/step.h"

G_BEGIN_DECLS

typedef struct _FettleLayerWalk FettleLayerWalk;

/* How many of TUNING's samples a walk through GRAPH can take: all, or as many as memory is set aside for;
 * 0 with ERROR set if GRAPH cannot be lowered. */
guint fettle_layer_walk_count_items (const FettleTuning *tuning, FettleGraph *graph,
                                     GError **error);

/* GRAPH's constants may change while the walk goes on, its tensors and layers may not; N_ITEMS as in
 * fettle_observe_some. TUNING and GRAPH must stay. */
FettleLayerWalk *fettle_layer_walk_new (const FettleTuning *tuning, FettleGraph *graph,
                                        guint n_items, GError **error);
void fettle_layer_walk_free (FettleLayerWalk *walk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleLayerWalk, fettle_layer_walk_free)

/* To be called before input 0 of LAYER, the next one, is read. */
gboolean fettle_layer_walk_prepare (FettleLayerWalk *walk, guint layer, GError **error);

/* How many elements TENSOR has. */
gsize fettle_layer_walk_get_n (FettleLayerWalk *walk, guint tensor);
/* TENSOR, an input of a layer that was not run yet, as it is for ITEM, in real numbers. Any thread. */
void fettle_layer_walk_read (FettleLayerWalk *walk, guint item, guint tensor,
                             float *values);

/* Runs the next layer, LAYER, on all items. */
gboolean fettle_layer_walk_run (FettleLayerWalk *walk, guint layer, GError **error);

G_END_DECLS
