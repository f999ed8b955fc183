/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progress.h: how far a long command is. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef void (*FettleCliProgressFunc) (double fraction, gpointer text);

/* Shows percent and TEXT, a translated string, in one line of standard error. */
void fettle_cli_show_progress (double fraction, gpointer text);

/* That function if standard error is a terminal, else NULL. */
FettleCliProgressFunc fettle_cli_get_progress (void);

/* Takes the line away, if there is one. */
void fettle_cli_end_progress (void);

G_END_DECLS
