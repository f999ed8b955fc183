/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quantize-weights.h: integer weights and int32 bias of a layer; private to the room. */
#pragma once

#include "tuner/step.h"

G_BEGIN_DECLS

/* TRUE if OPCODE has weights: constants of its own beside the activations. */
gboolean fettle_opcode_has_weights (FettleOpcode opcode);

typedef struct
{
  FettleType type;         /* INT8 or INT4 */
  gboolean is_per_channel; /* a scale for each output channel */
} FettleWeightFormat;

/* Weights of TYPE lie in [-limit, limit]: 127 for int8, 7 for int4. */
gint32 fettle_weights_get_limit (FettleType type);

/* N weights, given one per byte, as a tensor of TYPE, INT8 or INT4, holds them; and back. */
GBytes *fettle_weights_pack (FettleType type, const gint8 *steps, gsize n);
gint8 *fettle_weights_unpack (const FettleTensor *tensor);

/* Replaces the float weights and bias of layer LAYER by symmetric ones of FORMAT and by an int32 bias of
 * scale INPUT_SCALE times the weights' scale; both keep their names. The old constants stay in the
 * graph. LARGEST_SCALE receives the largest scale of the weights. */
gboolean fettle_quantize_weights (FettleGraph *graph, guint layer,
                                  const FettleWeightFormat *format, float input_scale,
                                  double *largest_scale, GError **error);

G_END_DECLS
