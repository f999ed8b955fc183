/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progress.h: long work: how far it is, how long it will take, and how it is cancelled. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* For the option tables of commands that take long. */
#define FETTLE_CLI_PROGRESS_ENTRY                                                        \
  {                                                                                      \
    "progress", 0, 0, G_OPTION_ARG_NONE, &fettle_cli_progress_is_wanted,                 \
        N_ ("Show how far the work is, on standard error, even if that is no terminal"), \
        NULL                                                                             \
  }
extern gboolean fettle_cli_progress_is_wanted;

typedef void (*FettleCliProgressFunc) (double fraction, gpointer text);

/* Begins long work, which SIGINT and SIGTERM cancel by what is returned; borrowed. */
GCancellable *fettle_cli_progress_begin (void);
/* Shows percent, TEXT, a translated string, and how long it will still take: in one line of a terminal, else in a new
 * line now and then. */
void fettle_cli_show_progress (double fraction, gpointer text);
/* That function if somebody reads it, else NULL. */
FettleCliProgressFunc fettle_cli_get_progress (void);
/* Ends the work and takes the line away, if there is one. */
void fettle_cli_progress_end (void);

G_END_DECLS
