/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session-upload.c: images and inputs to the board, a window ahead of what it has acknowledged. */
#include "profiler/session-private.h"

#include "runtime/frt_format.h"

#include <string.h>

/* Without any progress for so long, what is in flight is sent again. */
#define REPEAT_US       G_TIME_SPAN_SECOND
#define LOSSY_REPEAT_US (G_TIME_SPAN_MILLISECOND * 100)
#define LARGEST_CHUNK   8192
#define LOSSY_CHUNK     1024
/* Meanwhile a board validates an image. */
#define END_REPEAT_MS   500
#define END_ALLOWED_MS  20000
#define SMALLEST_CHUNK  32
#define WINDOW_AT_LEAST 64
/* A record has 16 bits for the layer, and one number is taken. */
#define MOST_LAYERS (FTA_WHOLE_INFERENCE - 1)
/* After a loss. Chunks grow again when so many flights have come completely. */
#define CHUNKS_IN_FLIGHT 4
#define GOOD_FLIGHTS     3
/* A virtual board says nothing between frames; its process is known to live. */
#define VIRTUAL_ALLOWED_MS 20000

static guint32
total (FettleOperation *operation)
{
  return (guint32)g_bytes_get_size (operation->bytes);
}

static void
send_chunk (FettleSession *self, guint32 offset, guint32 size)
{
  const guint8 *data = g_bytes_get_data (self->operation->bytes, NULL);
  guint8 payload[FTA_DATA_SIZE + LARGEST_CHUNK];

  fta_put_le32 (payload, offset);
  memcpy (payload + FTA_DATA_SIZE, data + offset, size);
  fettle_session_request (self, FTA_DATA, payload, FTA_DATA_SIZE + size);
}

/* An empty chunk brings nothing new, so the board says what it has. Sent twice: in a link that loses
 * bytes, waiting for an answer that does not come costs more. */
static void
send_probe (FettleSession *self)
{
  FettleOperation *operation = self->operation;

  send_chunk (self, operation->acknowledged, 0);
  send_chunk (self, operation->acknowledged, 0);
}

static void
send_end (FettleSession *self)
{
  if (self->operation->end_sent)
    return;
  self->operation->end_sent = TRUE;
  self->operation->repeat_ms = END_REPEAT_MS;
  self->operation->allowed_ms = MAX (self->operation->allowed_ms, END_ALLOWED_MS);
  fettle_session_request (self, FTA_END, NULL, 0);
}

static void
send_what_fits (FettleSession *self)
{
  FettleOperation *operation = self->operation;
  guint32 ahead = operation->is_careful ? operation->flight : operation->window;
  guint32 end =
      MIN (total (operation), operation->acknowledged + MIN (ahead, operation->window));

  while (operation->sent < end)
    {
      guint32 size = MIN (operation->chunk, end - operation->sent);

      send_chunk (self, operation->sent, size);
      operation->sent += size;
    }
  operation->probe_sequence = self->sequence;
  if (operation->acknowledged == total (operation))
    send_end (self);
  else if (operation->is_careful)
    send_probe (self);
}

/* --- after a loss --- */

static void
set_chunk (FettleOperation *operation, guint32 chunk)
{
  operation->chunk = CLAMP (chunk, SMALLEST_CHUNK, operation->largest_chunk);
  operation->flight = CHUNKS_IN_FLIGHT * operation->chunk;
  operation->n_good = 0;
}

static void
go_back (FettleSession *self, guint32 offset)
{
  FettleOperation *operation = self->operation;

  self->retries++;
  operation->is_careful = TRUE;
  set_chunk (operation, operation->chunk / 2);
  operation->acknowledged = operation->sent = offset;
  operation->end_sent = FALSE;
  operation->progress_time = g_get_monotonic_time ();
  send_what_fits (self);
}

/* All of a flight has come. */
static void
grow_confident (FettleOperation *operation)
{
  if (++operation->n_good < GOOD_FLIGHTS)
    return;
  operation->is_careful = operation->chunk < operation->largest_chunk;
  set_chunk (operation, 2 * operation->chunk);
}

