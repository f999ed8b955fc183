/* SPDX-License-Identifier: GPL-3.0-or-later */
/* integer-weights.h: the weights and bias of a quantized layer, to be chosen anew; private to the room. */
#pragma once

#include "tuner/layer-columns.h"

G_BEGIN_DECLS

typedef struct
{
  FettleLayerColumns columns;
  int limit;      /* steps go from -LIMIT to LIMIT */
  gint8 *steps;   /* as in the weights' tensor */
  guint n_scales; /* 1, or one per output channel */
  double *scales; /* each is a float */
  double *bias;   /* per output channel, real numbers; NULL if the layer has none */
  double input_scale;
  double smallest_scale,
      largest_scale; /* that the layer's arithmetic allows for weights */
} FettleIntegerWeights;

/* NULL if LAYER is not of a kind with weights, or its weights are not int8 or int4 constants. */
FettleIntegerWeights *fettle_integer_weights_new (FettleGraph *graph, guint layer);
void fettle_integer_weights_free (FettleIntegerWeights *weights);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleIntegerWeights, fettle_integer_weights_free)

/* The scale of output CHANNEL. */
double fettle_integer_weights_get_scale (const FettleIntegerWeights *weights,
                                         guint channel);

/* The weights as real numbers, n_columns for each output channel; free with g_free. */
double *fettle_integer_weights_read (const FettleIntegerWeights *weights);

/* Gives every layer with weights constants of its own, so that storing changes no other layer. */
void fettle_integer_weights_separate (FettleGraph *graph);

/* Puts what WEIGHTS hold into LAYER's constants. */
void fettle_integer_weights_store (const FettleIntegerWeights *weights,
                                   FettleGraph *graph, guint layer);

G_END_DECLS
