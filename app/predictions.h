/* SPDX-License-Identifier: GPL-3.0-or-later */
/* predictions.h: what other types of each layer would change, worked out in the background. */
#pragma once

#include "app/document.h"
#include "tuner/sensitivity.h"

G_BEGIN_DECLS

#define FETTLE_TYPE_PREDICTIONS (fettle_predictions_get_type ())
G_DECLARE_FINAL_TYPE (FettlePredictions, fettle_predictions, FETTLE, PREDICTIONS, GObject)

/* Signal "changed": predictions begin, come further, or are there.
 *
 * Whatever is known or under way ends with the document's content, without the signal. */

FettlePredictions *fettle_predictions_new (FettleDocument *document);

/* Begins, unless it was done or is being done already, or cannot be: only what was tuned, and on known data. */
void fettle_predictions_start (FettlePredictions *self);

/* NULL while not known; valid until "changed". */
const FettleSensitivity *fettle_predictions_get (FettlePredictions *self);
/* NULL if nothing is predicted for LAYER as KIND. */
const FettleAlternative *fettle_predictions_get_alternative (FettlePredictions *self,
                                                             guint layer,
                                                             FettleAlternativeKind kind);
/* 0..1 while under way, else -1. */
double fettle_predictions_get_progress (FettlePredictions *self);

G_END_DECLS
