/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-pairs.h: layers with weights between which scale can be moved; private to the room. */
#pragma once

#include "tuner/step.h"

G_BEGIN_DECLS

/* Whatever positive factor a channel of FIRST's output is multiplied by, SECOND's input channels of
 * that channel are multiplied by it too, and nothing else is. */
typedef struct
{
  guint first, second; /* layers */
  guint
      n_channels; /* output channels of FIRST; input channel i of SECOND is channel i % n_channels */
  guint activation; /* the tensor that holds the channels after their ReLU, if any */
} FettleLayerPair;

/* FettleLayerPair, in execution order. N_CLAMPED receives how many more there would be, but for a
 * ReLU6 or another upper bound, which is not homogeneous. Free with g_array_unref. */
GArray *fettle_layer_pairs_find (FettleGraph *graph, guint *n_clamped);

/* The same of the pairs that there would be but for a RELU6. */
GArray *fettle_layer_pairs_find_clamped (FettleGraph *graph);

/* The layer that reads the output of LAYER, which lies in a pair, before its second. */
guint fettle_layer_pair_get_next (FettleGraph *graph, guint layer);

/* Appends SUFFIX to the names of the values between the two layers of PAIR, which are others than in the source now:
 * under their old names they would be compared with those. */
void fettle_layer_pair_rename (const FettleLayerPair *pair, FettleGraph *graph,
                               const char *suffix);

G_END_DECLS
