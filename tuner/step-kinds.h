/* SPDX-License-Identifier: GPL-3.0-or-later */
/* step-kinds.h: the steps that a recipe can hold, one file each; private to the room. */
#pragma once

#include "tuner/step.h"

G_BEGIN_DECLS

extern const FettleStepKind fettle_step_absorb;
extern const FettleStepKind fettle_step_calibrate;
extern const FettleStepKind fettle_step_correct_bias;
extern const FettleStepKind fettle_step_equalize;
extern const FettleStepKind fettle_step_fold;
extern const FettleStepKind fettle_step_quantize;
extern const FettleStepKind fettle_step_remove_dead;
extern const FettleStepKind fettle_step_requantize;
extern const FettleStepKind fettle_step_round;

/* An empty report, FettleReportLine; free with g_ptr_array_unref. */
GPtrArray *fettle_report_new (void);
/* A sentence, if GRAPH is quantized already, wholly or at its ends. */
gboolean fettle_step_require_float (FettleGraph *graph, GError **error);
/* A sentence, if there are no calibration data; STEP is the step's name. */
gboolean fettle_step_require_samples (FettleTuning *tuning, const FettleStep *step,
                                      GError **error);

/* A sentence, if nothing was quantized before the step. */
gboolean fettle_step_require_reference (FettleTuning *tuning, const FettleStep *step,
                                        GError **error);

/* A part of a step: what runs with its TUNING reports its progress from FROM to TO of the step's. */
typedef struct
{
  FettleTuning tuning; /* a copy that owns nothing; not for what changes it */
  FettleTuning *whole;
  double from, to;
} FettleStepPhase;

/* PHASE must stay where it is while its TUNING is used. */
void fettle_step_phase_begin (FettleStepPhase *phase, FettleTuning *tuning, double from,
                              double to);
void fettle_step_phase_report (FettleStepPhase *phase, double fraction);

G_END_DECLS
