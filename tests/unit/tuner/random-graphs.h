/* SPDX-License-Identifier: GPL-3.0-or-later */
/* random-graphs.h: graphs of random layers, many of whose channels make no difference. */
#pragma once

#include "model/graph.h"

/* A valid graph that can be lowered, decided by SEED alone: one input, up to MAX_LAYERS layers; NULL if
 * this seed gives none. ACTIVATIONS
 * is float32, int8 or int16; of int8 graphs some weights are int4. Floats stay small and finite. */
FettleGraph *random_graph_new (guint32 seed, FettleType activations, guint max_layers);
