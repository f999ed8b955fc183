/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fd-writer.h: bytes queued for a non-blocking file descriptor. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Private but for FD: -1, or where to write. */
typedef struct
{
  int fd;
  GMainContext *context;
  GSource *source;
  GQueue outgoing; /* GBytes */
  gsize written;   /* of the first of them */
} FettleFdWriter;

/* CONTEXT must outlive the writer. */
void fettle_fd_writer_init (FettleFdWriter *self, GMainContext *context);
/* Writes what the descriptor takes and the rest as soon as it takes it. An error drops what is queued;
 * whoever reads the other direction will see the end. */
void fettle_fd_writer_send (FettleFdWriter *self, GBytes *bytes);
/* Forgets what is queued; some of the first piece may have been written. */
void fettle_fd_writer_drop (FettleFdWriter *self);

G_END_DECLS
