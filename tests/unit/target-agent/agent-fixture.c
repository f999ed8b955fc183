/* SPDX-License-Identifier: GPL-3.0-or-later */
/* agent-fixture.c: an agent and its desktop in one process. */
#include "agent-fixture.h"

#include <stdlib.h>
#include <string.h>

#define IMAGE_SIZE 65536
#define ARENA_SIZE 65536

/* --- the agent's port --- */

static size_t
read_memory (void *user, uint8_t *bytes, size_t capacity)
{
  Fixture *fixture = user;
  guint size = MIN ((guint)capacity, fixture->to_agent->len);

  if (size > 0)
    memcpy (bytes, fixture->to_agent->data, size);
  if (size > 0)
    g_byte_array_remove_range (fixture->to_agent, 0, size);
  return size;
}

static size_t
write_memory (void *user, const uint8_t *bytes, size_t size)
{
  Fixture *fixture = user;

  if (fixture->stalled || fixture->resets)
    return 0;
  /* In small pieces, as a slow link would. */
  size = MIN (size, 100);
  g_byte_array_append (fixture->from_agent, bytes, (guint)size);
  return size;
}

static void
wait_for_desktop (void *user)
{
  Fixture *fixture = user;

  fixture->milliseconds += 10;
  if (fixture->waiting != NULL)
    fixture->waiting (fixture);
}

static uint64_t
read_ticks (void *user)
{
  return ((Fixture *)user)->ticks += FIXTURE_TICK;
}

static uint32_t
read_milliseconds (void *user)
{
  return ((Fixture *)user)->milliseconds;
}

static bool
is_readable (void *user)
{
  Fixture *fixture = user;

  fixture->n_between++;
  if (fixture->between != NULL)
    fixture->between (fixture);
  return fixture->to_agent->len > 0;
}

static bool
is_interrupted (void *user)
{
  Fixture *fixture = user;
  gboolean rang = fixture->rings;

  fixture->rings = FALSE;
  return rang;
}

static bool
is_reset (void *user)
{
  Fixture *fixture = user;
  gboolean reset = fixture->resets;

  fixture->resets = FALSE;
  return reset;
}

static void
settle (void *user)
{
  ((Fixture *)user)->n_settled++;
}

static const fta_identity identity = {
  .board = "test",
  .core = "none",
  .unique_id = "1",
  .kernels = "portable",
  .source = FTA_SOURCE_SYSTICK,
  .unit = FTA_UNIT_NANOSECONDS,
  .unit_icount = FTA_UNIT_INSTRUCTIONS,
  .numerator = 40,
  .denominator = 1,
};

void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  const fta_port port = {
    .read = read_memory,
    .write = write_memory,
    .wait = wait_for_desktop,
    .ticks = read_ticks,
    .milliseconds = read_milliseconds,
    .readable = is_readable,
    .interrupted = is_interrupted,
    .settle = settle,
    .reset = is_reset,
    .user = fixture,
  };
  fta_memory memory = {
    .image_size = IMAGE_SIZE,
    .arena_size = ARENA_SIZE,
    .receive = fixture->receive,
    .receive_size = sizeof fixture->receive,
    .transmit = fixture->transmit,
    .transmit_size = sizeof fixture->transmit,
    .records = fixture->records,
    .record_capacity = FIXTURE_RECORDS,
    .window = FIXTURE_WINDOW,
  };

  memory.image = fixture->image = aligned_alloc (FRT_ALIGNMENT, IMAGE_SIZE);
  memory.arena = fixture->arena = aligned_alloc (FRT_ALIGNMENT, ARENA_SIZE);
  memset (fixture->image, 0, IMAGE_SIZE);
  memset (fixture->arena, 0, ARENA_SIZE);
  fixture->to_agent = g_byte_array_new ();
  fixture->from_agent = g_byte_array_new ();
  fta_parser_init (&fixture->parser, fixture->frame_buffer, sizeof fixture->frame_buffer);
  fta_agent_init (&fixture->agent, &port, &identity, &memory);
}

void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  free (fixture->image);
  free (fixture->arena);
  g_byte_array_unref (fixture->to_agent);
  g_byte_array_unref (fixture->from_agent);
}

/* --- the desktop --- */

guint16
fixture_post (Fixture *fixture, guint8 type, const void *payload, gsize size)
{
  guint8 frame[FIXTURE_PAYLOAD + FTA_FRAME_OVERHEAD + 16];

  g_assert_cmpuint (size, <=, sizeof frame - FTA_FRAME_OVERHEAD);
  if (size > 0)
    memcpy (frame + FTA_FRAME_HEADER, payload, size);
  g_byte_array_append (
      fixture->to_agent, frame,
      (guint)fta_frame_seal (frame, type, ++fixture->sequence, (guint32)size));
  return fixture->sequence;
}

void
fixture_serve (Fixture *fixture)
{
  do
    fta_agent_poll (&fixture->agent);
  while (fixture->to_agent->len > 0);
  fta_agent_poll (&fixture->agent);
}

