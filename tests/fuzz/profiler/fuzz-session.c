/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz-session.c: a hostile board. Each input is a script of frames that it sends while a desktop opens a
 * session, uploads and runs; they are sealed, so that the damage reaches the handlers and not only the
 * checksum.
 *
 * Script: u8 type, u8 flags, u16 size, payload, and so on. */
#include "fuzz.h"
#include "scripted-link.h"
#include "tiny-image.h"

#include "profiler/session.h"
#include "runtime/frt.h"
#include "target-agent/messages.h"
#include "target-agent/wire.h"

#include <stdlib.h>
#include <string.h>

#define N_LAYERS    2
#define SIZE        64u
#define STEP_HEADER 4

enum step_flags
{
  STEP_RAW = 1,   /* the payload goes as raw bytes */
  STEP_STALE = 2, /* with a number of an earlier request */
  STEP_NONCE = 4, /* the payload begins with the session's nonce */
  STEP_RUN = 8,   /* the payload begins with the run's id */
};

/* --- the board --- */

static void
say (ScriptedLink *link, guint8 type, guint flags, const guint8 *payload, gsize size)
{
  guint16 sequence = (guint16)(link->sequence - (flags & STEP_STALE ? 3 : 0));
  g_autofree guint8 *said = g_memdup2 (payload, size);

  if (flags & STEP_RAW)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (payload, size);

      fettle_link_emit_received (FETTLE_LINK (link), bytes);
      return;
    }
  if ((flags & STEP_NONCE) && size >= sizeof link->nonce)
    memcpy (said, link->nonce, sizeof link->nonce);
  if ((flags & STEP_RUN) && size >= sizeof link->run_id)
    memcpy (said, link->run_id, sizeof link->run_id);
  scripted_link_say (link, type, sequence, said, size);
}

/* Returns the size of the step. */
static gsize
play_step (ScriptedLink *link, const guint8 *script, gsize size)
{
  gsize n;

  if (size < STEP_HEADER)
    return size;
  n = MIN (fta_get_le16 (script + 2), size - STEP_HEADER);
  say (link, script[0], script[1], script + STEP_HEADER, n);
  return STEP_HEADER + n;
}

/* --- the desktop --- */

typedef struct
{
  GBytes *image;
  guint stage;
  gboolean is_over;
} Desktop;

static void on_done (GObject *object, GAsyncResult *result, gpointer user_data);

static void
start_stage (FettleSession *session, Desktop *desktop)
{
  const FettleRunRequest request = { .repetitions = 2,
                                     .keep_checksums = TRUE,
                                     .keep_layers = desktop->stage % 2 == 0 };

  if (desktop->stage == 0)
    fettle_session_open_async (session, NULL, on_done, desktop);
  else if (desktop->stage == 1)
    fettle_session_upload_async (session, desktop->image, NULL, on_done, desktop);
  else
    fettle_session_run_async (session, &request, NULL, on_done, desktop);
}

static void
on_done (GObject *object, GAsyncResult *result, gpointer user_data)
{
  FettleSession *session = FETTLE_SESSION (object);
  Desktop *desktop = user_data;
  g_autoptr (GError) error = NULL;
  gboolean went_well;

  if (desktop->stage == 0)
    went_well = fettle_session_open_finish (session, result, &error);
  else if (desktop->stage == 1)
    went_well = fettle_session_upload_finish (session, result, &error);
  else
    {
      g_autoptr (FettleRunResult) run =
          fettle_session_run_finish (session, result, &error);

      went_well = run != NULL;
    }
  /* Every error is a sentence. */
  if (went_well != (error == NULL)
      || (error != NULL && !g_str_has_suffix (error->message, ".")))
    abort ();
  if (went_well)
    desktop->stage++;
  if (fettle_session_get_info (session) != NULL && !desktop->is_over
      && desktop->stage < 5)
    start_stage (session, desktop);
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  guint8 *image = g_malloc (1024);
  Desktop desktop = { .image = g_bytes_new_take (
                          image, tiny_image (image, 1024, N_LAYERS, SIZE)) };
  ScriptedLink *link = scripted_link_new ();
  FettleSession *session = fettle_session_new (FETTLE_LINK (link));

  start_stage (session, &desktop);
  while (size > 0)
    {
      gsize n;

      for (guint i = 0; i < 8 && g_main_context_iteration (NULL, FALSE); i++)
        ;
      n = play_step (link, bytes, size);
      bytes += n;
      size -= n;
    }
  desktop.is_over = TRUE;
  fettle_session_close (session);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (session);
  g_object_unref (link);
  g_bytes_unref (desktop.image);
  return 0;
}

