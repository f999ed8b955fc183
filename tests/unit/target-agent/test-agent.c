/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-agent.c: sessions, uploads and silence, as a desktop sees them. */
#include "agent-fixture.h"

#include <string.h>

#define SIZE 4096

/* --- HELLO --- */

static void
test_hello_fields (Fixture *fixture, gconstpointer data)
{
  guint8 payload[FTA_HELLO_SIZE] = {
    9, 8, 7, 6, 5, 4, 3, 2, 0, 200, FTA_HELLO_ICOUNT, 0
  };
  fta_frame frame = fixture_ask (fixture, FTA_HELLO, payload, sizeof payload);
  guint at = FTA_HELLO_REPLY_SIZE, n_tags = 0;
  gboolean saw_tick = FALSE;

  g_assert_cmpuint (frame.payload[8], ==, FTA_PROTOCOL_NEWEST);
  while (at < frame.length)
    {
      guint tag = fta_get_le16 (frame.payload + at);
      const guint8 *value = frame.payload + at + FTA_TAG_HEADER;

      at += FTA_TAG_HEADER + fta_get_le16 (frame.payload + at + 2);
      n_tags++;
      if (tag == FTA_TAG_TICK)
        {
          saw_tick = TRUE;
          g_assert_cmpuint (value[0], ==, FTA_SOURCE_SYSTICK);
          g_assert_cmpuint (value[1], ==, FTA_UNIT_INSTRUCTIONS);
          g_assert_cmpuint (fta_get_le32 (value + 4), ==, 40);
        }
      if (tag == FTA_TAG_BOARD)
        g_assert_cmpmem (value, 4, "test", 4);
    }
  g_assert_cmpuint (at, ==, frame.length);
  g_assert_cmpuint (n_tags, ==, 13);
  g_assert_true (saw_tick);
}

static void
test_hello_version (Fixture *fixture, gconstpointer data)
{
  guint8 payload[FTA_HELLO_SIZE] = { 0, 0, 0, 0, 0, 0, 0, 0, 120, 205 };
  g_autofree char *text = NULL;
  fta_frame frame = fixture_ask (fixture, FTA_HELLO, payload, sizeof payload);

  g_assert_cmpuint (fta_get_le16 (frame.payload), ==, FTA_ERROR_VERSION);
  g_assert_cmphex (fta_get_le32 (frame.payload + 4), ==, 0x0101);
  text = g_strndup ((const char *)frame.payload + FTA_ERROR_SIZE,
                    frame.length - FTA_ERROR_SIZE);
  g_assert_cmpstr (text, ==, "board speaks protocol 1 to 1, desktop 120 to 205");
  fixture_post (fixture, FTA_PING, NULL, 0);
  fixture_serve (fixture);
  fixture_expect_error (fixture, FTA_ERROR_NO_SESSION);
}

static void
test_unknown (Fixture *fixture, gconstpointer data)
{
  fta_frame frame = fixture_ask (fixture, 99, "abc", 3);

  g_assert_cmpuint (fta_get_le16 (frame.payload), ==, FTA_ERROR_UNSUPPORTED);
  g_assert_cmpuint (fta_get_le32 (frame.payload + 4), ==, 99);
}

static void
test_needs_session (Fixture *fixture, gconstpointer data)
{
  for (guint8 type = FTA_BEGIN; type <= FTA_GOODBYE; type++)
    {
      fixture_post (fixture, type, NULL, 0);
      fixture_serve (fixture);
      fixture_expect_error (fixture, FTA_ERROR_NO_SESSION);
    }
}

static void
test_malformed (Fixture *fixture, gconstpointer data)
{
  static const guint8 types[] = { FTA_BEGIN, FTA_DATA };
  guint8 bytes[16] = { 0 };

  fixture_post (fixture, FTA_HELLO, bytes, FTA_HELLO_SIZE - 1);
  fixture_serve (fixture);
  fixture_expect_error (fixture, FTA_ERROR_MALFORMED);
  fixture_upload_image (fixture, 2, 16);
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      fixture_post (fixture, types[i], bytes, 3);
      fixture_serve (fixture);
      fixture_expect_error (fixture, FTA_ERROR_MALFORMED);
    }
  fixture_post (fixture, FTA_RUN, bytes, FTA_RUN_SIZE + 1);
  fixture_serve (fixture);
  fixture_expect_error (fixture, FTA_ERROR_MALFORMED);
}

