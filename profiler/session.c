/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session.c: frames to and from a board, one operation at a time, and the silence allowed. */
#include "profiler/session-private.h"

#include <string.h>

G_DEFINE_TYPE (FettleSession, fettle_session, G_TYPE_OBJECT)

enum
{
  PROGRESS,
  MEASURED,
  OUTPUT,
  LOST,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* On a link that loses bytes: silence on it for so long is no answer. */
#define REPEAT_MS     60
#define LOSSY_TICK_MS 50
/* Old replies need not be told from new ones after so many requests. */
#define LONG_AGO 0x4000

static void on_lost (FettleLink *link, const GError *reason, FettleSession *self);

/* --- operations --- */

static void
free_operation (FettleOperation *operation)
{
  if (operation->cancel_source != NULL)
    {
      g_source_destroy (operation->cancel_source);
      g_source_unref (operation->cancel_source);
    }
  g_clear_pointer (&operation->request, g_bytes_unref);
  g_clear_pointer (&operation->bytes, g_bytes_unref);
  g_clear_pointer (&operation->wanted.input, g_bytes_unref);
  g_clear_object (&operation->trace);
  g_clear_pointer (&operation->checksums, g_array_unref);
  g_clear_pointer (&operation->have_checksum, g_array_unref);
  g_clear_pointer (&operation->output, g_byte_array_unref);
  g_clear_pointer (&operation->layers, g_ptr_array_unref);
  g_object_unref (operation->task);
  g_free (operation);
}

void
fettle_session_fail_cancelled (FettleSession *self)
{
  fettle_session_fail (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                                  "The operation was cancelled."));
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  FettleSession *self = user_data;
  FettleOperation *operation = self->operation;

  if (operation == NULL || operation->cancelling)
    return G_SOURCE_REMOVE;
  if (operation->on_cancel == NULL)
    {
      fettle_session_fail_cancelled (self);
      return G_SOURCE_REMOVE;
    }
  operation->cancelling = TRUE;
  operation->on_cancel (self);
  return G_SOURCE_REMOVE;
}

FettleOperation *
fettle_session_begin (FettleSession *self, GTask *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  FettleOperation *operation;

  if (self->operation != NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING,
                               "The board is busy with something else.");
      g_object_unref (task);
      return NULL;
    }
  if (self->lost != NULL)
    {
      g_task_return_error (task, g_error_copy (self->lost));
      g_object_unref (task);
      return NULL;
    }
  g_task_set_check_cancellable (task, FALSE);
  operation = g_new0 (FettleOperation, 1);
  operation->task = task;
  operation->first_sequence = self->sequence;
  operation->repeat_ms = REPEAT_MS;
  operation->progress_time = self->last_heard = g_get_monotonic_time ();
  if (cancellable != NULL)
    {
      operation->cancel_source = g_cancellable_source_new (cancellable);
      g_source_set_callback (operation->cancel_source, G_SOURCE_FUNC (on_cancelled), self,
                             NULL);
      g_source_attach (operation->cancel_source, self->context);
    }
  self->operation = operation;
  return operation;
}

void
fettle_session_succeed (FettleSession *self, gpointer result, GDestroyNotify free)
{
  FettleOperation *operation = g_steal_pointer (&self->operation);

  if (result != NULL)
    g_task_return_pointer (operation->task, result, free);
  else
    g_task_return_boolean (operation->task, TRUE);
  free_operation (operation);
}

void
fettle_session_fail (FettleSession *self, GError *error)
{
  FettleOperation *operation = g_steal_pointer (&self->operation);

  g_task_return_error (operation->task, error);
  free_operation (operation);
}

/* The link tells, through its signal, everybody. */
void
fettle_session_give_up (FettleSession *self, GError *reason)
{
  g_autoptr (GError) owned = reason;
  g_autoptr (FettleSession) alive = g_object_ref (self);

  on_lost (self->link, owned, self);
  fettle_link_close (self->link);
}

void
fettle_session_fail_protocol (FettleSession *self, const char *what)
{
  fettle_session_give_up (
      self, g_error_new (FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_PROTOCOL,
                         "The board sent something that makes no sense (%s); connect "
                         "again.",
                         what));
}

/* --- frames --- */

static GBytes *
seal (guint8 type, guint16 sequence, const guint8 *payload, gsize size)
{
  guint8 *frame = g_malloc (size + FTA_FRAME_OVERHEAD);

  if (size > 0)
    memcpy (frame + FTA_FRAME_HEADER, payload, size);
  return g_bytes_new_take (frame, fta_frame_seal (frame, type, sequence, (guint32)size));
}

