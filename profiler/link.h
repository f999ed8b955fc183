/* SPDX-License-Identifier: GPL-3.0-or-later */
/* link.h: a byte pipe to one board. USB, serial and virtual links are subclasses.
 *
 * A link belongs to the GMainContext that was the thread default when it was created: all its signals
 * are emitted there, and it is used from there only. What a subclass does in threads of its own stays
 * inside it. A link carries bytes in order; it knows no frames. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_LINK (fettle_link_get_type ())
G_DECLARE_DERIVABLE_TYPE (FettleLink, fettle_link, FETTLE, LINK, GObject)

typedef enum
{
  FETTLE_INTERRUPT_ABORT, /* end the run after the current layer */
  FETTLE_INTERRUPT_RESET, /* forget the session; the next frame is HELLO */
} FettleInterrupt;

/* Signals:
 *   "received" (GBytes *bytes)       any cut of the incoming bytes
 *   "lost" (const GError *reason)    once; nothing follows. Also after fettle_link_close, with a
 *                                    reason of G_IO_ERROR_CLOSED. */
struct _FettleLinkClass
{
  GObjectClass parent_class;

  /* Connects. Asynchronous; succeeds when bytes can be sent. Called once at most, and not after
   * close. */
  void (*open_async) (FettleLink *self, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*open_finish) (FettleLink *self, GAsyncResult *result, GError **error);

  /* Queues BYTES, one whole frame or several; never blocks. Failure to deliver is reported by "lost". */
  void (*send) (FettleLink *self, GBytes *bytes);

  /* Gets through even when the pipe is stuck, where the link has such a way: control transfers on
   * USB, break on serial, a doorbell or the machine's end on a virtual board. */
  void (*interrupt) (FettleLink *self, FettleInterrupt interrupt);

  /* Idempotent. Ends what the link started (processes, threads). */
  void (*close) (FettleLink *self);

  /* Bytes can be lost or damaged on the way (a UART): the session sends small frames and repeats what is
   * not answered. What was sent as one piece is received as one piece or not at all. */
  gboolean loses_bytes;

  gpointer padding[3];
};

/* A link is opened once; G_IO_ERROR_CLOSED for one that was used before. */
void fettle_link_open_async (FettleLink *self, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
gboolean fettle_link_open_finish (FettleLink *self, GAsyncResult *result, GError **error);
void fettle_link_send (FettleLink *self, GBytes *bytes);
void fettle_link_interrupt (FettleLink *self, FettleInterrupt interrupt);
void fettle_link_close (FettleLink *self);
gboolean fettle_link_loses_bytes (FettleLink *self);
gboolean fettle_link_is_open (FettleLink *self);

/* For subclasses, on the link's context. */
void fettle_link_emit_received (FettleLink *self, GBytes *bytes);
void fettle_link_emit_lost (FettleLink *self, const GError *reason);

#define FETTLE_LINK_ERROR (fettle_link_error_quark ())
GQuark fettle_link_error_quark (void);

typedef enum
{
  FETTLE_LINK_ERROR_UNAVAILABLE, /* a program or firmware file that the board needs is missing */
  FETTLE_LINK_ERROR_VANISHED,  /* unplugged, process ended, end of file */
  FETTLE_LINK_ERROR_SILENT,    /* no answer within the time allowed */
  FETTLE_LINK_ERROR_PROTOCOL,  /* bytes that make no sense, no common version */
  FETTLE_LINK_ERROR_REFUSED,   /* the board answered with ERROR */
  FETTLE_LINK_ERROR_ABORTED,   /* the run was ended on request */
  FETTLE_LINK_ERROR_FORBIDDEN, /* no permission */
  FETTLE_LINK_ERROR_BUSY,      /* another program has the board */
} FettleLinkError;

G_END_DECLS
