/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-agent-run.c: runs: records, outputs, abort, and a desktop that vanishes. */
#include "agent-fixture.h"

#include <string.h>

#define N_LAYERS 5
#define SIZE     2048

typedef struct
{
  guint n_layers, n_totals, dropped;
  guint64 layer_ticks, total_ticks;
} Records;

/* Reads LAYERS up to the next frame of another type, which it returns. */
static fta_frame
take_records (Fixture *fixture, Records *records)
{
  fta_frame frame;

  while ((frame = fixture_take (fixture)).type == FTA_LAYERS)
    {
      guint count = fta_get_le16 (frame.payload + 6);
      const guint8 *record = frame.payload + FTA_LAYERS_SIZE;

      g_assert_cmpuint (fta_get_le32 (frame.payload), ==, 77);
      g_assert_cmpuint (frame.length, ==, FTA_LAYERS_SIZE + count * FTA_RECORD_SIZE);
      records->dropped += fta_get_le32 (frame.payload + 8);
      for (guint i = 0; i < count; i++, record += FTA_RECORD_SIZE)
        {
          guint64 duration = fta_get_le64 (record + 12);

          if (fta_get_le16 (record) == FTA_WHOLE_INFERENCE)
            {
              records->n_totals++;
              records->total_ticks += duration;
              continue;
            }
          g_assert_cmpuint (fta_get_le16 (record), ==, records->n_layers++ % N_LAYERS);
          records->layer_ticks += duration;
        }
    }
  return frame;
}

static void
test_records (Fixture *fixture, gconstpointer data)
{
  Records records = { 0 };
  fta_frame done;

  fixture_upload_image (fixture, N_LAYERS, SIZE);
  fixture_post_run (fixture, 2, 3, 0);
  fixture_serve (fixture);
  done = take_records (fixture, &records);
  g_assert_cmpuint (done.type, ==, FTA_RUN | FTA_FRAME_REPLY);
  g_assert_cmpuint (records.n_layers, ==, 3 * N_LAYERS);
  g_assert_cmpuint (records.n_totals, ==, 3);
  /* The timer moves by one step at each reading: one between the stamps of a layer. */
  g_assert_cmpuint (records.layer_ticks, ==, 3 * N_LAYERS * FIXTURE_TICK);
  g_assert_cmpuint (records.total_ticks, ==, 3 * (2 * N_LAYERS + 1) * FIXTURE_TICK);
  g_assert_cmpuint (fta_get_le64 (done.payload + 4), ==, records.total_ticks);
  g_assert_cmpuint (fta_get_le32 (done.payload + 16), ==, SIZE);
  g_assert_cmpuint (fta_get_le32 (done.payload + 24), ==, 0);
}

static void
test_output (Fixture *fixture, gconstpointer data)
{
  guint8 input[SIZE], fetch[FTA_FETCH_SIZE];
  Records records = { 0 };
  fta_frame frame;

  for (guint i = 0; i < SIZE; i++)
    input[i] = (guint8)(i ^ i >> 8);
  fixture_upload_image (fixture, N_LAYERS, SIZE);
  fixture_post_run (fixture, 0, 1, FTA_RUN_INPUT);
  fixture_serve (fixture);
  fixture_expect_error (fixture, FTA_ERROR_STATE);
  frame = fixture_upload (fixture, FTA_UPLOAD_INPUT, input, SIZE);
  g_assert_cmpuint (frame.type, ==, FTA_END | FTA_FRAME_REPLY);
  fixture_post_run (fixture, 0, 1, FTA_RUN_INPUT);
  fixture_serve (fixture);
  frame = take_records (fixture, &records);
  g_assert_cmphex (fta_get_le32 (frame.payload + 12), ==, frt_crc32 (0, input, SIZE));
  fta_put_le32 (fetch, 1000);
  fta_put_le32 (fetch + 4, 1000);
  frame = fixture_ask (fixture, FTA_FETCH, fetch, sizeof fetch);
  g_assert_cmpuint (fta_get_le32 (frame.payload), ==, 1000);
  g_assert_cmpmem (frame.payload + 4, frame.length - 4, input + 1000, 1000);
  fta_put_le32 (fetch, SIZE - 999);
  fixture_post (fixture, FTA_FETCH, fetch, sizeof fetch);
  fixture_serve (fixture);
  fixture_expect_error (fixture, FTA_ERROR_TOO_LARGE);
  /* Without the flag: the zero points. */
  fixture_post_run (fixture, 0, 1, 0);
  fixture_serve (fixture);
  memset (input, TINY_ZERO_POINT, SIZE);
  frame = take_records (fixture, &records);
  g_assert_cmphex (fta_get_le32 (frame.payload + 12), ==, frt_crc32 (0, input, SIZE));
}