static void
send_frame (FettleSession *self, GBytes *frame)
{
  self->last_sent = g_get_monotonic_time ();
  fettle_link_send (self->link, frame);
}

/* DATA is repeated by the upload, which knows what has come. */
static void
remember_request (FettleSession *self, guint8 type, GBytes *frame)
{
  FettleOperation *operation = self->operation;

  if (operation == NULL)
    return;
  g_clear_pointer (&operation->request, g_bytes_unref);
  if (type != FTA_DATA)
    operation->request = g_bytes_ref (frame);
  operation->request_time = self->last_sent;
  if ((guint16)(self->sequence - operation->first_sequence) > LONG_AGO)
    operation->first_sequence += LONG_AGO / 2;
}

guint16
fettle_session_request (FettleSession *self, guint8 type, const guint8 *payload,
                        gsize size)
{
  guint16 sequence = self->sequence++;
  g_autoptr (GBytes) frame = seal (type, sequence, payload, size);

  send_frame (self, frame);
  remember_request (self, type, frame);
  return sequence;
}

/* Takes no number of its own: nothing waits for the answer, and a run may last for days. */
static void
send_ping (FettleSession *self)
{
  g_autoptr (GBytes) frame = seal (FTA_PING, self->sequence - 1, NULL, 0);

  send_frame (self, frame);
}

static void
repeat_request (FettleSession *self, gint64 now)
{
  FettleOperation *operation = self->operation;
  gint64 patience = operation->repeat_ms * G_TIME_SPAN_MILLISECOND;

  /* What is being received may be the answer; PING's answers are not. */
  if (operation->request == NULL
      || (now - MAX (self->last_heard, operation->request_time) <= patience
          && now - operation->request_time <= MAX (G_TIME_SPAN_SECOND, patience)))
    return;
  self->retries++;
  operation->request_time = now;
  send_frame (self, operation->request);
}

static gboolean
is_stale (FettleSession *self, const fta_frame *frame)
{
  guint16 first = self->operation->first_sequence;

  return (guint16)(frame->sequence - first) >= (guint16)(self->sequence - first);
}

static void
handle_error (FettleSession *self, const fta_frame *frame)
{
  GError *error = fettle_session_describe_error (self, frame);

  if (fta_get_le16 (frame->payload) == FTA_ERROR_NO_SESSION && self->has_info)
    fettle_session_give_up (self, error);
  else if (self->operation != NULL && !is_stale (self, frame))
    fettle_session_fail (self, error);
  else
    g_error_free (error);
}

static void
handle_frame (FettleSession *self, const fta_frame *frame)
{
  FettleOperation *operation = self->operation;

  if (frame->type == (FTA_ERROR | FTA_FRAME_REPLY))
    {
      if (frame->length < FTA_ERROR_SIZE)
        fettle_session_fail_protocol (self, "a short ERROR");
      else if (operation == NULL || operation->on_error == NULL || is_stale (self, frame)
               || !operation->on_error (self, frame))
        handle_error (self, frame);
      return;
    }
  if (frame->type == FTA_LOG && frame->length > 0)
    {
      g_debug ("board: %.*s", (int)frame->length - 1, (const char *)frame->payload + 1);
      return;
    }
  if (frame->type == (FTA_PING | FTA_FRAME_REPLY) || operation == NULL)
    return;
  if ((frame->type & FTA_FRAME_REPLY) && is_stale (self, frame))
    return;
  operation->on_frame (self, frame);
}

static void
reset_parser (FettleSession *self)
{
  fta_parser_init (&self->parser, self->receive,
                   FETTLE_LARGEST_PAYLOAD + FTA_FRAME_OVERHEAD);
}

static void
on_received (FettleLink *link, GBytes *bytes, FettleSession *self)
{
  g_autoptr (FettleSession) alive = g_object_ref (self);
  gsize size, at = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  gboolean go_on = TRUE;

  self->last_heard = g_get_monotonic_time ();
  /* Nothing of a damaged frame can be waited for: it would swallow the next one. */
  if (fettle_link_loses_bytes (link))
    reset_parser (self);
  while (go_on && self->lost == NULL)
    {
      fta_frame frame;
      bool complete;

      at += fta_parser_feed (&self->parser, data + at, size - at, &frame, &complete);
      if (complete)
        handle_frame (self, &frame);
      go_on = complete;
    }
}

/* --- time --- */

static guint
allowed_silence (FettleSession *self)
{
  if (self->operation != NULL)
    return self->operation->allowed_ms;
  /* Between operations only a board that answers PING is expected to say anything. */
  return self->silence_ms;
}

