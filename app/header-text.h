/* SPDX-License-Identifier: GPL-3.0-or-later */
/* header-text.h: a header as a page can show it: without thousands of numbers, and coloured. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* HEADER with all but the first lines of the image left out; *N_LINES of them (may be NULL). Free with g_free. */
char *fettle_header_abridge (const char *header, guint *n_lines);

/* Puts HEADER into BUFFER; comments, directives, texts and keywords have tags whose colours suit CONTEXT. */
void fettle_header_show (const char *header, GtkTextBuffer *buffer,
                         GtkStyleContext *context);

G_END_DECLS
