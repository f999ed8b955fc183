/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-match.h: which tensors of a float graph and of its quantized form hold the same thing. */
#pragma once

#include "model/graph.h"

G_BEGIN_DECLS

typedef enum
{
  FETTLE_SIDE_FLOAT,
  FETTLE_SIDE_QUANTIZED,
} FettleSide;

/* Two activations that hold the same thing, by the names that steps leave alone; inputs and outputs of
 * the model by their places. */
typedef struct
{
  gint32 tensors[2]; /* by FettleSide */
} FettleTensorPair;

typedef struct
{
  FettleGraph *graphs[2];
  gint32 *writers[2]; /* per tensor: the layer that writes it, -1 if none does */
  gint32
      *pairs[2]; /* per tensor: its place in TENSOR_PAIRS, -1 if it has no counterpart */
  GArray *tensor_pairs;
} FettleLayerMatch;

/* Fails if the graphs differ in number or shape of their inputs or outputs. Keeps both graphs. */
FettleLayerMatch *fettle_layer_match_new (FettleGraph *reference, FettleGraph *quantized,
                                          GError **error);
void fettle_layer_match_free (FettleLayerMatch *match);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleLayerMatch, fettle_layer_match_free)

/* The pair that output 0 of LAYER of the quantized graph belongs to; -1: the layer has no counterpart,
 * as those that only convert. */
gint32 fettle_layer_match_get_pair (const FettleLayerMatch *match, guint layer);
/* Tensor of pair PAIR on SIDE. */
const FettleTensor *fettle_layer_match_get_tensor (const FettleLayerMatch *match,
                                                   FettleSide side, gint32 pair);
/* The layer of the float graph that writes pair PAIR; -1 if it is an input. */
gint32 fettle_layer_match_get_writer (const FettleLayerMatch *match, FettleSide side,
                                      gint32 pair);

G_END_DECLS
