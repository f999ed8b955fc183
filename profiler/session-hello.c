/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session-hello.c: opening a session, what the board says of itself, and what its errors mean. */
#include "profiler/session-private.h"

#include "profiler/link-virtual.h"

#include <string.h>

/* QEMU may take its time to start on a busy machine. */
#define HELLO_ALLOWED_MS 20000

void
fettle_board_info_clear (FettleBoardInfo *info)
{
  g_clear_pointer (&info->agent, g_free);
  g_clear_pointer (&info->board, g_free);
  g_clear_pointer (&info->core, g_free);
  g_clear_pointer (&info->unique_id, g_free);
  g_clear_pointer (&info->kernels, g_free);
}

static char *
read_text (const guint8 *bytes, gsize size)
{
  return g_utf8_make_valid ((const char *)bytes, (gssize)size);
}

/* --- errors --- */

static GError *refused (const char *format, ...) G_GNUC_PRINTF (1, 2);

static GError *
refused (const char *format, ...)
{
  va_list arguments;
  GError *error;

  va_start (arguments, format);
  error = g_error_new_valist (FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_REFUSED, format,
                              arguments);
  va_end (arguments);
  return error;
}

static GError *
describe_versions (guint oldest, guint newest)
{
  const char *remedy = oldest > FTA_PROTOCOL_NEWEST
                           ? "install a newer Fettle, or flash the board with the agent "
                             "of this one"
                           : "flash the board with the agent of this Fettle";

  return g_error_new (
      FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_PROTOCOL,
      "The board's agent speaks protocol %u to %u and this Fettle %u to %u; "
      "%s.",
      oldest, newest, FTA_PROTOCOL_OLDEST, FTA_PROTOCOL_NEWEST, remedy);
}

GError *
fettle_session_describe_error (FettleSession *self, const fta_frame *frame)
{
  guint32 detail = fta_get_le32 (frame->payload + 4);
  g_autofree char *text =
      read_text (frame->payload + FTA_ERROR_SIZE, frame->length - FTA_ERROR_SIZE);

  /* Some of the board's texts are sentences already. */
  if (g_str_has_suffix (text, "."))
    text[strlen (text) - 1] = '\0';
  switch (fta_get_le16 (frame->payload))
    {
    case FTA_ERROR_VERSION:
      return describe_versions (detail & 0xFF, detail >> 8 & 0xFF);
    case FTA_ERROR_NO_SESSION:
      return g_error_new_literal (
          FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_SILENT,
          "The board ended the session because it heard nothing for "
          "2 seconds; connect again.");
    case FTA_ERROR_ABORTED:
      return g_error_new_literal (FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_ABORTED,
                                  "The run was ended on request.");
    case FTA_ERROR_IMAGE:
      return refused ("The board refused the model at byte %u: %s.", detail, text);
    case FTA_ERROR_ARENA:
      return refused (
          "The model needs an arena of %u bytes and the board has %" G_GUINT64_FORMAT
          "; choose a smaller model or a larger board.",
          detail, self->info.arena_bytes);
    case FTA_ERROR_TOO_LARGE:
      return refused (
          "The board has room for %u bytes, which is too little; choose a smaller "
          "model or a larger board.",
          detail);
    case FTA_ERROR_INPUT:
      return refused ("The model's inputs take %u bytes; give it exactly as many.",
                      detail);
    default:
      return refused ("The board refused the request: %s.", text);
    }
}

/* --- HELLO --- */

static void
set_text (char **place, const guint8 *value, gsize size)
{
  g_free (*place);
  *place = read_text (value, size);
}

static void
read_tick (FettleBoardInfo *info, const guint8 *value)
{
  guint32 denominator = fta_get_le32 (value + 8);

  info->unit = value[1] == FTA_UNIT_CYCLES         ? FETTLE_UNIT_CYCLES
               : value[1] == FTA_UNIT_INSTRUCTIONS ? FETTLE_UNIT_INSTRUCTIONS
                                                   : FETTLE_UNIT_NANOSECONDS;
  if (denominator > 0)
    info->units_per_tick = (double)fta_get_le32 (value + 4) / denominator;
}

static void
read_numbers (FettleSession *self, guint tag, const guint8 *value)
{
  FettleBoardInfo *info = &self->info;
  guint32 first = fta_get_le32 (value), second = fta_get_le32 (value + 4);

  switch (tag)
    {
    case FTA_TAG_CLOCK:
      info->clock_hz = first;
      break;
    case FTA_TAG_IMAGE_FORMAT:
      info->image_major = first & 0xFFFF;
      info->image_minor = first >> 16;
      info->runtime_abi = second;
      break;
    case FTA_TAG_ARENA:
      info->arena_bytes = first;
      break;
    case FTA_TAG_IMAGE_SPACE:
      info->image_bytes = first;
      break;
    case FTA_TAG_TRANSFER:
      self->largest_payload = MIN (first, FETTLE_LARGEST_PAYLOAD);
      break;
    case FTA_TAG_SILENCE:
      self->silence_ms = first;
      break;
    case FTA_TAG_VERIFIED:
      info->verified_on_hardware = first != 0;
      break;
    default:
      break; /* of a newer agent */
    }
}

