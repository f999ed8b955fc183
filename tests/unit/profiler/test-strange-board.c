/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-strange-board.c: boards of other versions, and boards whose answers cannot be. */
#include "scripted-link.h"
#include "session-steps.h"

#include "target-agent/messages.h"
#include "target-agent/wire.h"

#include <string.h>

#define REPLY FTA_FRAME_REPLY

typedef struct
{
  ScriptedLink *link;
  FettleSession *session;
  GAsyncResult *result;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->link = scripted_link_new ();
  fixture->session = fettle_session_new (FETTLE_LINK (fixture->link));
  fettle_session_open_async (fixture->session, NULL, steps_store, &fixture->result);
  STEPS_WAIT_FOR (fixture->link->type == FTA_HELLO);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  fettle_session_close (fixture->session);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&fixture->result);
  g_object_unref (fixture->session);
  g_object_unref (fixture->link);
}

static void
reply (Fixture *fixture, const guint8 *payload, gsize size)
{
  scripted_link_say (fixture->link, fixture->link->type | REPLY, fixture->link->sequence,
                     payload, size);
}

static GAsyncResult *
await (Fixture *fixture)
{
  STEPS_WAIT_FOR (fixture->result != NULL);
  return g_steal_pointer (&fixture->result);
}

static void
open_session (Fixture *fixture)
{
  guint8 payload[256];
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  reply (fixture, payload, scripted_link_make_hello (fixture->link, payload));
  result = await (fixture);
  fettle_session_open_finish (fixture->session, result, &error);
  g_assert_no_error (error);
}

/* What the desktop says to a board that speaks versions OLDEST to NEWEST. */
static char *
refuse (Fixture *fixture, guint8 oldest, guint8 newest)
{
  guint8 payload[FTA_ERROR_SIZE] = { FTA_ERROR_VERSION, 0, 0, 0, oldest, newest };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  scripted_link_say (fixture->link, FTA_ERROR | REPLY, fixture->link->sequence, payload,
                     sizeof payload);
  result = await (fixture);
  g_assert_false (fettle_session_open_finish (fixture->session, result, &error));
  g_assert_error (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_PROTOCOL);
  return g_strdup (error->message);
}

static void
test_newer (Fixture *fixture, gconstpointer data)
{
  g_autofree char *says = refuse (fixture, 2, 3);

  g_assert_cmpstr (
      says, ==,
      "The board's agent speaks protocol 2 to 3 and this Fettle 1 to 1; "
      "install a newer Fettle, or flash the board with the agent of this one.");
}

static void
test_older (Fixture *fixture, gconstpointer data)
{
  g_autofree char *says = refuse (fixture, 0, 0);

  g_assert_cmpstr (says, ==,
                   "The board's agent speaks protocol 0 to 0 and this Fettle 1 to 1; "
                   "flash the board with the agent of this Fettle.");
}

/* Chosen by the board, though the desktop has not offered it. */
static void
test_not_offered (Fixture *fixture, gconstpointer data)
{
  guint8 payload[256];
  gsize size = scripted_link_make_hello (fixture->link, payload);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  payload[8] = FTA_PROTOCOL_NEWEST + 1;
  reply (fixture, payload, size);
  result = await (fixture);
  g_assert_false (fettle_session_open_finish (fixture->session, result, &error));
  g_assert_error (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_PROTOCOL);
}

/* An answer to a HELLO of before is none to this one. */
static void
test_other_nonce (Fixture *fixture, gconstpointer data)
{
  guint8 payload[256];
  gsize size = scripted_link_make_hello (fixture->link, payload);

  payload[0] ^= 1;
  reply (fixture, payload, size);
  for (int i = 0; i < 10; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_null (fixture->result);
  g_assert_null (fettle_session_get_info (fixture->session));
  open_session (fixture);
}

/* Answers to an upload with END's reply of N_LAYERS. */
static gboolean
upload (Fixture *fixture, guint32 n_layers, GError **error)
{
  g_autoptr (GBytes) image = steps_make_image (3, 64);
  guint8 acknowledgement[FTA_ACKNOWLEDGE_SIZE] = { 0 }, end[FTA_IMAGE_REPLY_SIZE] = { 0 };
  g_autoptr (GAsyncResult) result = NULL;

  fettle_session_upload_async (fixture->session, image, NULL, steps_store,
                               &fixture->result);
  g_assert_cmpuint (fixture->link->type, ==, FTA_BEGIN);
  fta_put_le32 (acknowledgement + 4, 2048);
  reply (fixture, acknowledgement, sizeof acknowledgement);
  g_assert_cmpuint (fixture->link->type, ==, FTA_DATA);
  fta_put_le32 (acknowledgement, (guint32)g_bytes_get_size (image));
  reply (fixture, acknowledgement, sizeof acknowledgement);
  g_assert_cmpuint (fixture->link->type, ==, FTA_END);
  fta_put_le32 (end, n_layers);
  fta_put_le32 (end + 8, 64);
  reply (fixture, end, sizeof end);
  result = await (fixture);
  return fettle_session_upload_finish (fixture->session, result, error);
}

/* Memory for as many would have to be found. */
static void
test_many_layers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  open_session (fixture);
  g_assert_false (upload (fixture, 2400000, &error));
  g_assert_error (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_PROTOCOL);
}

/* Frames that do not come any more are no reason to go on for ever, nor to fall over. */
static void
test_impossible_done (Fixture *fixture, gconstpointer data)
{
  FettleRunRequest request = { .repetitions = 1 };
  guint8 done[FTA_DONE_SIZE] = { 0 };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  open_session (fixture);
  g_assert_true (upload (fixture, 3, &error));
  fettle_session_run_async (fixture->session, &request, NULL, steps_store,
                            &fixture->result);
  memcpy (done, fixture->link->run_id, sizeof fixture->link->run_id);
  fta_put_le32 (done + 16, G_MAXUINT32); /* bytes of output, more than the arena */
  reply (fixture, done, sizeof done);
  result = await (fixture);
  g_assert_null (fettle_session_run_finish (fixture->session, result, &error));
  g_assert_error (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_PROTOCOL);
}

#define ADD(name, function)                                                              \
  g_test_add ("/strange-board/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("newer", test_newer);
  ADD ("older", test_older);
  ADD ("not-offered", test_not_offered);
  ADD ("other-nonce", test_other_nonce);
  ADD ("many-layers", test_many_layers);
  ADD ("impossible-done", test_impossible_done);
  return g_test_run ();
}
