/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recipe-panel.h: edits a document's recipe: types, calibration data, steps. */
#pragma once

#include "app/document.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_RECIPE_PANEL (fettle_recipe_panel_get_type ())
G_DECLARE_FINAL_TYPE (FettleRecipePanel, fettle_recipe_panel, FETTLE, RECIPE_PANEL,
                      GtkBox)

/* Signal "failed" (const char *text): a sentence for the user. */

/* Once. */
void fettle_recipe_panel_set_document (FettleRecipePanel *self, FettleDocument *document);
/* Puts the cursor where the next thing is to be done: the data while there are none, else the button that tunes. */
void fettle_recipe_panel_focus (FettleRecipePanel *self);

G_END_DECLS
