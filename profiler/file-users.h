/* SPDX-License-Identifier: GPL-3.0-or-later */
/* file-users.h: which program has a file open. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The name of a program that has PATH open, or NULL if none can be seen: of other users' programs nothing
 * is known. IS_OWN is set if it is this one. Free with g_free. Looks through /proc. */
char *fettle_file_users_find (const char *path, gboolean *is_own);

G_END_DECLS
