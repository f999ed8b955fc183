/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-serial.c: an agent's frames over a UART: COBS, damage, a person with a terminal. */
#include "target-agent/serial.h"

#include <glib.h>
#include <string.h>

#define PAYLOAD 600u

typedef struct
{
  fta_serial serial;
  guint8 packet[FTA_SERIAL_PACKET (PAYLOAD)];
  GByteArray *in, *out;
  gboolean stalled;
  guint piece; /* bytes that the UART takes at once */
} Fixture;

static size_t
uart_read (void *user, uint8_t *bytes, size_t capacity)
{
  Fixture *fixture = user;
  guint size = MIN ((guint)capacity, fixture->in->len);

  if (size > 0)
    memcpy (bytes, fixture->in->data, size);
  if (size > 0)
    g_byte_array_remove_range (fixture->in, 0, size);
  return size;
}

static size_t
uart_write (void *user, const uint8_t *bytes, size_t size)
{
  Fixture *fixture = user;

  if (fixture->stalled)
    return 0;
  size = MIN (size, fixture->piece);
  g_byte_array_append (fixture->out, bytes, (guint)size);
  return size;
}

static const fta_identity identity = { .board = "test", .core = "Cortex-M0+" };

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->in = g_byte_array_new ();
  fixture->out = g_byte_array_new ();
  fixture->piece = 7;
  fixture->serial = (fta_serial){
    .read = uart_read,
    .write = uart_write,
    .user = fixture,
    .identity = &identity,
    .packet = fixture->packet,
    .packet_size = sizeof fixture->packet,
  };
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_byte_array_unref (fixture->in);
  g_byte_array_unref (fixture->out);
}

static gsize
make_frame (guint8 *frame, guint size, guint seed)
{
  for (guint i = 0; i < size; i++)
    frame[FTA_FRAME_HEADER + i] = (guint8)(seed == 0 ? i % 255 + 1 : (i * seed) >> 3);
  return fta_frame_seal (frame, 5, (guint16)seed, size);
}

static void
receive_packet (Fixture *fixture, const guint8 *frame, gsize size)
{
  guint8 encoded[FTA_SERIAL_PACKET (PAYLOAD) + 1];
  gsize n = fta_cobs_encode (frame, size, encoded);

  g_byte_array_append (fixture->in, encoded, (guint)n);
  g_byte_array_append (fixture->in, (const guint8 *)"", 1);
}

static void
expect_frame (Fixture *fixture, const guint8 *frame, gsize size)
{
  guint8 bytes[PAYLOAD + FTA_FRAME_OVERHEAD];
  gsize have = 0, n;

  g_assert_true (fta_serial_readable (&fixture->serial));
  while (have < size && (n = fta_serial_read (&fixture->serial, bytes + have, 50)) > 0)
    have += n;
  g_assert_cmpmem (bytes, have, frame, size);
}

/* What goes out is what cobs.c makes, for frames of every size and whatever the UART takes at once. */
static void
test_write (Fixture *fixture, gconstpointer data)
{
  guint8 frame[PAYLOAD + FTA_FRAME_OVERHEAD], encoded[FTA_SERIAL_PACKET (PAYLOAD) + 1];

  for (guint size = 0; size <= PAYLOAD; size++)
    for (guint seed = 0; seed < 3; seed++)
      {
        gsize n = make_frame (frame, size, seed), expected, at = 0;

        fixture->piece = 1 + (size + seed) % 90;
        g_byte_array_set_size (fixture->out, 0);
        fta_serial_begin_frame (&fixture->serial);
        while (at < n)
          at += fta_serial_write (&fixture->serial, frame + at, MIN (n - at, 33));
        g_assert_false (fta_serial_readable (&fixture->serial));
        expected = fta_cobs_encode (frame, n, encoded);
        encoded[expected++] = 0;
        g_assert_cmpmem (fixture->out->data, fixture->out->len, encoded, expected);
      }
}

/* A frame that was given up costs nothing but itself. */
static void
test_given_up (Fixture *fixture, gconstpointer data)
{
  guint8 frame[PAYLOAD + FTA_FRAME_OVERHEAD], encoded[FTA_SERIAL_PACKET (PAYLOAD) + 1];
  gsize n = make_frame (frame, PAYLOAD, 1), size;

  fixture->stalled = TRUE;
  g_assert_cmpuint (fta_serial_write (&fixture->serial, frame, n), <, n);
  g_assert_cmpuint (fta_serial_write (&fixture->serial, frame, n), ==, 0);
  fixture->stalled = FALSE;
  n = make_frame (frame, 3, 2);
  fta_serial_begin_frame (&fixture->serial);
  g_assert_cmpuint (fta_serial_write (&fixture->serial, frame, n), ==, n);
  size = fta_cobs_encode (frame, n, encoded);
  encoded[size++] = 0;
  g_assert_cmpuint (fixture->out->len, ==, size + 1);
  g_assert_cmpuint (fixture->out->data[0], ==, 0);
  g_assert_cmpmem (fixture->out->data + 1, size, encoded, size);
}

