/* SPDX-License-Identifier: GPL-3.0-or-later */
/* content.h: what a document holds: a model and everything that was worked out about it.
 *
 * Made whole by a worker thread and never changed afterwards, so that the pages read it without a
 * lock and a late worker can do no harm. */
#pragma once

#include "app/calibration-data.h"
#include "app/progress.h"
#include "model/lower.h"
#include "tuner/recipe.h"

G_BEGIN_DECLS

typedef enum
{
  FETTLE_CONTENT_FLOAT,     /* can be tuned */
  FETTLE_CONTENT_TUNED,     /* by Fettle: the float source is there to compare with */
  FETTLE_CONTENT_QUANTIZED, /* before it was imported: no source */
} FettleContentKind;

typedef struct
{
  char *path; /* of the file that was opened */
  FettleContentKind kind;
  FettleProject *project;
  FettleLowered *lowered; /* portable */
  guint64 *macs;          /* per layer */
  guint64 *weight_bytes;  /* per layer */
  guint64 *live_bytes;    /* per layer: of the arena, in use while it runs */
  guint64 total_macs;
  GPtrArray *report; /* FettleReportLine: what each step of the recipe did; NULL if it was not run here */
} FettleContent;

FettleContent *fettle_content_ref (FettleContent *self);
void fettle_content_unref (FettleContent *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleContent, fettle_content_unref)

FettleGraph *fettle_content_get_graph (FettleContent *self);
guint fettle_content_get_n_layers (FettleContent *self);

/* --- for worker threads --- */

FettleContent *fettle_content_load (const char *path, GError **error);
/* FALSE with a sentence if DATA, which the model was tuned on, are not there any more or have changed since. */
gboolean fettle_content_check_data (FettleContent *self, const FettleData *data,
                                    GError **error);
/* A new content: SELF's source tuned by RECIPE. DATA may be NULL if no step needs data. */
FettleContent *fettle_content_tune (FettleContent *self, FettleRecipe *recipe,
                                    const FettleData *data, FettleProgress *progress,
                                    GCancellable *cancellable, GError **error);
/* FettleLayerError per layer of a tuned model. *IS_OWN: it was tuned on just these data. */
GArray *fettle_content_compare (FettleContent *self, const FettleData *data,
                                gboolean *is_own, GCancellable *cancellable,
                                GError **error);

G_END_DECLS
