/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fd-writer.c: bytes queued for a non-blocking file descriptor. */
#include "profiler/fd-writer.h"

#include <errno.h>
#include <glib-unix.h>
#include <unistd.h>

void
fettle_fd_writer_init (FettleFdWriter *self, GMainContext *context)
{
  *self = (FettleFdWriter){ .fd = -1, .context = context };
  g_queue_init (&self->outgoing);
}

static void
clear_queue (FettleFdWriter *self)
{
  g_queue_clear_full (&self->outgoing, (GDestroyNotify)g_bytes_unref);
  self->written = 0;
}

/* Writes what the descriptor takes. FALSE if nothing is left to write. */
static gboolean
write_some (FettleFdWriter *self)
{
  while (!g_queue_is_empty (&self->outgoing))
    {
      GBytes *bytes = g_queue_peek_head (&self->outgoing);
      gsize size;
      const guint8 *data = g_bytes_get_data (bytes, &size);
      ssize_t n = write (self->fd, data + self->written, size - self->written);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0 && errno == EAGAIN)
        return TRUE;
      if (n < 0)
        {
          clear_queue (self);
          return FALSE;
        }
      self->written += (gsize)n;
      if (self->written == size)
        {
          g_bytes_unref (g_queue_pop_head (&self->outgoing));
          self->written = 0;
        }
    }
  return FALSE;
}

static gboolean
on_writable (int fd, GIOCondition condition, gpointer user_data)
{
  FettleFdWriter *self = user_data;

  if (write_some (self))
    return G_SOURCE_CONTINUE;
  g_clear_pointer (&self->source, g_source_unref);
  return G_SOURCE_REMOVE;
}

void
fettle_fd_writer_send (FettleFdWriter *self, GBytes *bytes)
{
  if (self->fd < 0 || g_bytes_get_size (bytes) == 0)
    return;
  g_queue_push_tail (&self->outgoing, g_bytes_ref (bytes));
  if (self->source != NULL || !write_some (self))
    return;
  self->source = g_unix_fd_source_new (self->fd, G_IO_OUT);
  g_source_set_callback (self->source, G_SOURCE_FUNC (on_writable), self, NULL);
  g_source_attach (self->source, self->context);
}

void
fettle_fd_writer_drop (FettleFdWriter *self)
{
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  clear_queue (self);
}