/* --- seeds --- */

static size_t
add_step (uint8_t *at, uint8_t type, uint8_t flags, const void *payload, size_t size)
{
  at[0] = type;
  at[1] = flags;
  fta_put_le16 (at + 2, (uint16_t)size);
  memcpy (at + STEP_HEADER, payload, size);
  return STEP_HEADER + size;
}

static size_t
add_hello (uint8_t *at)
{
  static const ScriptedLink nobody = { 0 };
  uint8_t payload[256];
  size_t n = scripted_link_make_hello (&nobody, payload);

  return add_step (at, FTA_HELLO | FTA_FRAME_REPLY, STEP_NONCE, payload, n);
}

/* What the board has received, of all that there is. */
static size_t
add_upload (uint8_t *at)
{
  uint8_t image[1024], acknowledgement[FTA_ACKNOWLEDGE_SIZE] = { 0 };
  uint8_t end[FTA_IMAGE_REPLY_SIZE] = { N_LAYERS };
  uint8_t missing[FTA_ERROR_SIZE] = { FTA_ERROR_MISSING };
  size_t n;

  fta_put_le32 (acknowledgement + 4, 2048);
  n = add_step (at, FTA_BEGIN | FTA_FRAME_REPLY, 0, acknowledgement,
                sizeof acknowledgement);
  n += add_step (at + n, FTA_ERROR | FTA_FRAME_REPLY, 0, missing, sizeof missing);
  fta_put_le32 (acknowledgement, (uint32_t)tiny_image (image, 1024, N_LAYERS, SIZE));
  n += add_step (at + n, FTA_DATA | FTA_FRAME_REPLY, 0, acknowledgement,
                 sizeof acknowledgement);
  fta_put_le32 (end + 8, SIZE);
  fta_put_le32 (end + 12, SIZE);
  return n + add_step (at + n, FTA_END | FTA_FRAME_REPLY, 0, end, sizeof end);
}

static size_t
add_run (uint8_t *at)
{
  uint8_t layers[FTA_LAYERS_SIZE + 2 * FTA_RECORD_SIZE] = { [6] = 2, [8] = 1, [32] = 1 };
  uint8_t tensor[FTA_TENSOR_SIZE + SIZE] = { [12] = SIZE };
  uint8_t checksum[FTA_CHECKSUM_SIZE] = { 0 }, done[FTA_DONE_SIZE] = { 0 };
  uint8_t output[FTA_FETCH_REPLY_SIZE + SIZE] = { 0 };
  size_t n = add_step (at, FTA_LAYERS, STEP_RUN, layers, sizeof layers);

  for (uint8_t i = 0; i < N_LAYERS; i++)
    {
      tensor[4] = checksum[4] = i;
      n += add_step (at + n, FTA_TENSOR, STEP_RUN, tensor, sizeof tensor);
      n += add_step (at + n, FTA_CHECKSUM, STEP_RUN, checksum, sizeof checksum);
    }
  fta_put_le32 (done + 12, frt_crc32 (0, output, SIZE));
  fta_put_le32 (done + 16, SIZE);
  n += add_step (at + n, FTA_RUN | FTA_FRAME_REPLY, STEP_RUN, done, sizeof done);
  return n + add_step (at + n, FTA_FETCH | FTA_FRAME_REPLY, 0, output, sizeof output);
}

size_t
fuzz_seed (unsigned index, uint8_t *buffer, size_t capacity)
{
  const uint8_t refused[FTA_ERROR_SIZE + 3] = {
    FTA_ERROR_VERSION, 0, 0, 0, 2, 3, 0, 0, 'o', 'l', 'd'
  };
  const uint8_t log[] = "\1a line";
  size_t n;

  if (index >= 3)
    return 0;
  if (index == 2)
    return add_step (buffer, FTA_ERROR | FTA_FRAME_REPLY, 0, refused, sizeof refused);
  n = add_hello (buffer);
  n += add_step (buffer + n, FTA_LOG, 0, log, sizeof log);
  n += add_upload (buffer + n);
  n += add_run (buffer + n);
  return index == 0 ? n : n + add_run (buffer + n);
}
