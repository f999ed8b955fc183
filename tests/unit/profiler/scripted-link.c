/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scripted-link.c: a link whose other side is the test. */
#include "scripted-link.h"

#include "runtime/frt.h"
#include "target-agent/messages.h"
#include "target-agent/wire.h"

#include <string.h>

G_DEFINE_TYPE (ScriptedLink, scripted_link, FETTLE_TYPE_LINK)

static void
scripted_link_open_async (FettleLink *link, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (link, cancellable, callback, user_data);

  g_task_return_boolean (task, TRUE);
}

static gboolean
scripted_link_open_finish (FettleLink *link, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
scripted_link_send (FettleLink *link, GBytes *bytes)
{
  ScriptedLink *self = SCRIPTED_LINK (link);
  const guint8 *frame = g_bytes_get_data (bytes, NULL);

  self->type = frame[5];
  self->sequence = fta_get_le16 (frame + 6);
  self->n_sent++;
  if (self->type == FTA_HELLO)
    memcpy (self->nonce, frame + FTA_FRAME_HEADER, sizeof self->nonce);
  if (self->type == FTA_RUN)
    memcpy (self->run_id, frame + FTA_FRAME_HEADER, sizeof self->run_id);
}

static void
scripted_link_interrupt (FettleLink *link, FettleInterrupt interrupt)
{
}

static void
scripted_link_close (FettleLink *link)
{
}

static void
scripted_link_class_init (ScriptedLinkClass *class)
{
  FettleLinkClass *link_class = FETTLE_LINK_CLASS (class);

  link_class->open_async = scripted_link_open_async;
  link_class->open_finish = scripted_link_open_finish;
  link_class->send = scripted_link_send;
  link_class->interrupt = scripted_link_interrupt;
  link_class->close = scripted_link_close;
}

static void
scripted_link_init (ScriptedLink *self)
{
}

ScriptedLink *
scripted_link_new (void)
{
  return g_object_new (SCRIPTED_TYPE_LINK, NULL);
}

void
scripted_link_say (ScriptedLink *self, guint8 type, guint16 sequence,
                   const guint8 *payload, gsize size)
{
  guint8 *frame = g_malloc (size + FTA_FRAME_OVERHEAD);
  g_autoptr (GBytes) bytes = NULL;

  if (size > 0)
    memcpy (frame + FTA_FRAME_HEADER, payload, size);
  bytes = g_bytes_new_take (frame, fta_frame_seal (frame, type, sequence, (guint32)size));
  fettle_link_emit_received (FETTLE_LINK (self), bytes);
}

static gsize
add_pair (guint8 *at, guint16 tag, guint32 first, guint32 second)
{
  fta_put_le16 (at, tag);
  fta_put_le16 (at + 2, 8);
  fta_put_le32 (at + 4, first);
  fta_put_le32 (at + 8, second);
  return 12;
}

gsize
scripted_link_make_hello (const ScriptedLink *self, guint8 *payload)
{
  static const guint8 tick[] = {
    FTA_TAG_TICK, 0, 12, 0, FTA_SOURCE_DWT, FTA_UNIT_CYCLES, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0
  };
  static const guint8 board[] = { FTA_TAG_BOARD, 0, 4, 0, 't', 'e', 's', 't' };
  gsize n = FTA_HELLO_REPLY_SIZE;

  memset (payload, 0, n);
  memcpy (payload, self->nonce, sizeof self->nonce);
  payload[8] = FTA_PROTOCOL_NEWEST;
  memcpy (payload + n, tick, sizeof tick);
  n += sizeof tick;
  memcpy (payload + n, board, sizeof board);
  n += sizeof board;
  n += add_pair (payload + n, FTA_TAG_IMAGE_FORMAT,
                 FRT_IMAGE_MAJOR | (guint32)FRT_IMAGE_MINOR << 16, FRT_ABI);
  n += add_pair (payload + n, FTA_TAG_ARENA, 4096, FRT_ALIGNMENT);
  n += add_pair (payload + n, FTA_TAG_IMAGE_SPACE, 65536, 0);
  return n + add_pair (payload + n, FTA_TAG_TRANSFER, 1024, 2048);
}
