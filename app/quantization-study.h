/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quantization-study.h: everything that can be measured of a tuned model's quantization, one part after the other. */
#pragma once

#include "app/content.h"
#include "tuner/layer-errors.h"
#include "tuner/sensitivity.h"
#include "tuner/tensor-histograms.h"
#include <gio/gio.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_QUANTIZATION_STUDY (fettle_quantization_study_get_type ())
G_DECLARE_FINAL_TYPE (FettleQuantizationStudy, fettle_quantization_study, FETTLE,
                      QUANTIZATION_STUDY, GObject)

/* Work runs in a thread, one part after the other, the quickest first; what is known stays until another model is studied.
 *
 * Signals:
 *   "changed"                    another part is known, or none any more
 *   "activity-changed"           work began, came further or ended
 *   "failed" (const char *text)  a sentence for the user */
FettleQuantizationStudy *fettle_quantization_study_new (void);

/* Studies CONTENT, a tuned model, on DATA. Nothing happens if that is known or under way; either NULL: forgets
 * everything. */
void fettle_quantization_study_set_subject (FettleQuantizationStudy *self,
                                            FettleContent *content,
                                            const FettleData *data);
/* TRUE if what is known, or under way, is of CONTENT. */
gboolean fettle_quantization_study_is_about (FettleQuantizationStudy *self,
                                             FettleContent *content);
/* Ends the work under way; parts that are known stay. */
void fettle_quantization_study_cancel (FettleQuantizationStudy *self);
/* Goes on after a cancel or a failure. */
void fettle_quantization_study_resume (FettleQuantizationStudy *self);

/* TRUE if parts are missing and nobody works on them. */
gboolean fettle_quantization_study_is_interrupted (FettleQuantizationStudy *self);
/* What is being done, NULL if nothing; free with g_free. FRACTION as in progress.h. */
char *fettle_quantization_study_get_activity (FettleQuantizationStudy *self,
                                              double *fraction);

/* The parts; NULL while unknown. Borrowed, until "changed". */
const FettleSpreadReport *
fettle_quantization_study_get_spread (FettleQuantizationStudy *self);
const FettleErrorReport *
fettle_quantization_study_get_errors (FettleQuantizationStudy *self);
const FettleSensitivity *
fettle_quantization_study_get_sensitivity (FettleQuantizationStudy *self);
/* That of LAYER; NULL while unknown. */
const FettleLayerSensitivity *
fettle_quantization_study_get_layer_sensitivity (FettleQuantizationStudy *self,
                                                 guint layer);

G_END_DECLS
