/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial.h: a graph run beside the float graph that it stands for; private to the room. */
#pragma once

#include "tuner/mixed-graph.h"
#include "tuner/output-error.h"
#include "tuner/probe.h"

G_BEGIN_DECLS

/* One pair of the match, in both graphs. */
typedef struct
{
  gint32 pair;
  const float *expected, *actual;
  gsize n;
  double lowest, highest; /* what the actual tensor can represent */
  FettleErrorSums sums;
} FettleComparison;

typedef struct
{
  const FettleLayerMatch *match;
  FettleOutputKind kind;
  FettleProbe *probe;
  GArray *comparisons; /* FettleComparison */
  FettleComparison output;
  gsize output_width;
  FettleOutputSums output_sums;
} FettleTrial;

/* MIXED beside REFERENCE, a probe of the match's float graph, which must outlive the trial; compares output 0. */
FettleTrial *fettle_trial_new (const FettleLayerMatch *match,
                               const FettleMixedGraph *mixed, FettleProbe *reference,
                               GError **error);
void fettle_trial_free (FettleTrial *trial);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleTrial, fettle_trial_free)

/* Compares pair PAIR too; returns its place in COMPARISONS. */
guint fettle_trial_compare (FettleTrial *trial, const FettleMixedGraph *mixed,
                            FettleProbe *reference, gint32 pair);

/* The samples that something is measured on. */
typedef struct
{
  FettleSamples *samples;
  guint n;           /* at most as many as there are; spread evenly over them */
  guint first, last; /* of these N, those from FIRST up to and without LAST */
  GCancellable *cancellable;
} FettleTrialSamples;

/* Runs REFERENCE and each of TRIALS on SAMPLES, in their order. */
gboolean fettle_trials_run (FettleTrial *const *trials, guint n_trials,
                            FettleProbe *reference, const FettleTrialSamples *samples,
                            GError **error);

G_END_DECLS
