/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quantize-weights.h: int8 weights and int32 bias of a layer; private to the room. */
#pragma once

#include "tuner/step.h"

G_BEGIN_DECLS

/* TRUE if OPCODE has weights: constants of its own beside the activations. */
gboolean fettle_opcode_has_weights (FettleOpcode opcode);

/* Replaces the float weights and bias of layer LAYER by int8 weights, symmetric with q in
 * [-127, 127], and an int32 bias of scale INPUT_SCALE times the weights' scale. The old constants stay
 * in the graph. LARGEST_SCALE receives the largest scale of the weights. */
gboolean fettle_quantize_weights (FettleGraph *graph, guint layer, float input_scale,
                                  gboolean per_channel, double *largest_scale,
                                  GError **error);

G_END_DECLS
