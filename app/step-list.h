/* SPDX-License-Identifier: GPL-3.0-or-later */
/* step-list.h: the steps of a recipe, to edit. */
#pragma once

#include "tuner/recipe.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_STEP_LIST (fettle_step_list_get_type ())
G_DECLARE_FINAL_TYPE (FettleStepList, fettle_step_list, FETTLE, STEP_LIST, GtkBox)

/* Signals:
 *   "edited" (FettleRecipe *recipe, const char *label, const char *subject)
 *       the user wants another recipe; for LABEL and SUBJECT see history.h
 *   "failed" (const char *text)
 *       what was entered is not possible; a sentence */

void fettle_step_list_set_recipe (FettleStepList *self, FettleRecipe *recipe);
/* Layers' names to offer where a layer is meant; NULL-terminated. */
void fettle_step_list_set_layers (FettleStepList *self, const char *const *layers);

G_END_DECLS