static void
test_input_size (Fixture *fixture, gconstpointer data)
{
  guint8 begin[FTA_BEGIN_SIZE] = { FTA_UPLOAD_INPUT };
  fta_frame frame;

  fixture_upload_image (fixture, N_LAYERS, SIZE);
  fta_put_le32 (begin + 4, SIZE - 1);
  frame = fixture_ask (fixture, FTA_BEGIN, begin, sizeof begin);
  g_assert_cmpuint (fta_get_le16 (frame.payload), ==, FTA_ERROR_INPUT);
  g_assert_cmpuint (fta_get_le32 (frame.payload + 4), ==, SIZE);
}

static void
test_tensors (Fixture *fixture, gconstpointer data)
{
  guint layer = 0, have = 0;
  Records records = { 0 };
  fta_frame frame;

  fixture_upload_image (fixture, N_LAYERS, SIZE);
  fixture_post_run (fixture, 0, 2, FTA_RUN_TENSORS);
  fixture_serve (fixture);
  for (frame = take_records (fixture, &records); frame.type == FTA_TENSOR;
       frame = fixture_take (fixture))
    {
      g_assert_cmpuint (fta_get_le16 (frame.payload + 4), ==, layer);
      g_assert_cmpuint (fta_get_le32 (frame.payload + 8), ==, have);
      g_assert_cmpuint (fta_get_le32 (frame.payload + 12), ==, SIZE);
      g_assert_cmpuint (frame.payload[FTA_TENSOR_SIZE], ==, TINY_ZERO_POINT);
      have += frame.length - FTA_TENSOR_SIZE;
      if (have < SIZE)
        continue;
      have = 0;
      layer++;
    }
  g_assert_cmpuint (layer, ==, N_LAYERS);
  g_assert_cmpuint (frame.type, ==, FTA_RUN | FTA_FRAME_REPLY);
  /* Measured inferences are untouched by it. */
  g_assert_cmpuint (records.total_ticks, ==, 2 * (2 * N_LAYERS + 1) * FIXTURE_TICK);
}

static void
test_checksums (Fixture *fixture, gconstpointer data)
{
  guint8 zeros[SIZE];
  fta_frame frame;

  memset (zeros, TINY_ZERO_POINT, sizeof zeros);
  fixture_upload_image (fixture, N_LAYERS, SIZE);
  fixture_post_run (fixture, 0, 0, FTA_RUN_CHECKSUMS);
  fixture_serve (fixture);
  for (guint i = 0; i < N_LAYERS; i++)
    {
      frame = fixture_take (fixture);
      g_assert_cmpuint (frame.type, ==, FTA_CHECKSUM);
      g_assert_cmpuint (frame.length, ==, FTA_CHECKSUM_SIZE);
      g_assert_cmpuint (fta_get_le32 (frame.payload), ==, 77);
      g_assert_cmpuint (fta_get_le16 (frame.payload + 4), ==, i);
      g_assert_cmpuint (fta_get_le32 (frame.payload + 8), ==, SIZE);
      g_assert_cmphex (fta_get_le32 (frame.payload + 12), ==, frt_crc32 (0, zeros, SIZE));
    }
  frame = fixture_take (fixture);
  g_assert_cmpuint (frame.type, ==, FTA_RUN | FTA_FRAME_REPLY);
  g_assert_cmpuint (fta_get_le64 (frame.payload + 4), ==, 0);
}

/* A desktop that has not seen the answer asks with the same frame again, and nothing is done twice. */
static void
test_repeated (Fixture *fixture, gconstpointer data)
{
  Records records = { 0 };
  fta_frame frame;
  guint64 ticks;
  guint n_between;

  fixture_upload_image (fixture, N_LAYERS, SIZE);
  for (int i = 0; i < 2; i++)
    {
      frame = fixture_ask (fixture, FTA_END, NULL, 0);
      g_assert_cmpuint (frame.type, ==, FTA_END | FTA_FRAME_REPLY);
      g_assert_cmpuint (fta_get_le32 (frame.payload), ==, N_LAYERS);
    }
  fixture_post_run (fixture, 0, 2, 0);
  fixture_serve (fixture);
  frame = take_records (fixture, &records);
  ticks = fta_get_le64 (frame.payload + 4);
  n_between = fixture->n_between;
  fixture->sequence--;
  fixture_post_run (fixture, 0, 2, 0);
  fixture_serve (fixture);
  frame = fixture_take (fixture);
  g_assert_cmpuint (frame.type, ==, FTA_RUN | FTA_FRAME_REPLY);
  g_assert_cmpuint (fta_get_le64 (frame.payload + 4), ==, ticks);
  g_assert_cmpuint (fixture->n_between, ==, n_between);
  fixture_post_run (fixture, 0, 2, 0);
  fixture_serve (fixture);
  g_assert_cmpuint (fixture->n_between, ==, n_between + 2 * N_LAYERS);
}

