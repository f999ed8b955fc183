/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mixed-graph.h: a graph of which some layers are float and the others quantized. */
#pragma once

#include "tuner/layer-match.h"

G_BEGIN_DECLS

typedef struct
{
  FettleGraph *graph; /* validated */
  gint32
      *tensors; /* per pair of the match: the tensor that holds it, as it was written */
} FettleMixedGraph;

/* Takes each pair's tensor from SIDES[pair]: from the layer that writes it there, and from those before it
 * that have no counterpart (a rescaling, or a float activation that quantizing merged with the layer before). Where a
 * layer reads what the other side wrote, a QUANTIZE to the quantized graph's scale or a DEQUANTIZE stands
 * between. The model's inputs and outputs have the form of the side that SIDES names for them. */
FettleMixedGraph *fettle_mixed_graph_new (const FettleLayerMatch *match,
                                          const FettleSide *sides, GError **error);
void fettle_mixed_graph_free (FettleMixedGraph *mixed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleMixedGraph, fettle_mixed_graph_free)

G_END_DECLS
