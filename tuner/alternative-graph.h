/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alternative-graph.h: a model's layers as another type, with the ranges that they have; private to the room. */
#pragma once

#include "tuner/layer-match.h"
#include "tuner/sensitivity.h"

G_BEGIN_DECLS

/* The float graph of MATCH with all layers as KIND, as far as there are kernels. Ranges are those of
 * the quantized graph; activations of the same type have exactly the scales that they have there. */
FettleGraph *fettle_alternative_graph_new (const FettleLayerMatch *match,
                                           FettleAlternativeKind kind, GError **error);

G_END_DECLS
