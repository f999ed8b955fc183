/* SPDX-License-Identifier: GPL-3.0-or-later */
/* equalization.h: the factors by which scale moves between layers; private to the room. */
#pragma once

#include "tuner/layer-pairs.h"
#include "tuner/layer-weights.h"

G_BEGIN_DECLS

typedef struct
{
  FettleLayerPair pair;
  FettleLayerWeights *first, *second; /* borrowed */
  double
      *activation; /* range per channel on the calibration data; NULL: not to be used */
  double *total;   /* product of all s per channel */
} FettleEqualizationLink;

typedef struct
{
  FettleGraph *graph;
  GArray *links;                /* FettleEqualizationLink, in execution order */
  FettleLayerWeights **weights; /* per layer, or NULL */
  guint n_clamped;              /* pairs that a clamp keeps from being links */
  guint n_balanced; /* links that were left as they are, and are none any more */
} FettleEqualization;

void fettle_equalization_init (FettleEqualization *self, FettleGraph *graph);
void fettle_equalization_clear (FettleEqualization *self);

/* Scales the weights, not yet those of the graph, until no factor of a sweep over all links is further from 1
 * than 0.01 %: each link's two ranges, the activations' where they are set, are made equal. Links whose channels' factors are within the ratio SPREAD of
 * each other are left as they are. */
gboolean fettle_equalization_run (FettleEqualization *self, double spread,
                                  GCancellable *cancellable, GError **error);

G_END_DECLS
