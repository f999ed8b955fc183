/* SPDX-License-Identifier: GPL-3.0-or-later */
/* step-row.h: one step of a recipe, to switch, move, remove and set. */
#pragma once

#include "tuner/recipe.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_STEP_ROW (fettle_step_row_get_type ())
G_DECLARE_FINAL_TYPE (FettleStepRow, fettle_step_row, FETTLE, STEP_ROW, GtkBox)

/* Signals:
 *   "switched" (gboolean is_enabled)
 *   "moved" (int places)              -1 up, 1 down
 *   "removed"
 *   "parameter-edited" (const char *name, GVariant *value) */

/* For steps of KIND; LAYERS may be NULL, else see below. */
GtkWidget *fettle_step_row_new (const FettleStepKind *kind, const char *const *layers);

/* Shows STEP, of the row's kind. REASON says why it is there; NULL: nobody knows. */
void fettle_step_row_set_step (FettleStepRow *self, const FettleStep *step,
                               const char *reason);
const FettleStepKind *fettle_step_row_get_kind (FettleStepRow *self);
/* Layers' names to offer where a layer is meant; NULL-terminated. */
void fettle_step_row_set_layers (FettleStepRow *self, const char *const *layers);
void fettle_step_row_set_ends (FettleStepRow *self, gboolean is_first, gboolean is_last);

G_END_DECLS
