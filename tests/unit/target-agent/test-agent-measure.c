/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-agent-measure.c: stamps from a register, and news that a register announces. */
#include "agent-fixture.h"

#define N_LAYERS 10
#define SIZE     64
#define STEP     0x30000000u

static guint32 counter, attention;

/* Lets the agent begin anew, with a port and a clock that CHANGE has changed. */
static void
restart (Fixture *fixture, void (*change) (fta_port *port, fta_identity *identity))
{
  fta_port port = fixture->agent.port;
  fta_identity identity = fixture->agent.identity;
  const fta_memory memory = fixture->agent.memory;

  port.attention = NULL;
  change (&port, &identity);
  fta_agent_init (&fixture->agent, &port, &identity, &memory);
  fixture_upload_image (fixture, N_LAYERS, SIZE);
  fixture->n_between = 0;
}

static void
use_counter (fta_port *port, fta_identity *identity)
{
  port->counter = &counter;
  port->counter_flip = G_MAXUINT32;
}

static void
count_down (Fixture *fixture)
{
  counter -= STEP;
}

/* The register counts down and is not wide enough for an inference. */
static void
test_counter (Fixture *fixture, gconstpointer data)
{
  guint n_layers = 0;
  fta_frame frame;

  counter = 5;
  fixture->between = count_down;
  restart (fixture, use_counter);
  fixture_post_run (fixture, 0, 2, 0);
  fixture_serve (fixture);
  for (frame = fixture_take (fixture); frame.type == FTA_LAYERS;
       frame = fixture_take (fixture))
    for (guint i = 0; i < fta_get_le16 (frame.payload + 6); i++)
      {
        const guint8 *record = frame.payload + FTA_LAYERS_SIZE + i * FTA_RECORD_SIZE;
        guint layer = fta_get_le16 (record);

        if (layer == FTA_WHOLE_INFERENCE)
          continue;
        g_assert_cmpuint (fta_get_le64 (record + 4), ==, (guint64)STEP * (layer + 1));
        g_assert_cmpuint (fta_get_le64 (record + 12), ==, 0);
        n_layers++;
      }
  g_assert_cmpuint (frame.type, ==, FTA_RUN | FTA_FRAME_REPLY);
  g_assert_cmpuint (n_layers, ==, 2 * N_LAYERS);
}

static void
use_attention (fta_port *port, fta_identity *identity)
{
  port->attention = &attention;
  port->attention_mask = 6;
  port->milliseconds = NULL;
}

static void
expect_done (Fixture *fixture)
{
  fta_frame frame;

  do
    frame = fixture_take (fixture);
  while (frame.type == FTA_LAYERS);
  g_assert_cmpuint (frame.type, ==, FTA_RUN | FTA_FRAME_REPLY);
}

static void
test_attention (Fixture *fixture, gconstpointer data)
{
  attention = 1; /* none of the bits that matter */
  restart (fixture, use_attention);
  fixture_post_run (fixture, 0, 3, 0);
  fixture_serve (fixture);
  g_assert_cmpuint (fixture->n_between, ==, 3); /* once before each inference */
  expect_done (fixture);
  attention = 4;
  fixture_post_run (fixture, 0, 3, 0);
  fixture_serve (fixture);
  g_assert_cmpuint (fixture->n_between, ==, 3 + 3 * (1 + N_LAYERS));
  expect_done (fixture);
}

/* Frames that were read together with RUN are no news to the register. */
static void
test_what_came_along (Fixture *fixture, gconstpointer data)
{
  attention = 0;
  restart (fixture, use_attention);
  fixture_post_run (fixture, 0, 1000, 0);
  fixture_post (fixture, FTA_ABORT, NULL, 0);
  fixture_serve (fixture);
  fixture_expect_error (fixture, FTA_ERROR_ABORTED);
  g_assert_cmpuint (fixture_take (fixture).type, ==, FTA_ABORT | FTA_FRAME_REPLY);
}

static void
use_clock (fta_port *port, fta_identity *identity)
{
  port->attention = &attention;
  port->attention_mask = 6;
  identity->clock_hz = 4 * 6 * FIXTURE_TICK; /* three layers in a quarter of a second */
}

static void
fall_silent (Fixture *fixture)
{
  fixture->milliseconds += 700;
}

/* The rule of silence holds also where nothing calls for attention. */
static void
test_silence (Fixture *fixture, gconstpointer data)
{
  fta_frame frame;

  attention = 0;
  restart (fixture, use_clock);
  fixture->between = fall_silent;
  fixture_post_run (fixture, 0, 1000, 0);
  fixture_serve (fixture);
  g_assert_cmpuint (fixture->n_between, <, 10);
  do
    frame = fixture_take (fixture);
  while (frame.type == FTA_LAYERS);
  g_assert_cmpuint (frame.type, ==, FTA_LOG);
  g_assert_false (fixture_try (fixture, &frame));
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/agent/measure/counter", test_counter },
    { "/agent/measure/attention", test_attention },
    { "/agent/measure/what-came-along", test_what_came_along },
    { "/agent/measure/silence", test_silence },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, fixture_set_up, tests[i].test,
                fixture_tear_down);
  return g_test_run ();
}
