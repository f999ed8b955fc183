/* SPDX-License-Identifier: GPL-3.0-or-later */
/* accuracy.h: how many samples the document's model gets right, and how many its float model, worked out in the
 * background. */
#pragma once

#include "app/document.h"
#include "tuner/metrics.h"

G_BEGIN_DECLS

#define FETTLE_TYPE_ACCURACY_METER (fettle_accuracy_meter_get_type ())
G_DECLARE_FINAL_TYPE (FettleAccuracyMeter, fettle_accuracy_meter, FETTLE, ACCURACY_METER,
                      GObject)

/* Signal "changed": the accuracy is known, or no longer known, or why it is not. */

FettleAccuracyMeter *fettle_accuracy_meter_new (FettleDocument *document);

/* Begins, unless it was done or is being done, or cannot be: the data of the recipe needs labels. */
void fettle_accuracy_meter_start (FettleAccuracyMeter *self);

typedef enum
{
  FETTLE_ACCURACY_NO_LABELS,
  FETTLE_ACCURACY_MEASURING,
  FETTLE_ACCURACY_KNOWN,
  FETTLE_ACCURACY_FAILED, /* see fettle_accuracy_meter_get_problem */
} FettleAccuracyState;

FettleAccuracyState fettle_accuracy_meter_get_state (FettleAccuracyMeter *self);
/* While KNOWN; the reference's figures are 0 for a model that was not tuned. */
const FettleAccuracy *fettle_accuracy_meter_get (FettleAccuracyMeter *self);
/* A sentence while FAILED, else NULL. */
const char *fettle_accuracy_meter_get_problem (FettleAccuracyMeter *self);

G_END_DECLS