static gboolean
on_timer (gpointer user_data)
{
  FettleSession *self = user_data;
  g_autoptr (FettleSession) alive = g_object_ref (self);
  gint64 now = g_get_monotonic_time ();
  guint allowed = allowed_silence (self);
  gboolean late = now - self->last_tick > 2 * FTA_HEARTBEAT_MS * G_TIME_SPAN_MILLISECOND;

  self->last_tick = now;
  /* When this program was held up, what the board said is still unread. */
  if (late)
    self->last_heard = now;
  if (allowed > 0 && now - self->last_heard > allowed * G_TIME_SPAN_MILLISECOND)
    {
      fettle_session_give_up (
          self, g_error_new (FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_SILENT,
                             "The board has not answered for %u seconds; connect again.",
                             allowed / 1000));
      return G_SOURCE_REMOVE;
    }
  if (self->operation != NULL && self->operation->on_tick != NULL)
    self->operation->on_tick (self, now);
  if (self->operation != NULL && fettle_link_loses_bytes (self->link))
    repeat_request (self, now);
  if (self->silence_ms > 0
      && now - self->last_sent >= FTA_HEARTBEAT_MS * G_TIME_SPAN_MILLISECOND)
    send_ping (self);
  return G_SOURCE_CONTINUE;
}

/* --- the link's end --- */

static void
on_lost (FettleLink *link, const GError *reason, FettleSession *self)
{
  g_autoptr (FettleSession) alive = g_object_ref (self);

  if (self->lost != NULL)
    return;
  self->lost = g_error_copy (reason);
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  if (self->operation != NULL)
    fettle_session_fail (self, g_error_copy (reason));
  g_signal_emit (self, signals[LOST], 0, self->lost);
}

void
fettle_session_close (FettleSession *self)
{
  g_return_if_fail (FETTLE_IS_SESSION (self));
  if (self->has_info && self->lost == NULL)
    fettle_session_request (self, FTA_GOODBYE, NULL, 0);
  fettle_link_close (self->link);
}

/* --- the object --- */

static void
fettle_session_dispose (GObject *object)
{
  FettleSession *self = FETTLE_SESSION (object);

  if (self->link != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->link, self);
      fettle_link_close (self->link);
    }
  g_clear_object (&self->link);
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  G_OBJECT_CLASS (fettle_session_parent_class)->dispose (object);
}

static void
fettle_session_finalize (GObject *object)
{
  FettleSession *self = FETTLE_SESSION (object);

  g_clear_error (&self->lost);
  g_free (self->receive);
  fettle_board_info_clear (&self->info);
  g_main_context_unref (self->context);
  G_OBJECT_CLASS (fettle_session_parent_class)->finalize (object);
}

static void
fettle_session_class_init (FettleSessionClass *class)
{
  GType type = G_TYPE_FROM_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = fettle_session_dispose;
  G_OBJECT_CLASS (class)->finalize = fettle_session_finalize;
  signals[PROGRESS] = g_signal_new ("progress", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);
  signals[MEASURED] = g_signal_new ("measured", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 1, FETTLE_TYPE_TRACE);
  signals[OUTPUT] = g_signal_new ("output", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[LOST] = g_signal_new ("lost", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
fettle_session_init (FettleSession *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->receive = g_malloc (FETTLE_LARGEST_PAYLOAD + FTA_FRAME_OVERHEAD);
  reset_parser (self);
  self->last_tick = self->last_heard = self->last_sent = g_get_monotonic_time ();
}

FettleSession *
fettle_session_new (FettleLink *link)
{
  FettleSession *self;

  g_return_val_if_fail (FETTLE_IS_LINK (link), NULL);
  self = g_object_new (FETTLE_TYPE_SESSION, NULL);
  self->link = g_object_ref (link);
  g_signal_connect (link, "received", G_CALLBACK (on_received), self);
  g_signal_connect (link, "lost", G_CALLBACK (on_lost), self);
  self->timer = g_timeout_source_new (fettle_link_loses_bytes (link) ? LOSSY_TICK_MS
                                                                     : FTA_HEARTBEAT_MS);
  g_source_set_callback (self->timer, on_timer, self, NULL);
  g_source_attach (self->timer, self->context);
  return self;
}

guint64
fettle_session_get_retries (FettleSession *self)
{
  g_return_val_if_fail (FETTLE_IS_SESSION (self), 0);
  return self->retries;
}

const FettleBoardInfo *
fettle_session_get_info (FettleSession *self)
{
  g_return_val_if_fail (FETTLE_IS_SESSION (self), NULL);
  return self->has_info ? &self->info : NULL;
}
