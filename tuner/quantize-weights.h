/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quantize-weights.h: integer weights and int32 bias of a layer; private to the room. */
#pragma once

#include "model/type-boundaries.h"
#include "tuner/layer-format.h"

G_BEGIN_DECLS

/* TRUE if OPCODE has weights that may be int4: constants of its own beside the activations. */
gboolean fettle_opcode_has_weights (FettleOpcode opcode);

/* Weights of TYPE lie in [-limit, limit]: 127 for int8, 7 for int4. */
gint32 fettle_weights_get_limit (FettleType type);

/* N weights, given one per byte, as a tensor of TYPE, INT8 or INT4, holds them; and back. */
GBytes *fettle_weights_pack (FettleType type, const gint8 *steps, gsize n);
gint8 *fettle_weights_unpack (const FettleTensor *tensor);

/* Where an operator has its weights and bias among its inputs; the output channels' axis of the weights. */
typedef struct
{
  guint weights, bias, axis;
} FettleWeightPlaces;

/* FALSE if OPCODE has no such weights. TRANSPOSE_CONV has, though never int4. */
gboolean fettle_opcode_get_weight_places (FettleOpcode opcode,
                                          FettleWeightPlaces *places);

/* Replaces the float weights and bias of layer LAYER, which reads its activations as INPUT, by symmetric
 * weights of FORMAT and a bias of scale INPUT's times the weights' scale, int32 or, with int16, int64; both keep their
 * names. The old constants stay in the graph. LARGEST_SCALE receives the largest scale of the
 * weights. */
gboolean fettle_quantize_weights (FettleGraph *graph, guint layer,
                                  const FettleLayerFormat *format,
                                  const FettleForm *input, double *largest_scale,
                                  GError **error);

G_END_DECLS