/* The answer to a probe, which was sent behind all chunks in flight. */
static void
on_probed (FettleSession *self, guint32 offset)
{
  FettleOperation *operation = self->operation;

  operation->n_unanswered = 0;
  if (offset < operation->sent)
    {
      go_back (self, offset);
      return;
    }
  grow_confident (operation);
  operation->acknowledged = operation->sent = offset;
  send_what_fits (self);
}

/* --- the board's answers --- */

static void
take_offset (FettleSession *self, const fta_frame *frame, guint32 offset)
{
  FettleOperation *operation = self->operation;
  gboolean is_chunk = frame->type == (FTA_DATA | FTA_FRAME_REPLY);

  if (operation->is_careful && (gint16)(frame->sequence - operation->probe_sequence) < 0)
    return; /* of a chunk before the probe */
  if (is_chunk && !operation->is_careful && offset <= operation->acknowledged)
    return; /* of a repeated chunk */
  if (!is_chunk && operation->sent > 0)
    return; /* of a BEGIN that was repeated */
  operation->progress_time = g_get_monotonic_time ();
  if (operation->is_careful)
    {
      on_probed (self, offset);
      return;
    }
  operation->acknowledged = offset;
  operation->sent = MAX (operation->sent, offset);
  send_what_fits (self);
}

static void
on_acknowledge (FettleSession *self, const fta_frame *frame)
{
  FettleOperation *operation = self->operation;
  guint32 offset, window;

  if (frame->length != FTA_ACKNOWLEDGE_SIZE)
    {
      fettle_session_fail_protocol (self, "a damaged acknowledgement");
      return;
    }
  offset = fta_get_le32 (frame->payload);
  window = fta_get_le32 (frame->payload + 4);
  if (offset > total (operation) || window < WINDOW_AT_LEAST)
    {
      fettle_session_fail_protocol (self, "an impossible acknowledgement");
      return;
    }
  if (operation->window == 0)
    {
      operation->largest_chunk =
          MIN (operation->largest_chunk, MAX (window / 4, SMALLEST_CHUNK));
      operation->chunk = operation->largest_chunk;
    }
  operation->window = window;
  take_offset (self, frame, offset);
  if (self->operation == operation && operation->upload_kind == FTA_UPLOAD_IMAGE)
    g_signal_emit_by_name (self, "progress",
                           (double)operation->acknowledged / total (operation));
}

static void
on_end (FettleSession *self, const fta_frame *frame)
{
  FettleOperation *operation = self->operation;

  if (operation->upload_kind == FTA_UPLOAD_IMAGE)
    {
      if (frame->length < FTA_IMAGE_REPLY_SIZE)
        {
          fettle_session_fail_protocol (self, "a short answer to an upload");
          return;
        }
      if (fta_get_le32 (frame->payload)
          > MIN (total (operation) / sizeof (struct frt_operator), MOST_LAYERS))
        {
          fettle_session_fail_protocol (self, "an impossible number of layers");
          return;
        }
      self->has_model = TRUE;
      self->n_layers = fta_get_le32 (frame->payload);
      self->input_size = fta_get_le32 (frame->payload + 8);
    }
  operation->uploaded (self);
}

static void
on_upload_frame (FettleSession *self, const fta_frame *frame)
{
  if (frame->type == (FTA_BEGIN | FTA_FRAME_REPLY)
      || frame->type == (FTA_DATA | FTA_FRAME_REPLY))
    on_acknowledge (self, frame);
  else if (frame->type == (FTA_END | FTA_FRAME_REPLY))
    on_end (self, frame);
}

static gboolean
on_upload_error (FettleSession *self, const fta_frame *frame)
{
  FettleOperation *operation = self->operation;
  guint32 offset = fta_get_le32 (frame->payload + 4);

  if (fta_get_le16 (frame->payload) != FTA_ERROR_MISSING || offset > total (operation))
    return FALSE;
  /* With a probe under way, its answer says the same. */
  if (!operation->is_careful || operation->end_sent)
    go_back (self, offset);
  return TRUE;
}

