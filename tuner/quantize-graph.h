/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quantize-graph.h: a float graph as integers, layer by layer; private to the room. */
#pragma once

#include "tuner/layer-format.h"

G_BEGIN_DECLS

/* Types of the model's inputs and outputs; 0: those of the layers that read or write them. */
typedef struct
{
  FettleType inputs, outputs;
} FettleEndTypes;

/* GRAPH, float, with the types that FORMATS (FettleLayerFormat per layer) says; RANGES: FettleRange per tensor.
 * Where types meet, layers that convert are inserted. A layer that the runtime has no kernel for in its
 * type stays float32: FORMATS then says so, and TUNING's report says why. */
FettleGraph *fettle_quantize_graph (FettleTuning *tuning, FettleGraph *graph,
                                    GArray *ranges, GArray *formats,
                                    const FettleEndTypes *ends, GError **error);

/* TRUE if LAYER of GRAPH, float, reads or writes real numbers. */
gboolean fettle_layer_is_real (FettleGraph *graph, guint layer);

G_END_DECLS