static void
test_oversize (Fixture *fixture, gconstpointer data)
{
  static const guint8 zeros[FIXTURE_PAYLOAD + 1] = { 0 };

  fixture_hello (fixture);
  fixture_post (fixture, FTA_DATA, zeros, sizeof zeros);
  fixture_serve (fixture);
  fixture_expect_error (fixture, FTA_ERROR_TOO_LARGE);
  fixture_post (fixture, FTA_PING, NULL, 0);
  fixture_serve (fixture);
  fixture_expect_error (fixture, FTA_ERROR_NO_SESSION);
}

static void
test_goodbye (Fixture *fixture, gconstpointer data)
{
  fta_frame frame;

  fixture_hello (fixture);
  frame = fixture_ask (fixture, FTA_GOODBYE, NULL, 0);
  g_assert_cmpuint (frame.type, ==, FTA_GOODBYE | FTA_FRAME_REPLY);
  fixture_post (fixture, FTA_PING, NULL, 0);
  fixture_serve (fixture);
  fixture_expect_error (fixture, FTA_ERROR_NO_SESSION);
}

/* --- silence --- */

static void
test_silence (Fixture *fixture, gconstpointer data)
{
  fixture_upload_image (fixture, 2, 16);
  for (int i = 0; i < 5; i++)
    {
      fixture->milliseconds += FTA_SILENCE_MS;
      g_assert_cmpuint (fixture_ask (fixture, FTA_PING, NULL, 0).type, ==,
                        FTA_PING | FTA_FRAME_REPLY);
    }
  fixture->milliseconds += FTA_SILENCE_MS + 1;
  fixture_serve (fixture);
  g_assert_cmpuint (fixture_take (fixture).type, ==, FTA_LOG);
  fixture_post_run (fixture, 0, 1, 0);
  fixture_serve (fixture);
  fixture_expect_error (fixture, FTA_ERROR_NO_SESSION);
  /* And the board is usable at once. */
  fixture_upload_image (fixture, 2, 16);
}

/* --- uploads --- */

static void
test_upload_gap (Fixture *fixture, gconstpointer data)
{
  g_autofree guint8 *bytes = g_malloc0 (SIZE);
  gsize size = tiny_image (bytes, SIZE, 10, 64);
  fta_frame frame;

  fixture_hello (fixture);
  fixture_begin (fixture, FTA_UPLOAD_IMAGE, bytes, (guint32)size);
  fixture_data (fixture, bytes, 0, 100);
  /* 100 to 200 is lost; what was in flight behind it brings one error only. */
  fixture_data (fixture, bytes, 200, 100);
  fixture_data (fixture, bytes, 300, 100);
  fixture_serve (fixture);
  frame = fixture_take (fixture);
  g_assert_cmpuint (fta_get_le16 (frame.payload), ==, FTA_ERROR_MISSING);
  g_assert_cmpuint (fta_get_le32 (frame.payload + 4), ==, 100);
  g_assert_false (fixture_try (fixture, &frame));
  /* A repeated chunk is acknowledged, one that overlaps is taken in part. */
  fixture_data (fixture, bytes, 0, 100);
  fixture_serve (fixture);
  frame = fixture_take (fixture);
  g_assert_cmpuint (fta_get_le32 (frame.payload), ==, 100);
  fixture_data (fixture, bytes, 50, 200);
  frame = fixture_ask (fixture, FTA_END, NULL, 0);
  g_assert_cmpuint (fta_get_le16 (frame.payload), ==, FTA_ERROR_MISSING);
  g_assert_cmpuint (fta_get_le32 (frame.payload + 4), ==, 250);
  for (guint32 at = 250; at < size; at += 500)
    fixture_data (fixture, bytes, at, MIN (500, (guint32)size - at));
  fixture_post (fixture, FTA_END, NULL, 0);
  fixture_serve (fixture);
  while ((frame = fixture_take (fixture)).type != (FTA_END | FTA_FRAME_REPLY))
    g_assert_cmpuint (frame.type, ==, FTA_DATA | FTA_FRAME_REPLY);
  g_assert_cmpuint (fta_get_le32 (frame.payload), ==, 10);
}

