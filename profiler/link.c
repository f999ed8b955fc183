/* SPDX-License-Identifier: GPL-3.0-or-later */
/* link.c: what all links have in common. */
#include "profiler/link.h"

#define CLOSED_TEXT "The connection to the board was closed."

typedef struct
{
  gboolean is_used; /* was opened, or closed before it was */
  gboolean is_open;
  gboolean is_closed; /* or lost: nothing follows */
} FettleLinkPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (FettleLink, fettle_link, G_TYPE_OBJECT)
G_DEFINE_QUARK (fettle - link - error - quark, fettle_link_error)

enum
{
  RECEIVED,
  LOST,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static FettleLinkPrivate *
get_private (FettleLink *self)
{
  return fettle_link_get_instance_private (self);
}

static void
fettle_link_class_init (FettleLinkClass *class)
{
  GType type = G_TYPE_FROM_CLASS (class);

  signals[RECEIVED] = g_signal_new ("received", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 1, G_TYPE_BYTES);
  signals[LOST] = g_signal_new ("lost", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
fettle_link_init (FettleLink *self)
{
}

void
fettle_link_open_async (FettleLink *self, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  FettleLinkPrivate *private = get_private (self);

  g_return_if_fail (FETTLE_IS_LINK (self));
  if (private->is_used)
    g_task_report_new_error (self, callback, user_data, NULL, G_IO_ERROR,
                             G_IO_ERROR_CLOSED,
                             "This connection was used before; make a new one.");
  else
    {
      private->is_used = TRUE;
      FETTLE_LINK_GET_CLASS (self)->open_async (self, cancellable, callback, user_data);
    }
}

gboolean
fettle_link_open_finish (FettleLink *self, GAsyncResult *result, GError **error)
{
  FettleLinkPrivate *private = get_private (self);

  g_return_val_if_fail (FETTLE_IS_LINK (self), FALSE);
  if (!FETTLE_LINK_GET_CLASS (self)->open_finish (self, result, error))
    return FALSE;
  if (private->is_closed)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, CLOSED_TEXT);
      return FALSE;
    }
  private->is_open = TRUE;
  return TRUE;
}

void
fettle_link_send (FettleLink *self, GBytes *bytes)
{
  g_return_if_fail (FETTLE_IS_LINK (self));
  if (get_private (self)->is_open)
    FETTLE_LINK_GET_CLASS (self)->send (self, bytes);
}

void
fettle_link_interrupt (FettleLink *self, FettleInterrupt interrupt)
{
  g_return_if_fail (FETTLE_IS_LINK (self));
  if (get_private (self)->is_open)
    FETTLE_LINK_GET_CLASS (self)->interrupt (self, interrupt);
}

void
fettle_link_close (FettleLink *self)
{
  g_autoptr (GError) reason = NULL;

  g_return_if_fail (FETTLE_IS_LINK (self));
  get_private (self)->is_used = TRUE;
  FETTLE_LINK_GET_CLASS (self)->close (self);
  reason = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, CLOSED_TEXT);
  fettle_link_emit_lost (self, reason);
}

gboolean
fettle_link_loses_bytes (FettleLink *self)
{
  g_return_val_if_fail (FETTLE_IS_LINK (self), FALSE);
  return FETTLE_LINK_GET_CLASS (self)->loses_bytes;
}

gboolean
fettle_link_is_open (FettleLink *self)
{
  g_return_val_if_fail (FETTLE_IS_LINK (self), FALSE);
  return get_private (self)->is_open;
}

void
fettle_link_emit_received (FettleLink *self, GBytes *bytes)
{
  if (!get_private (self)->is_closed)
    g_signal_emit (self, signals[RECEIVED], 0, bytes);
}

void
fettle_link_emit_lost (FettleLink *self, const GError *reason)
{
  FettleLinkPrivate *private = get_private (self);

  if (private->is_closed)
    return;
  private->is_closed = TRUE;
  private->is_open = FALSE;
  g_signal_emit (self, signals[LOST], 0, reason);
}
