/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-weights.h: the float weights of a layer, to be changed by channel; private to the room. */
#pragma once

#include "tuner/step.h"

G_BEGIN_DECLS

typedef struct
{
  FettleOpcode opcode;
  gsize n;
  guint n_outputs;      /* output channels */
  guint n_inputs;       /* input channels; of FULLY_CONNECTED the columns */
  guint n_group_inputs; /* input channels that one output channel reads */
  double
      *values; /* the layer's own copy, in double so that repeated changes add no error */
  double *bias; /* per output channel, or NULL */
} FettleLayerWeights;

/* NULL if LAYER is not of a kind with weights, or they or the bias are not finite float constants. */
FettleLayerWeights *fettle_layer_weights_new (FettleGraph *graph, guint layer);
void fettle_layer_weights_free (FettleLayerWeights *weights);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleLayerWeights, fettle_layer_weights_free)

/* The channels between which weight INDEX stands. */
guint fettle_layer_weights_get_output (const FettleLayerWeights *weights, gsize index);
guint fettle_layer_weights_get_input (const FettleLayerWeights *weights, gsize index);

/* Zeros, if there is no bias yet. */
void fettle_layer_weights_add_bias (FettleLayerWeights *weights);

/* Gives LAYER the values as new constants; the old ones stay in the graph. */
void fettle_layer_weights_store (const FettleLayerWeights *weights, FettleGraph *graph,
                                 guint layer);

G_END_DECLS
