/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-wire.c: checksum, COBS and the frame parser. */
#include "target-agent/cobs.h"
#include "target-agent/wire.h"

#include "runtime/frt.h"

#include <glib.h>
#include <string.h>

#define CAPACITY (64 + FTA_FRAME_OVERHEAD)

/* --- helpers --- */

typedef struct
{
  fta_parser parser;
  guint8 buffer[CAPACITY];
  GByteArray *seen; /* type and payload of every frame */
  guint n_frames;
} Listener;

static void
listener_init (Listener *listener)
{
  fta_parser_init (&listener->parser, listener->buffer, sizeof listener->buffer);
  listener->seen = g_byte_array_new ();
  listener->n_frames = 0;
}

static void
listen (Listener *listener, const guint8 *bytes, gsize size)
{
  bool complete = true;

  while (complete)
    {
      fta_frame frame;
      gsize taken = fta_parser_feed (&listener->parser, bytes, size, &frame, &complete);

      bytes += taken;
      size -= taken;
      if (!complete)
        break;
      listener->n_frames++;
      g_byte_array_append (listener->seen, &frame.type, 1);
      g_byte_array_append (listener->seen, frame.payload, frame.length);
    }
  g_assert_cmpuint (size, ==, 0);
}

static void
append_frame (GByteArray *stream, guint8 type, guint8 first, guint32 length)
{
  guint8 frame[256];

  for (guint32 i = 0; i < length; i++)
    frame[FTA_FRAME_HEADER + i] = (guint8)(first + i);
  g_byte_array_append (stream, frame,
                       (guint)fta_frame_seal (frame, type, 1000 + type, length));
}

static GByteArray *
record_session (void)
{
  GByteArray *stream = g_byte_array_new ();

  append_frame (stream, 1, 0, 0);
  append_frame (stream, 2, 'F', 64);
  append_frame (stream, 3, 200, 13);
  append_frame (stream, 4, 0, 1);
  return stream;
}

static void
assert_same (Listener *listener, GByteArray *expected)
{
  g_assert_cmpmem (listener->seen->data, listener->seen->len, expected->data,
                   expected->len);
}

/* --- tests --- */

static void
test_crc (void)
{
  g_assert_cmphex (frt_crc32 (0, "123456789", 9), ==, 0xCBF43926u);
  g_assert_cmphex (frt_crc32 (frt_crc32 (0, "1234", 4), "56789", 5), ==, 0xCBF43926u);
}

static void
test_seal (void)
{
  static const guint8 header[] = { 'F', 'T', 'L', 'A', 1, 7, 0x34, 0x12, 2, 0, 0, 0 };
  guint8 frame[32] = { 0 };

  frame[12] = 0xAA;
  frame[13] = 0xBB;
  g_assert_cmpuint (fta_frame_seal (frame, 7, 0x1234, 2), ==, 18);
  g_assert_cmpmem (frame, 12, header, 12);
  g_assert_cmphex (fta_get_le32 (frame + 14), ==, frt_crc32 (0, frame, 14));
}

static void
check_cobs (const guint8 *bytes, gsize size)
{
  g_autofree guint8 *encoded = g_malloc (FTA_COBS_BOUND (size));
  gsize n = fta_cobs_encode (bytes, size, encoded);

  g_assert_cmpuint (n, <=, FTA_COBS_BOUND (size));
  g_assert_null (memchr (encoded, 0, n));
  n = fta_cobs_decode (encoded, n, encoded);
  g_assert_cmpmem (encoded, n, bytes, size);
}

static void
test_cobs_lengths (void)
{
  guint8 bytes[1024] = { 0 };

  for (gsize size = 0; size <= 1024; size = size < 520 ? size + 1 : size + 63)
    {
      for (gsize i = 0; i < size; i++)
        bytes[i] = (guint8)(1 + i % 255);
      check_cobs (bytes, size);
      memset (bytes, 0, size);
      check_cobs (bytes, size);
      /* One zero, at each place around the block length. */
      for (gsize zero = 250; zero < 260 && zero < size; zero++)
        {
          memset (bytes, 0x55, size);
          bytes[zero] = 0;
          check_cobs (bytes, size);
        }
    }
}

static void
test_cobs_known (void)
{
  static const guint8 plain[] = { 0x11, 0x22, 0x00, 0x33 };
  static const guint8 expected[] = { 0x03, 0x11, 0x22, 0x02, 0x33 };
  guint8 encoded[8], full[254], block[FTA_COBS_BOUND (254)];

  g_assert_cmpmem (encoded, fta_cobs_encode (plain, 4, encoded), expected, 5);
  memset (full, 9, sizeof full);
  g_assert_cmpuint (fta_cobs_encode (full, 254, block), ==, 255);
  g_assert_cmpuint (fta_cobs_encode (NULL, 0, encoded), ==, 1);
}

