/* SPDX-License-Identifier: GPL-3.0-or-later */
/* data-editor.h: says where data are, and what makes model inputs of them. */
#pragma once

#include "app/calibration-data.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_DATA_EDITOR (fettle_data_editor_get_type ())
G_DECLARE_FINAL_TYPE (FettleDataEditor, fettle_data_editor, FETTLE, DATA_EDITOR, GtkBox)

/* Signal "edited" (const FettleData *data): other data, NULL for none; texts once they are whole. Not while a field is
 * marked as wrong. */

/* Shows DATA (may be NULL), without the signal. */
void fettle_data_editor_set_data (FettleDataEditor *self, const FettleData *data);
/* Puts the cursor where the path is written. */
void fettle_data_editor_focus (FettleDataEditor *self);

G_END_DECLS
