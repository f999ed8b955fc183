/* SPDX-License-Identifier: GPL-3.0-or-later */
/* preferences.h: how a user likes windows and pages to look.
 *
 * A key file in the user's configuration folder: unlike GSettings it needs nothing installed, and a damaged one
 * does no harm. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Empty if nothing was kept. Free with g_key_file_unref. */
GKeyFile *fettle_preferences_load (void);
/* What cannot be written is forgotten: no reason to disturb anybody. */
void fettle_preferences_save (GKeyFile *file);

/* NULL if nothing was kept; free with g_strfreev. */
char **fettle_preferences_get_list (const char *page, const char *key);
/* Written at once. */
void fettle_preferences_set_list (const char *page, const char *key,
                                  const char *const *values);

G_END_DECLS
