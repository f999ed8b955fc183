/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-agent-reset.c: a link that is cut or reset while the agent is at work. */
#include "agent-fixture.h"

#define N_LAYERS 6
#define SIZE     64

/* What the desktop does: everything under way is lost in both directions. */
static void
cut (Fixture *fixture)
{
  fixture->resets = TRUE;
  g_byte_array_set_size (fixture->to_agent, 0);
  g_byte_array_set_size (fixture->from_agent, 0);
}

static void
post_hello (Fixture *fixture)
{
  const guint8 payload[FTA_HELLO_SIZE] = { 8, 7, 6, 5, 4, 3, 2, 1, 1, 1, 0, 0 };

  fixture_post (fixture, FTA_HELLO, payload, sizeof payload);
}

static void
expect_hello_only (Fixture *fixture)
{
  fta_frame frame = fixture_take (fixture);

  g_assert_cmpuint (frame.type, ==, FTA_HELLO | FTA_FRAME_REPLY);
  g_assert_cmpuint (frame.payload[0], ==, 8);
  g_assert_false (fixture_try (fixture, &frame));
}

static void
test_idle (Fixture *fixture, gconstpointer data)
{
  fixture_upload_image (fixture, N_LAYERS, SIZE);
  cut (fixture);
  fixture_post_run (fixture, 0, 1, 0);
  fixture_serve (fixture);
  fixture_expect_error (fixture, FTA_ERROR_NO_SESSION);
  fixture_hello (fixture);
  /* The image went with the session. */
  fixture_post_run (fixture, 0, 1, 0);
  fixture_serve (fixture);
  fixture_expect_error (fixture, FTA_ERROR_STATE);
}

/* Half a frame from before would swallow the first half of the new session. */
static void
test_half_a_frame (Fixture *fixture, gconstpointer data)
{
  guint8 bytes[500] = { 0 };

  fixture_hello (fixture);
  fixture_post (fixture, FTA_PING, bytes, sizeof bytes);
  g_byte_array_set_size (fixture->to_agent, 300);
  fixture_serve (fixture);
  cut (fixture);
  post_hello (fixture);
  fixture_serve (fixture);
  expect_hello_only (fixture);
}

static void
cut_at_third (Fixture *fixture)
{
  if (fixture->n_between != 3)
    return;
  cut (fixture);
  post_hello (fixture);
}

/* The run ends after the layer, without an answer, and the new session is served. */
static void
test_during_run (Fixture *fixture, gconstpointer data)
{
  fixture_upload_image (fixture, N_LAYERS, SIZE);
  fixture->between = cut_at_third;
  fixture_post_run (fixture, 0, 1000, 0);
  fixture_serve (fixture);
  g_assert_cmpuint (fixture->n_between, ==, 3);
  expect_hello_only (fixture);
}

static void
cut_and_flow (Fixture *fixture)
{
  fixture->stalled = FALSE;
  cut (fixture);
  post_hello (fixture);
}

/* An agent whose desktop takes nothing waits; what it could not send is not for the next session. */
static void
test_stalled (Fixture *fixture, gconstpointer data)
{
  fixture_hello (fixture);
  fixture->stalled = TRUE;
  fixture->waiting = cut_and_flow;
  fixture_post (fixture, FTA_PING, NULL, 0);
  fixture_post (fixture, FTA_PING, NULL, 0);
  fixture_serve (fixture);
  expect_hello_only (fixture);
}

static void
abort_and_stall (Fixture *fixture)
{
  if (fixture->n_between != 2)
    return;
  fixture_post (fixture, FTA_ABORT, NULL, 0);
  fixture->stalled = TRUE;
}

/* The answers to RUN and ABORT are due to the session that asked, which is over when they could be sent. */
static void
test_after_abort (Fixture *fixture, gconstpointer data)
{
  fixture_upload_image (fixture, N_LAYERS, SIZE);
  fixture->between = abort_and_stall;
  fixture->waiting = cut_and_flow;
  fixture_post_run (fixture, 0, 1000, 0);
  fixture_serve (fixture);
  expect_hello_only (fixture);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/agent/reset/idle", test_idle },
    { "/agent/reset/half-a-frame", test_half_a_frame },
    { "/agent/reset/during-run", test_during_run },
    { "/agent/reset/stalled", test_stalled },
    { "/agent/reset/after-abort", test_after_abort },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, fixture_set_up, tests[i].test,
                fixture_tear_down);
  return g_test_run ();
}