static void
test_upload_checksum (Fixture *fixture, gconstpointer data)
{
  guint8 bytes[100] = { 0 };

  fixture_hello (fixture);
  fixture_begin (fixture, FTA_UPLOAD_IMAGE, bytes, sizeof bytes);
  bytes[50] = 1;
  fixture_data (fixture, bytes, 0, sizeof bytes);
  fixture_post (fixture, FTA_END, NULL, 0);
  fixture_serve (fixture);
  g_assert_cmpuint (fixture_take (fixture).type, ==, FTA_DATA | FTA_FRAME_REPLY);
  fixture_expect_error (fixture, FTA_ERROR_CHECKSUM);
}

static void
test_upload_bounds (Fixture *fixture, gconstpointer data)
{
  static const guint32 offsets[] = { 100, 1, 0xFFFFFFFFu, 0xFFFFFFF0u, 101 };
  guint8 bytes[100] = { 0 }, payload[FTA_DATA_SIZE + 100] = { 0 };
  guint8 begin[FTA_BEGIN_SIZE] = { 0 };

  fixture_hello (fixture);
  fixture_begin (fixture, FTA_UPLOAD_IMAGE, bytes, sizeof bytes);
  for (gsize i = 0; i < G_N_ELEMENTS (offsets); i++)
    {
      fta_put_le32 (payload, offsets[i]);
      fixture_post (fixture, FTA_DATA, payload, sizeof payload);
      fixture_serve (fixture);
      fixture_expect_error (fixture, FTA_ERROR_STATE);
    }
  fta_put_le32 (begin + 4, 65537);
  fixture_post (fixture, FTA_BEGIN, begin, sizeof begin);
  fixture_serve (fixture);
  fixture_expect_error (fixture, FTA_ERROR_TOO_LARGE);
  begin[0] = FTA_UPLOAD_INPUT;
  fixture_post (fixture, FTA_BEGIN, begin, sizeof begin);
  fixture_serve (fixture);
  fixture_expect_error (fixture, FTA_ERROR_STATE);
  begin[0] = 2;
  fixture_post (fixture, FTA_BEGIN, begin, sizeof begin);
  fixture_serve (fixture);
  fixture_expect_error (fixture, FTA_ERROR_UNSUPPORTED);
}

static void
test_upload_invalid (Fixture *fixture, gconstpointer data)
{
  g_autofree guint8 *bytes = g_malloc0 (SIZE);
  gsize size = tiny_image (bytes, SIZE, 3, 64);
  fta_frame frame;

  fixture_hello (fixture);
  bytes[size - 1] ^= 1;
  frame = fixture_upload (fixture, FTA_UPLOAD_IMAGE, bytes, (guint32)size);
  g_assert_cmpuint (fta_get_le16 (frame.payload), ==, FTA_ERROR_IMAGE);
  g_assert_cmpint ((gint16)fta_get_le16 (frame.payload + 2), ==, FRT_E_CHECKSUM);
  g_assert_cmpuint (fta_get_le32 (frame.payload + 4), ==, 12);
  g_assert_cmpuint (frame.length, >, FTA_ERROR_SIZE + 10);
  fixture_post_run (fixture, 0, 1, 0);
  fixture_serve (fixture);
  fixture_expect_error (fixture, FTA_ERROR_STATE);
  /* Its arena of 80,000 bytes is more than there is. */
  size = tiny_image (bytes, SIZE, 3, 40000);
  frame = fixture_upload (fixture, FTA_UPLOAD_IMAGE, bytes, (guint32)size);
  g_assert_cmpuint (fta_get_le16 (frame.payload), ==, FTA_ERROR_ARENA);
  g_assert_cmpuint (fta_get_le32 (frame.payload + 4), ==, 80000);
}

#define ADD(name, function)                                                              \
  g_test_add ("/agent/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("hello/fields", test_hello_fields);
  ADD ("hello/version", test_hello_version);
  ADD ("unknown", test_unknown);
  ADD ("needs-session", test_needs_session);
  ADD ("malformed", test_malformed);
  ADD ("oversize", test_oversize);
  ADD ("goodbye", test_goodbye);
  ADD ("silence", test_silence);
  ADD ("upload/gap", test_upload_gap);
  ADD ("upload/checksum", test_upload_checksum);
  ADD ("upload/bounds", test_upload_bounds);
  ADD ("upload/invalid", test_upload_invalid);
  return g_test_run ();
}
