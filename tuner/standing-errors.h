/* SPDX-License-Identifier: GPL-3.0-or-later */
/* standing-errors.h: the errors of a graph as it stands, all layers quantized; private to the room. */
#pragma once

#include "tuner/trial.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean is_known; /* FALSE: the layer has no counterpart in the float graph */
  FettleErrorFigures figures;
} FettleStandingError;

/* FettleStandingError per layer of the quantized graph, at its output 0; OUTPUT (may be NULL) receives those of
 * the model's. Whatever the number of threads, the same figures. */
GArray *fettle_measure_standing (const FettleLayerMatch *match,
                                 const FettleTrialSamples *samples,
                                 FettleOutputFigures *output, GError **error);

G_END_DECLS
