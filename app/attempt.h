/* SPDX-License-Identifier: GPL-3.0-or-later */
/* attempt.h: something that was tried, and what came out: a recipe's model, or a kept run. */
#pragma once

#include "app/content.h"
#include "app/history.h"
#include "profiler/run-store.h"

G_BEGIN_DECLS

/* Of one layer; NAN: not known. */
typedef struct
{
  char *name;
  double weight_bytes;
  double error; /* share of the signal, RMS */
  double time;  /* median, in the unit of the attempt */
} FettleLayerFigures;

typedef struct
{
  char *key;              /* of the state; NULL for a kept run */
  FettleEditState *state; /* to return to; NULL for a kept run */
  char *label;
  double image_bytes, arena_bytes; /* NAN: not known */
  double output_error; /* share of the signal, RMS; 0 for the model as it was imported */
  double time;         /* median of an inference; NAN: not measured */
  FettleUnit unit;     /* of times, if there are any */
  GArray *layers;      /* FettleLayerFigures */
} FettleAttempt;

/* ERRORS (may be NULL) are of CONTENT. A model without a source is what others are compared with: its error is 0. */
FettleAttempt *fettle_attempt_new (const char *key, FettleEditState *state,
                                   const char *label, FettleContent *content,
                                   GArray *errors);
/* RUN has its layers. */
FettleAttempt *fettle_attempt_new_for_run (FettleRun *run);
void fettle_attempt_free (FettleAttempt *attempt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleAttempt, fettle_attempt_free)

/* What was measured of ATTEMPT's model. */
void fettle_attempt_set_trace (FettleAttempt *attempt, FettleTrace *trace);

/* A layer of two attempts, matched by its name. Either may be NULL: the other one has no such layer. */
typedef struct
{
  const FettleLayerFigures *first, *second;
} FettleLayerPair;

/* FettleLayerPair: the layers of FIRST in order, each of SECOND's alone behind the one that it follows there. Free with
 * g_array_unref. */
GArray *fettle_attempts_match (const FettleAttempt *first, const FettleAttempt *second);

G_END_DECLS
