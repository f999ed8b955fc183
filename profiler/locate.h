/* SPDX-License-Identifier: GPL-3.0-or-later */
/* locate.h: where the boards' programs and firmware lie. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The full path of NAME, which the build makes in FOLDER of its tree ("target-agent/boards/simulated");
 * NULL if it is nowhere. Looked for in $FETTLE_LIBEXECDIR, then in the build tree that the running
 * program lies in, then where it is installed. Free with g_free. */
char *fettle_locate (const char *folder, const char *name);

G_END_DECLS