static void
test_read (Fixture *fixture, gconstpointer data)
{
  guint8 frame[PAYLOAD + FTA_FRAME_OVERHEAD], bytes[4];

  g_assert_false (fta_serial_readable (&fixture->serial));
  g_assert_cmpuint (fta_serial_read (&fixture->serial, bytes, 4), ==, 0);
  for (guint size = 0; size <= PAYLOAD; size += 13)
    {
      gsize n = make_frame (frame, size, size % 3);

      receive_packet (fixture, frame, n);
      receive_packet (fixture, frame, n);
      expect_frame (fixture, frame, n);
      expect_frame (fixture, frame, n);
    }
  g_assert_cmpuint (fixture->serial.damaged, ==, 0);
}

/* Each kind of damage costs one frame, and the next one comes through. */
static void
test_damage (Fixture *fixture, gconstpointer data)
{
  guint8 frame[PAYLOAD + FTA_FRAME_OVERHEAD], encoded[FTA_SERIAL_PACKET (PAYLOAD) + 1];
  gsize n = make_frame (frame, 100, 1);
  gsize size = fta_cobs_encode (frame, n, encoded);

  for (gsize at = 0; at < size; at++)
    {
      guint before = fixture->serial.damaged;

      for (int kind = 0; kind < 3; kind++)
        {
          guint8 damaged[sizeof encoded];

          memcpy (damaged, encoded, size);
          if (kind < 2)
            damaged[at] = kind == 0 ? damaged[at] ^ 0x10 : 0;
          else
            memmove (damaged + at, damaged + at + 1, size - at - 1);
          g_byte_array_append (fixture->in, damaged, (guint)(kind < 2 ? size : size - 1));
          g_byte_array_append (fixture->in, (const guint8 *)"", 1);
          receive_packet (fixture, frame, n);
          expect_frame (fixture, frame, n);
          g_assert_false (fta_serial_readable (&fixture->serial));
        }
      g_assert_cmpuint (fixture->serial.damaged, >, before);
    }
}

static void
test_endless (Fixture *fixture, gconstpointer data)
{
  guint8 frame[PAYLOAD + FTA_FRAME_OVERHEAD];
  gsize n = make_frame (frame, 10, 1);

  for (guint i = 0; i < 10000; i++)
    g_byte_array_append (fixture->in, (const guint8 *)"U", 1);
  g_assert_false (fta_serial_readable (&fixture->serial));
  g_byte_array_append (fixture->in, (const guint8 *)"", 1);
  receive_packet (fixture, frame, n);
  expect_frame (fixture, frame, n);
  g_assert_cmpuint (fixture->serial.damaged, ==, 1);
}

static void
test_question (Fixture *fixture, gconstpointer data)
{
  guint8 frame[PAYLOAD + FTA_FRAME_OVERHEAD];
  gsize n = make_frame (frame, 200, 1);
  static const char answer[] =
      FTA_AGENT_NAME " on test (Cortex-M0+, not yet run on hardware) is ready\r\n";

  g_byte_array_append (fixture->in, (const guint8 *)"?", 1);
  g_assert_false (fta_serial_readable (&fixture->serial));
  g_assert_cmpmem (fixture->out->data, fixture->out->len, answer, sizeof answer);
  g_byte_array_set_size (fixture->out, 0);
  /* Inside of a frame it is a byte like others, and in the middle of an answer it gets none. */
  for (guint i = 0; i < 200; i++)
    frame[FTA_FRAME_HEADER + i] = '?';
  n = fta_frame_seal (frame, 1, 1, 200);
  receive_packet (fixture, frame, n);
  expect_frame (fixture, frame, n);
  g_assert_cmpuint (fixture->out->len, ==, 0);
  fta_serial_write (&fixture->serial, frame, 20);
  g_byte_array_append (fixture->in, (const guint8 *)"?", 1);
  g_assert_false (fta_serial_readable (&fixture->serial));
  g_assert_cmpuint (fixture->out->len, <, 20);
}

#define ADD(name, function)                                                              \
  g_test_add ("/serial/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("write", test_write);
  ADD ("given-up", test_given_up);
  ADD ("read", test_read);
  ADD ("damage", test_damage);
  ADD ("endless", test_endless);
  ADD ("question", test_question);
  return g_test_run ();
}
