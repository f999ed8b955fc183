/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuse-activations.h: RELU and RELU6 into the layer before them; private to the room. */
#pragma once

#include "model/graph.h"

G_BEGIN_DECLS

/* Merges each RELU and RELU6 with the layer that computes its input, where that layer can clamp and
 * nothing else reads it. The function computed stays the same; so do tensor numbers. Returns how many
 * were merged. */
guint fettle_fuse_activations (FettleGraph *graph);

G_END_DECLS