static void
test_continue (Fixture *fixture, gconstpointer data)
{
  Records records = { 0 };

  fixture_upload_image (fixture, N_LAYERS, SIZE);
  fixture_post_run (fixture, 0, 1, FTA_RUN_CONTINUE);
  fixture_serve (fixture);
  fixture_expect_error (fixture, FTA_ERROR_STATE);
  fixture_post_run (fixture, 0, 2, FTA_RUN_CONTINUE);
  fixture_serve (fixture);
  fixture_expect_error (fixture, FTA_ERROR_UNSUPPORTED);
  fixture_post_run (fixture, 0, 1, 0);
  fixture_serve (fixture);
  g_assert_cmpuint (take_records (fixture, &records).type, ==, FTA_RUN | FTA_FRAME_REPLY);
  fixture_post_run (fixture, 0, 1, FTA_RUN_CONTINUE);
  fixture_serve (fixture);
  g_assert_cmpuint (take_records (fixture, &records).type, ==, FTA_RUN | FTA_FRAME_REPLY);
}

/* --- between layers --- */

static void
abort_at_third (Fixture *fixture)
{
  if (fixture->n_between == 3)
    {
      fixture_post (fixture, FTA_PING, NULL, 0);
      fixture_post_run (fixture, 0, 1, 0);
      fixture_post (fixture, FTA_ABORT, NULL, 0);
      fixture_post (fixture, FTA_PING, NULL, 0);
    }
}

static void
test_abort (Fixture *fixture, gconstpointer data)
{
  Records records = { 0 };
  fta_frame frame;

  fixture_upload_image (fixture, N_LAYERS, SIZE);
  fixture->between = abort_at_third;
  fixture_post_run (fixture, 0, 1000, 0);
  fixture_serve (fixture);
  g_assert_cmpuint (fixture->n_between, ==, 3);
  g_assert_cmpuint (fixture_take (fixture).type, ==, FTA_PING | FTA_FRAME_REPLY);
  fixture_expect_error (fixture, FTA_ERROR_BUSY);
  frame = take_records (fixture, &records);
  g_assert_cmpuint (records.n_layers, ==, 2);
  g_assert_cmpuint (fta_get_le16 (frame.payload), ==, FTA_ERROR_ABORTED);
  g_assert_cmpuint (fixture_take (fixture).type, ==, FTA_ABORT | FTA_FRAME_REPLY);
  g_assert_cmpuint (fixture_take (fixture).type, ==, FTA_PING | FTA_FRAME_REPLY);
  g_assert_cmpuint (fixture->n_settled, ==, 1);
  /* And another run works. */
  records = (Records){ 0 };
  fixture->between = NULL;
  fixture_post_run (fixture, 0, 1, 0);
  fixture_serve (fixture);
  g_assert_cmpuint (take_records (fixture, &records).type, ==, FTA_RUN | FTA_FRAME_REPLY);
}

static void
ring_at_seventh (Fixture *fixture)
{
  fixture->rings = fixture->n_between == 7;
}

static void
test_doorbell (Fixture *fixture, gconstpointer data)
{
  Records records = { 0 };
  fta_frame frame;

  fixture_upload_image (fixture, N_LAYERS, SIZE);
  fixture->between = ring_at_seventh;
  fixture_post_run (fixture, 0, 1000, 0);
  fixture_serve (fixture);
  frame = take_records (fixture, &records);
  g_assert_cmpuint (fta_get_le16 (frame.payload), ==, FTA_ERROR_ABORTED);
  g_assert_cmpuint (records.n_layers, ==, 7);
  g_assert_cmpuint (fixture_ask (fixture, FTA_ABORT, NULL, 0).type, ==,
                    FTA_ABORT | FTA_FRAME_REPLY);
  g_assert_cmpuint (fixture->n_settled, ==, 1);
}

static void
fall_silent (Fixture *fixture)
{
  fixture->milliseconds += 300;
}

