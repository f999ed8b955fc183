/* SPDX-License-Identifier: GPL-3.0-or-later */
/* step-kinds.h: the steps that a recipe can hold, one file each; private to the room. */
#pragma once

#include "tuner/step.h"

G_BEGIN_DECLS

extern const FettleStepKind fettle_step_calibrate;
extern const FettleStepKind fettle_step_equalize;
extern const FettleStepKind fettle_step_fold;
extern const FettleStepKind fettle_step_quantize;
extern const FettleStepKind fettle_step_remove_dead;

/* An empty report, FettleReportLine; free with g_ptr_array_unref. */
GPtrArray *fettle_report_new (void);
/* A sentence, if GRAPH is quantized already, wholly or at its ends. */
gboolean fettle_step_require_float (FettleGraph *graph, GError **error);
/* A sentence, if there are no calibration data; STEP is the step's name. */
gboolean fettle_step_require_samples (FettleTuning *tuning, const FettleStep *step,
                                      GError **error);

G_END_DECLS