static void
test_cobs_damaged (void)
{
  static const guint8 past_end[] = { 5, 1, 2 }, zero_code[] = { 0, 1 },
                      zero_inside[] = { 3, 0, 1 };
  guint8 out[8];

  g_assert_cmpuint (fta_cobs_decode (past_end, 3, out), ==, SIZE_MAX);
  g_assert_cmpuint (fta_cobs_decode (zero_code, 2, out), ==, SIZE_MAX);
  g_assert_cmpuint (fta_cobs_decode (zero_inside, 3, out), ==, SIZE_MAX);
}

static void
test_every_split (void)
{
  g_autoptr (GByteArray) stream = record_session ();
  Listener whole;

  listener_init (&whole);
  listen (&whole, stream->data, stream->len);
  g_assert_cmpuint (whole.n_frames, ==, 4);
  g_assert_cmpuint (whole.seen->len, ==, 4 + 64 + 13 + 1);
  for (guint cut = 0; cut <= stream->len; cut++)
    {
      Listener parts;

      listener_init (&parts);
      listen (&parts, stream->data, cut);
      listen (&parts, stream->data + cut, stream->len - cut);
      assert_same (&parts, whole.seen);
      g_byte_array_unref (parts.seen);
    }
  g_byte_array_unref (whole.seen);
}

static void
test_byte_by_byte (void)
{
  g_autoptr (GByteArray) stream = record_session ();
  Listener listener;

  listener_init (&listener);
  for (guint i = 0; i < stream->len; i++)
    listen (&listener, stream->data + i, 1);
  g_assert_cmpuint (listener.n_frames, ==, 4);
  g_assert_cmpuint (listener.parser.damaged, ==, 0);
  g_byte_array_unref (listener.seen);
}

/* Each bit of the second of three frames is damaged: the two others arrive all the same. */
static void
test_damage (void)
{
  for (guint bit = 0; bit < 8 * (16 + 10); bit++)
    {
      g_autoptr (GByteArray) stream = g_byte_array_new ();
      Listener listener;

      append_frame (stream, 1, 0, 3);
      append_frame (stream, 2, 0, 10);
      stream->data[19 + bit / 8] ^= (guint8)(1 << bit % 8);
      append_frame (stream, 3, 0, 3);
      /* A longer length swallows what follows until its checksum fails. */
      for (int i = 0; i < 8; i++)
        append_frame (stream, 4, 0, 16);
      listener_init (&listener);
      listen (&listener, stream->data, stream->len);
      g_assert_cmpuint (listener.n_frames, ==, 10);
      g_assert_cmpuint (listener.seen->data[0], ==, 1);
      g_assert_cmpuint (listener.seen->data[4], ==, 3);
      g_byte_array_unref (listener.seen);
    }
}

static void
test_garbage (void)
{
  static const guint8 garbage[] = "FTLFTLAFFTLA\1";
  g_autoptr (GByteArray) stream = g_byte_array_new ();
  Listener listener;

  for (int i = 0; i < 3; i++)
    {
      g_byte_array_append (stream, garbage, sizeof garbage - 1);
      append_frame (stream, 9, 0, 5);
    }
  append_frame (stream, 9, 0, 60);
  listener_init (&listener);
  listen (&listener, stream->data, stream->len);
  g_assert_cmpuint (listener.n_frames, ==, 4);
  g_byte_array_unref (listener.seen);
}

static void
test_oversize (void)
{
  static const guint32 lengths[] = { 65, 0x7FFFFFFF, 0xFFFFFFF0u, 0xFFFFFFFFu };

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr (GByteArray) stream = g_byte_array_new ();
      Listener listener;

      append_frame (stream, 1, 0, 0);
      fta_put_le32 (stream->data + 8, lengths[i]);
      append_frame (stream, 2, 0, 64);
      listener_init (&listener);
      listen (&listener, stream->data, stream->len);
      g_assert_cmpuint (listener.parser.oversize, ==, 1);
      g_assert_cmpuint (listener.n_frames, ==, 1);
      g_byte_array_unref (listener.seen);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/crc", test_crc);
  g_test_add_func ("/wire/seal", test_seal);
  g_test_add_func ("/wire/cobs/lengths", test_cobs_lengths);
  g_test_add_func ("/wire/cobs/known", test_cobs_known);
  g_test_add_func ("/wire/cobs/damaged", test_cobs_damaged);
  g_test_add_func ("/wire/parser/every-split", test_every_split);
  g_test_add_func ("/wire/parser/byte-by-byte", test_byte_by_byte);
  g_test_add_func ("/wire/parser/damage", test_damage);
  g_test_add_func ("/wire/parser/garbage", test_garbage);
  g_test_add_func ("/wire/parser/oversize", test_oversize);
  return g_test_run ();
}
