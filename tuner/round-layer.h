/* SPDX-License-Identifier: GPL-3.0-or-later */
/* round-layer.h: whole numbers for the weights of one layer, by what its inputs hold; private to the room. */
#pragma once

#include "tuner/integer-weights.h"
#include "tuner/layer-targets.h"
#include "tuner/layer-walk.h"
#include "tuner/round-channel.h"

G_BEGIN_DECLS

/* Sums over all output channels of the layer. */
typedef struct
{
  /* Squares on samples that the choice did not see: of what the layer should compute (without the
   * means, if it has a bias) and of what it is off by. */
  double signal, error_before, error_after;
  gboolean
      is_whole; /* else rows were too long for that, and neither signal nor losses say anything */
  /* What the choice minimised, on the other samples. */
  double loss_before, loss_after;
  guint n_kept; /* channels that stayed as they were */
} FettleRoundingResult;

/* Chooses steps, scales and bias of WEIGHTS, of a layer of the walk's graph that was not run yet and reads
 * INPUT. */
gboolean fettle_round_layer (const FettleTuning *tuning, FettleLayerWalk *walk,
                             guint input, const FettleLayerTarget *target,
                             FettleRoundingMethod method, FettleIntegerWeights *weights,
                             FettleRoundingResult *result, GError **error);

G_END_DECLS
