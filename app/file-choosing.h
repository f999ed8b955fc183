/* SPDX-License-Identifier: GPL-3.0-or-later */
/* file-choosing.h: the file choosers of a window. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* All: NULL if the user gave up; free with g_free. */
char *fettle_choose_model (GtkWindow *parent);
/* ACTION is OPEN or SELECT_FOLDER. */
char *fettle_choose_data (GtkWindow *parent, GtkFileChooserAction action);
char *fettle_choose_recipe (GtkWindow *parent);
/* Proposes the name of MODEL_PATH with SUFFIX (".h") in the place of its own, and asks before a file
 * is overwritten. */
char *fettle_choose_save_path (GtkWindow *parent, const char *title,
                               const char *model_path, const char *suffix);

G_END_DECLS
