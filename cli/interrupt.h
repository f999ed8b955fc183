/* SPDX-License-Identifier: GPL-3.0-or-later */
/* interrupt.h: long work that Ctrl+C ends in good order. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* From now on SIGINT and SIGTERM cancel what is returned, instead of ending the program. Borrowed. */
GCancellable *fettle_cli_interrupt_begin (void);
/* From now on they end the program again. Without a call of the above nothing happens. */
void fettle_cli_interrupt_end (void);

/* The exit status of a program that a signal ended, 128 and its number; 0 if none came in time. */
int fettle_cli_interrupt_get_status (void);

G_END_DECLS
