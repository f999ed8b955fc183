/* SPDX-License-Identifier: GPL-3.0-or-later */
/* document.h: the model that a window shows, its measurements, and the one selection in it. */
#pragma once

#include "app/content.h"
#include "profiler/trace.h"
#include <gio/gio.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_DOCUMENT (fettle_document_get_type ())
G_DECLARE_FINAL_TYPE (FettleDocument, fettle_document, FETTLE, DOCUMENT, GObject)

/* Signals:
 *   "content-changed"             another model, or the same one tuned; errors and trace are gone
 *   "errors-changed"              the layers' quantization errors
 *   "trace-changed"               new measurements, at most ten times a second
 *   "selection-changed"           another layer
 *   "activity-changed"            work began, came further or ended
 *   "failed" (const char *text)   a sentence for the user; what was there stays
 *
 * Work runs in a thread. Starting new work cancels what is under way; a result that comes late is
 * dropped. */

FettleDocument *fettle_document_new (void);

/* NULL while no model is open. */
FettleContent *fettle_document_get_content (FettleDocument *self);
/* FettleLayerError per layer; NULL while unknown. */
GArray *fettle_document_get_errors (FettleDocument *self);

/* NULL before the first run. */
FettleTrace *fettle_document_get_trace (FettleDocument *self);
void fettle_document_set_trace (FettleDocument *self, FettleTrace *trace);
/* The trace has new records. */
void fettle_document_touch_trace (FettleDocument *self);

/* Of the trace as it was at the last "trace-changed"; all zero if there is none. */
FettleStatistics fettle_document_get_layer_time (FettleDocument *self, guint layer);
FettleStatistics fettle_document_get_total_time (FettleDocument *self);

/* Layer number, -1 if none. */
int fettle_document_get_selected (FettleDocument *self);
void fettle_document_set_selected (FettleDocument *self, int layer);

void fettle_document_open (FettleDocument *self, const char *path);
/* Tunes by the default recipe and compares with the source. */
void fettle_document_tune (FettleDocument *self, const FettleData *data);
/* Compares a tuned model with its source. */
void fettle_document_compare (FettleDocument *self, const FettleData *data);

gboolean fettle_document_is_busy (FettleDocument *self);
/* What is being done, NULL if nothing; free with g_free. FRACTION as in progress.h. */
char *fettle_document_get_activity (FettleDocument *self, double *fraction);
void fettle_document_cancel (FettleDocument *self);

G_END_DECLS