static void
test_silence (Fixture *fixture, gconstpointer data)
{
  Records records = { 0 };
  fta_frame frame;

  fixture_upload_image (fixture, N_LAYERS, SIZE);
  fixture->between = fall_silent;
  fixture_post_run (fixture, 0, 1000, 0);
  fixture_serve (fixture);
  g_assert_cmpuint (fixture->n_between, ==, 7);
  /* Of the second inference, and for the run itself, there is no answer. */
  frame = take_records (fixture, &records);
  g_assert_cmpuint (records.n_layers, ==, N_LAYERS);
  g_assert_cmpuint (frame.type, ==, FTA_LOG);
  g_assert_false (fixture_try (fixture, &frame));
}

static void
say_hello_again (Fixture *fixture)
{
  guint8 payload[FTA_HELLO_SIZE] = { 5, 5, 5, 5, 5, 5, 5, 5, 1, 1 };

  if (fixture->n_between == 4)
    {
      fixture_post (fixture, FTA_HELLO, payload, sizeof payload);
      fixture_post (fixture, FTA_PING, NULL, 0);
    }
}

static void
test_hello_in_run (Fixture *fixture, gconstpointer data)
{
  fta_frame frame;

  fixture_upload_image (fixture, N_LAYERS, SIZE);
  fixture->between = say_hello_again;
  fixture_post_run (fixture, 0, 1000, 0);
  fixture_serve (fixture);
  frame = fixture_take (fixture);
  g_assert_cmpuint (frame.type, ==, FTA_HELLO | FTA_FRAME_REPLY);
  g_assert_cmpuint (frame.payload[0], ==, 5);
  /* Nothing more of the run. */
  g_assert_cmpuint (fixture_take (fixture).type, ==, FTA_PING | FTA_FRAME_REPLY);
  fixture_post_run (fixture, 0, 1, 0);
  fixture_serve (fixture);
  fixture_expect_error (fixture, FTA_ERROR_STATE);
}

static void
stall_from_second (Fixture *fixture)
{
  fixture->stalled = fixture->n_between >= 2 && fixture->n_between < 40;
}

/* A desktop that takes nothing costs records, never time inside an inference. */
static void
test_dropped (Fixture *fixture, gconstpointer data)
{
  Records records = { 0 };
  fta_frame done;
  guint32 before;

  fixture_hello (fixture);
  /* One inference of more layers than the ring holds. */
  {
    g_autofree guint8 *bytes = g_malloc (16384);
    gsize size = tiny_image (bytes, 16384, 60, 16);

    fixture_upload (fixture, FTA_UPLOAD_IMAGE, bytes, (guint32)size);
  }
  fixture->between = stall_from_second;
  before = fixture->milliseconds;
  fixture_post_run (fixture, 0, 1, 0);
  fixture_serve (fixture);
  g_assert_cmpuint (fixture->milliseconds, ==, before);
  done = fixture_take (fixture);
  while (done.type == FTA_LAYERS)
    {
      records.n_layers += fta_get_le16 (done.payload + 6);
      records.dropped += fta_get_le32 (done.payload + 8);
      done = fixture_take (fixture);
    }
  g_assert_cmpuint (records.dropped, >, 10);
  g_assert_cmpuint (records.n_layers + records.dropped, ==, 61);
  g_assert_cmpuint (fta_get_le32 (done.payload + 24), ==, records.dropped);
}

static void
stall_for_ever (Fixture *fixture)
{
  fixture->stalled = TRUE;
}

static void
test_never_reads (Fixture *fixture, gconstpointer data)
{
  fta_frame frame;

  fixture_upload_image (fixture, N_LAYERS, SIZE);
  fixture->between = stall_for_ever;
  fixture_post_run (fixture, 0, 1000, 0);
  fixture_serve (fixture);
  g_assert_cmpuint (fixture->n_between, <=, 2 * N_LAYERS);
  fixture->stalled = FALSE;
  fixture->between = NULL;
  g_assert_false (fixture_try (fixture, &frame));
  fixture_upload_image (fixture, N_LAYERS, SIZE);
}

#define ADD(name, function)                                                              \
  g_test_add ("/agent/run/" name, Fixture, NULL, fixture_set_up, function,               \
              fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("records", test_records);
  ADD ("output", test_output);
  ADD ("continue", test_continue);
  ADD ("input-size", test_input_size);
  ADD ("tensors", test_tensors);
  ADD ("checksums", test_checksums);
  ADD ("repeated", test_repeated);
  ADD ("abort", test_abort);
  ADD ("doorbell", test_doorbell);
  ADD ("silence", test_silence);
  ADD ("hello-in-run", test_hello_in_run);
  ADD ("dropped", test_dropped);
  ADD ("never-reads", test_never_reads);
  return g_test_run ();
}
