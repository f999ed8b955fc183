/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metrics.h: accuracy and AUC of an evaluation, with what can be concluded from them. */
#pragma once

#include "tuner/evaluate.h"
#include "tuner/statistics.h"

G_BEGIN_DECLS

/* How far a model is from its float model, without labels. */
typedef struct
{
  double agreement; /* 0..1: samples with the same class; NaN without classes */
  double
      divergence; /* Kullback-Leibler in nats, mean over the samples; NaN without classes */
  double sqnr_db; /* of output 0; infinity if they are equal */
} FettleFloatComparison;

/* EVALUATION must have a reference. */
FettleFloatComparison fettle_compare_with_float (const FettleEvaluation *evaluation);

typedef struct
{
  guint n;
  guint correct;
  FettleEstimate share;
  /* Beside the float model; 0 without one. */
  guint reference_correct;
  guint model_only;     /* samples that only the model gets right */
  guint reference_only; /* that only the float model does */
  double p_value;       /* McNemar's exact test */
} FettleAccuracy;

/* LABELS holds one whole number per sample, from 0: its class. */
gboolean fettle_measure_accuracy (const FettleEvaluation *evaluation, FettleNpy *labels,
                                  FettleAccuracy *accuracy, GError **error);

typedef struct
{
  guint n_positive, n_negative; /* samples; groups, if there are some */
  FettleEstimate auc;
  FettleEstimate reference_auc; /* of the float model; 0 without one */
} FettleAuc;

/* LABELS holds 1 (positive, such as an anomaly) or 0 for each sample. GROUPS (may be NULL) holds a number per
 * sample: the scores of those with the same number, which must have the same label, are averaged first. */
gboolean fettle_measure_auc (const FettleEvaluation *evaluation, FettleNpy *labels,
                             FettleNpy *groups, FettleAuc *auc, GError **error);

G_END_DECLS
