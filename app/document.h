/* SPDX-License-Identifier: GPL-3.0-or-later */
/* document.h: the model that a window shows, the recipe that tunes it with its history, measurements, and the one
 * selection. */
#pragma once

#include "app/attempt.h"
#include "app/content.h"
#include "app/history.h"
#include "profiler/trace.h"
#include "tuner/recipe-edit.h"
#include <gio/gio.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_DOCUMENT (fettle_document_get_type ())
G_DECLARE_FINAL_TYPE (FettleDocument, fettle_document, FETTLE, DOCUMENT, GObject)

/* Signals:
 *   "content-changed"             another model, or the same one tuned; errors and trace are gone
 *   "recipe-changed"              another recipe or data, or what they lead to is shown now; see below
 *   "errors-changed"              the layers' quantization errors
 *   "trace-changed"               new measurements, at most ten times a second
 *   "selection-changed"           another layer
 *   "activity-changed"            work began, came further or ended
 *   "attempts-changed"            something else was tried, or more became known of it
 *   "saved-changed"               there is something to save, or no longer
 *   "failed" (const char *text)   a sentence for the user; what was there stays
 *
 * Work runs in a thread. Starting new work cancels what is under way; a result that comes late is
 * dropped. */

FettleDocument *fettle_document_new (void);

/* NULL while no model is open. */
FettleContent *fettle_document_get_content (FettleDocument *self);
/* FettleLayerError per layer; NULL while unknown. */
GArray *fettle_document_get_errors (FettleDocument *self);
/* What the model was calibrated on, or else was last compared on; borrowed, NULL if neither. */
const FettleData *fettle_document_get_data (FettleDocument *self);

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
/* Opens a copy that was kept in case of a crash, as what it is a copy of: it is not saved. */
void fettle_document_recover (FettleDocument *self, const char *path);
/* Writes the model that is shown, the recipe and where the data are to PATH, in a thread. */
void fettle_document_save (FettleDocument *self, const char *path);
/* TRUE if saving would change nothing, or there is nothing to save. */
gboolean fettle_document_is_saved (FettleDocument *self);
/* Of the project, if it was opened from one or saved as one; else of the model. NULL while none is open. */
const char *fettle_document_get_path (FettleDocument *self);

/* --- the recipe ---
 *
 * The recipe and its calibration data are what a user edits; each edit is a position in the history. What a state leads to is
 * shown at once if it was worked out before, else after fettle_document_apply; until then the last content stays. */

/* Borrowed; has no positions while no model is open. Going to another position in it is undo and redo. */
FettleHistory *fettle_document_get_history (FettleDocument *self);
void fettle_document_undo (FettleDocument *self);
void fettle_document_redo (FettleDocument *self);

/* FettleAttempt: every result since the model was opened, in order, also those that the history has forgotten; borrowed. */
GPtrArray *fettle_document_get_attempts (FettleDocument *self);
/* Goes back to what ATTEMPT, which has a state, was made of: an edit. */
void fettle_document_return_to (FettleDocument *self, const FettleAttempt *attempt);

/* The state at the history's current position; borrowed, NULL while no model is open. */
FettleEditState *fettle_document_get_state (FettleDocument *self);
/* The recipe of that state, or the one that is proposed while it has none; borrowed, NULL while no model is open. */
FettleRecipe *fettle_document_get_recipe (FettleDocument *self);
/* TRUE if the content is what that state leads to. */
gboolean fettle_document_is_applied (FettleDocument *self);

/* A new position in the history, for LABEL and SUBJECT see there. RECIPE may be NULL: the model as it was opened; DATA, too. */
void fettle_document_edit (FettleDocument *self, FettleRecipe *recipe,
                           const FettleData *data, const char *label,
                           const char *subject);
/* Runs the recipe, also if its result is known, and compares with the source. */
void fettle_document_apply (FettleDocument *self);
/* Runs the recipe, or the default one if there is none yet, on DATA: both of the above. */
void fettle_document_tune (FettleDocument *self, const FettleData *data);
/* What the recipe says of one layer apart from the others. */
FettleLayerTypes fettle_document_get_layer_types (FettleDocument *self, guint layer);
/* Edits that, and applies. FALSE with ERROR if the recipe quantizes nothing. */
gboolean fettle_document_set_layer_types (FettleDocument *self, guint layer,
                                          const FettleLayerTypes *types, GError **error);

/* Compares a tuned model with its source. */
void fettle_document_compare (FettleDocument *self, const FettleData *data);

gboolean fettle_document_is_busy (FettleDocument *self);
/* What is being done, NULL if nothing; free with g_free. FRACTION as in progress.h. */
char *fettle_document_get_activity (FettleDocument *self, double *fraction);
void fettle_document_cancel (FettleDocument *self);

G_END_DECLS