gboolean
fixture_try (Fixture *fixture, fta_frame *frame)
{
  bool complete;
  gsize taken = fta_parser_feed (&fixture->parser, fixture->from_agent->data,
                                 fixture->from_agent->len, frame, &complete);

  if (taken > 0)
    g_byte_array_remove_range (fixture->from_agent, 0, (guint)taken);
  g_assert_cmpuint (fixture->parser.damaged + fixture->parser.oversize, ==, 0);
  return complete;
}

fta_frame
fixture_take (Fixture *fixture)
{
  fta_frame frame;

  g_assert_true (fixture_try (fixture, &frame));
  return frame;
}

fta_frame
fixture_ask (Fixture *fixture, guint8 type, const void *payload, gsize size)
{
  guint16 sequence = fixture_post (fixture, type, payload, size);
  fta_frame frame;

  fixture_serve (fixture);
  frame = fixture_take (fixture);
  g_assert_cmpuint (frame.sequence, ==, sequence);
  return frame;
}

void
fixture_expect_error (Fixture *fixture, guint code)
{
  fta_frame frame = fixture_take (fixture);

  g_assert_cmpuint (frame.type, ==, FTA_ERROR | FTA_FRAME_REPLY);
  g_assert_cmpuint (fta_get_le16 (frame.payload), ==, code);
}

void
fixture_hello (Fixture *fixture)
{
  guint8 payload[FTA_HELLO_SIZE] = { 1, 2, 3, 4, 5, 6, 7, 8, 1, 1, 0, 0 };
  fta_frame frame = fixture_ask (fixture, FTA_HELLO, payload, sizeof payload);

  g_assert_cmpuint (frame.type, ==, FTA_HELLO | FTA_FRAME_REPLY);
  g_assert_cmpmem (frame.payload, 8, payload, 8);
}

void
fixture_begin (Fixture *fixture, guint8 kind, const guint8 *bytes, guint32 size)
{
  guint8 payload[FTA_BEGIN_SIZE] = { kind };
  fta_frame frame;

  fta_put_le32 (payload + 4, size);
  fta_put_le32 (payload + 8, frt_crc32 (0, bytes, size));
  frame = fixture_ask (fixture, FTA_BEGIN, payload, sizeof payload);
  g_assert_cmpuint (frame.type, ==, FTA_BEGIN | FTA_FRAME_REPLY);
  g_assert_cmpuint (fta_get_le32 (frame.payload), ==, 0);
  g_assert_cmpuint (fta_get_le32 (frame.payload + 4), ==, FIXTURE_WINDOW);
}

void
fixture_data (Fixture *fixture, const guint8 *bytes, guint32 offset, guint32 size)
{
  guint8 payload[FIXTURE_PAYLOAD];

  fta_put_le32 (payload, offset);
  memcpy (payload + FTA_DATA_SIZE, bytes + offset, size);
  fixture_post (fixture, FTA_DATA, payload, FTA_DATA_SIZE + size);
}

fta_frame
fixture_upload (Fixture *fixture, guint8 kind, const guint8 *bytes, guint32 size)
{
  const guint32 chunk = FIXTURE_PAYLOAD - FTA_DATA_SIZE;
  fta_frame frame;

  fixture_begin (fixture, kind, bytes, size);
  for (guint32 offset = 0; offset < size; offset += chunk)
    fixture_data (fixture, bytes, offset, MIN (chunk, size - offset));
  fixture_serve (fixture);
  while (fixture_try (fixture, &frame))
    g_assert_cmpuint (frame.type, ==, FTA_DATA | FTA_FRAME_REPLY);
  return fixture_ask (fixture, FTA_END, NULL, 0);
}

void
fixture_upload_image (Fixture *fixture, guint n_layers, guint size)
{
  g_autofree guint8 *bytes = g_malloc (16384);
  gsize total = tiny_image (bytes, 16384, n_layers, size);
  fta_frame frame;

  fixture_hello (fixture);
  frame = fixture_upload (fixture, FTA_UPLOAD_IMAGE, bytes, (guint32)total);
  g_assert_cmpuint (frame.type, ==, FTA_END | FTA_FRAME_REPLY);
  g_assert_cmpuint (fta_get_le32 (frame.payload), ==, n_layers);
  g_assert_cmpuint (fta_get_le32 (frame.payload + 4), ==, 2 * size);
  g_assert_cmpuint (fta_get_le32 (frame.payload + 8), ==, size);
  g_assert_cmpuint (fta_get_le32 (frame.payload + 12), ==, size);
}

void
fixture_post_run (Fixture *fixture, guint warm_up, guint repetitions, guint flags)
{
  guint8 payload[FTA_RUN_SIZE] = { 0 };

  fta_put_le32 (payload, 77);
  fta_put_le16 (payload + 4, (guint16)warm_up);
  fta_put_le16 (payload + 6, (guint16)repetitions);
  fta_put_le16 (payload + 8, (guint16)flags);
  fixture_post (fixture, FTA_RUN, payload, sizeof payload);
}