static gint64
patience (FettleSession *self)
{
  const FettleOperation *operation = self->operation;
  gint64 first = fettle_link_loses_bytes (self->link) ? LOSSY_REPEAT_US : REPEAT_US;

  return first << MIN (operation->n_unanswered, 3);
}

static void
on_upload_tick (FettleSession *self, gint64 now)
{
  FettleOperation *operation = self->operation;

  if (operation->sent == operation->acknowledged
      || now - operation->progress_time <= patience (self))
    return;
  if (!operation->is_careful)
    {
      go_back (self, operation->acknowledged);
      return;
    }
  self->retries++;
  operation->n_unanswered++;
  operation->progress_time = now;
  send_probe (self);
}

void
fettle_session_start_upload (FettleSession *self, guint8 kind, GBytes *bytes,
                             void (*uploaded) (FettleSession *self))
{
  FettleOperation *operation = self->operation;
  guint8 payload[FTA_BEGIN_SIZE] = { kind };
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);

  operation->bytes = g_bytes_ref (bytes);
  operation->upload_kind = kind;
  operation->uploaded = uploaded;
  operation->largest_chunk =
      MIN (self->largest_payload - FTA_DATA_SIZE,
           fettle_link_loses_bytes (self->link) ? LOSSY_CHUNK : LARGEST_CHUNK);
  operation->on_frame = on_upload_frame;
  operation->on_error = on_upload_error;
  operation->on_tick = on_upload_tick;
  operation->allowed_ms = self->silence_ms > 0 ? self->silence_ms : VIRTUAL_ALLOWED_MS;
  fta_put_le32 (payload + 4, (guint32)size);
  fta_put_le32 (payload + 8, frt_crc32 (0, data, size));
  fettle_session_request (self, FTA_BEGIN, payload, sizeof payload);
}

/* --- the image as an operation of its own --- */

static void
on_image_uploaded (FettleSession *self)
{
  fettle_session_succeed (self, NULL, NULL);
}

/* Told before an upload, not after. */
static GError *
check_image (FettleSession *self, GBytes *image)
{
  const struct frt_image_header *header;
  gsize size = g_bytes_get_size (image);

  if (!self->has_info)
    return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED,
                                "The board is not connected; open the session first.");
  if (size > self->info.image_bytes)
    return g_error_new (FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_REFUSED,
                        "The model has %" G_GSIZE_FORMAT
                        " bytes and the board has room for %" G_GUINT64_FORMAT
                        "; choose a smaller model or a larger board.",
                        size, self->info.image_bytes);
  if (size < sizeof *header)
    return NULL; /* the board says what is wrong with it */
  header = g_bytes_get_data (image, NULL);
  if (header->magic == FRT_MAGIC
      && (header->major != self->info.image_major
          || header->minor > self->info.image_minor))
    return g_error_new (
        FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_REFUSED,
        "The model is in image format %u.%u and the board reads up to %u.%u; "
        "update the board's agent.",
        header->major, header->minor, self->info.image_major, self->info.image_minor);
  return NULL;
}

void
fettle_session_upload_async (FettleSession *self, GBytes *image,
                             GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  FettleOperation *operation;
  GError *error;

  g_return_if_fail (FETTLE_IS_SESSION (self));
  g_return_if_fail (image != NULL);
  operation =
      fettle_session_begin (self, g_task_new (self, cancellable, callback, user_data));
  if (operation == NULL)
    return;
  error = check_image (self, image);
  if (error != NULL)
    {
      fettle_session_fail (self, error);
      return;
    }
  self->has_model = FALSE;
  fettle_session_start_upload (self, FTA_UPLOAD_IMAGE, image, on_image_uploaded);
}

gboolean
fettle_session_upload_finish (FettleSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