static void
read_field (FettleSession *self, guint tag, const guint8 *value, gsize size)
{
  FettleBoardInfo *info = &self->info;

  if (tag == FTA_TAG_AGENT)
    set_text (&info->agent, value, size);
  else if (tag == FTA_TAG_BOARD)
    set_text (&info->board, value, size);
  else if (tag == FTA_TAG_CORE)
    {
      set_text (&info->core, value, size);
      info->target = fettle_board_target_of_core (info->core);
    }
  else if (tag == FTA_TAG_UNIQUE_ID)
    set_text (&info->unique_id, value, size);
  else if (tag == FTA_TAG_KERNELS)
    set_text (&info->kernels, value, size);
  else if (tag == FTA_TAG_TICK && size >= 12)
    read_tick (info, value);
  else if (size >= 8)
    read_numbers (self, tag, value);
}

/* FALSE if the fields do not fill the payload exactly or one that is needed is absent. */
static gboolean
read_fields (FettleSession *self, const fta_frame *frame)
{
  guint32 at = FTA_HELLO_REPLY_SIZE;

  while (at < frame->length)
    {
      guint32 size;

      if (frame->length - at < FTA_TAG_HEADER)
        return FALSE;
      size = fta_get_le16 (frame->payload + at + 2);
      if (size > frame->length - at - FTA_TAG_HEADER)
        return FALSE;
      read_field (self, fta_get_le16 (frame->payload + at),
                  frame->payload + at + FTA_TAG_HEADER, size);
      at += FTA_TAG_HEADER + size;
    }
  return self->largest_payload >= 64 && self->info.units_per_tick > 0
         && self->info.board != NULL;
}

static void
on_hello_frame (FettleSession *self, const fta_frame *frame)
{
  if (frame->type != (FTA_HELLO | FTA_FRAME_REPLY))
    return;
  if (frame->length < FTA_HELLO_REPLY_SIZE)
    {
      fettle_session_fail_protocol (self, "a short HELLO");
      return;
    }
  if (fta_get_le64 (frame->payload) != self->nonce)
    return; /* of an earlier session */
  if (frame->payload[8] < FTA_PROTOCOL_OLDEST || frame->payload[8] > FTA_PROTOCOL_NEWEST)
    {
      fettle_session_give_up (self,
                              describe_versions (frame->payload[8], frame->payload[8]));
      return;
    }
  if (!read_fields (self, frame))
    {
      fettle_session_fail_protocol (self, "a damaged HELLO");
      return;
    }
  self->has_info = TRUE;
  fettle_session_succeed (self, NULL, NULL);
}

static void
say_hello (FettleSession *self)
{
  guint8 payload[FTA_HELLO_SIZE];

  self->nonce = (guint64)g_random_int () << 32 | g_random_int ();
  fta_put_le64 (payload, self->nonce);
  payload[8] = FTA_PROTOCOL_OLDEST;
  payload[9] = FTA_PROTOCOL_NEWEST;
  fta_put_le16 (payload + 10, FETTLE_IS_LINK_VIRTUAL (self->link) ? FTA_HELLO_ICOUNT : 0);
  fettle_session_request (self, FTA_HELLO, payload, sizeof payload);
}

static void
on_link_opened (GObject *link, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FettleSession) self = user_data;
  GError *error = NULL;

  if (!fettle_link_open_finish (FETTLE_LINK (link), result, &error))
    {
      fettle_session_give_up (self, error);
      return;
    }
  if (self->lost == NULL)
    say_hello (self);
}

static void
on_open_cancelled (FettleSession *self)
{
  fettle_session_fail_cancelled (self);
  fettle_session_close (self);
}

void
fettle_session_open_async (FettleSession *self, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  FettleOperation *operation;

  g_return_if_fail (FETTLE_IS_SESSION (self));
  operation =
      fettle_session_begin (self, g_task_new (self, cancellable, callback, user_data));
  if (operation == NULL)
    return;
  operation->allowed_ms = HELLO_ALLOWED_MS;
  operation->on_frame = on_hello_frame;
  operation->on_cancel = on_open_cancelled;
  fettle_link_open_async (self->link, cancellable, on_link_opened, g_object_ref (self));
}

gboolean
fettle_session_open_finish (FettleSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
