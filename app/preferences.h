/* SPDX-License-Identifier: GPL-3.0-or-later */
/* preferences.h: how a user likes pages to look, kept in the user's configuration folder. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* NULL if nothing was kept; free with g_strfreev. */
char **fettle_preferences_get_list (const char *page, const char *key);
/* Written at once; what cannot be written is forgotten when the program ends. */
void fettle_preferences_set_list (const char *page, const char *key,
                                  const char *const *values);

G_END_DECLS
