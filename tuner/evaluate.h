/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evaluate.h: what a model makes of each sample, through the runtime, beside its float model. */
#pragma once

#include "tuner/output-error.h"
#include "tuner/samples.h"

G_BEGIN_DECLS

typedef struct
{
  guint
      predicted; /* argmax of output 0, ties to the lowest; of one probability: above a half */
  double score; /* see fettle_evaluate */
} FettleVerdict;

/* What came out for one sample. */
typedef struct
{
  FettleVerdict model;
  FettleVerdict reference; /* of the float model; this and the rest 0 without one */
  double divergence;       /* Kullback-Leibler, float to model, nats; 0 without classes */
  double signal, error;    /* squares of the float output and of the difference, summed */
} FettleOutcome;

typedef struct
{
  FettleOutputKind kind;
  guint n_classes;
  gboolean has_reference;
  GArray *outcomes; /* FettleOutcome per sample */
} FettleEvaluation;

/* Runs GRAPH, and REFERENCE if it is not NULL, on each sample; state is reset before each. The score is the mean
 * squared difference of output and input for a model whose output has the input's shape (dimensions of 1
 * apart), else the last value of the output. A REFERENCE with another output shape is refused. PROGRESS may be NULL. */
FettleEvaluation *fettle_evaluate (FettleGraph *graph, FettleGraph *reference,
                                   FettleSamples *samples,
                                   void (*progress) (double fraction, gpointer user_data),
                                   gpointer user_data, GCancellable *cancellable,
                                   GError **error);
void fettle_evaluation_free (FettleEvaluation *evaluation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleEvaluation, fettle_evaluation_free)

G_END_DECLS
