/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-kernel.c: runs in the guest: sessions over libusb, usbfs and vhci_hcd with firmware on a virtual Cortex-M4.
 *
 *     test-kernel RELAY LINK DOORBELL
 *
 * RELAY plugs the board in, see relay.c. Prints the figures as well. */
#include "session-steps.h"

#include "target-agent/wire.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define DETACH     "/sys/devices/platform/vhci_hcd.0/detach"
#define BOARD      "usb:virtual-m4"
#define PORT       "0"
#define ARRIVAL    (30 * G_TIME_SPAN_SECOND)
#define N_LAYERS   3700u
#define IMAGE_SIZE (300u << 10)
#define N_ROUNDS   200u

static char **relay; /* its command, without the port */
static GPid relay_pid;

/* --- the cable --- */

static void
unplug (void)
{
  int file = open (DETACH, O_WRONLY);

  g_assert_cmpint (file, >=, 0);
  g_assert_cmpint (write (file, PORT, strlen (PORT)), ==, (gssize)strlen (PORT));
  close (file);
  g_spawn_close_pid (relay_pid);
}

/* Returns when the board is in the list and may be used. */
static FettleBoard *
find_board (void)
{
  const gint64 deadline = g_get_monotonic_time () + ARRIVAL;

  for (;;)
    {
      g_autoptr (FettleBoard) board = fettle_board_lookup (BOARD, NULL);

      if (board != NULL && fettle_board_get_problem (board) == NULL)
        return g_steal_pointer (&board);
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (20000);
    }
}

static void
plug (void)
{
  char *command[] = { relay[0], relay[1], relay[2], (char *)PORT, NULL };
  g_autoptr (GError) error = NULL;

  /* It outlives this process if a test fails; whoever reads its output would wait for both. */
  g_spawn_async (NULL, command, NULL,
                 G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
                 &relay_pid, &error);
  g_assert_no_error (error);
}

static void
wait_for_departure (void)
{
  const gint64 deadline = g_get_monotonic_time () + ARRIVAL;

  for (;;)
    {
      g_autoptr (FettleBoard) board = fettle_board_lookup (BOARD, NULL);

      if (board == NULL)
        return;
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (20000);
    }
}

static void
plug_again (void)
{
  wait_for_departure ();
  plug ();
}

/* --- sessions --- */

typedef struct
{
  FettleSession *session;
  FettleLink *link;
  guint n_lost;
  gboolean unplugs_upload, unplugs_run;
  GCancellable *cancels_run;
} Fixture;

static void
on_lost (FettleSession *session, const GError *reason, Fixture *fixture)
{
  fixture->n_lost++;
}

static void
on_progress (FettleSession *session, double fraction, Fixture *fixture)
{
  if (fixture->unplugs_upload && fraction > 0.3 && fraction < 1)
    {
      fixture->unplugs_upload = FALSE;
      unplug ();
    }
}

static void
on_measured (FettleSession *session, FettleTrace *trace, Fixture *fixture)
{
  if (fixture->unplugs_run)
    unplug ();
  fixture->unplugs_run = FALSE;
  if (fixture->cancels_run != NULL)
    g_cancellable_cancel (fixture->cancels_run);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  fettle_session_close (fixture->session);
  g_signal_handlers_disconnect_by_data (fixture->session, fixture);
  g_clear_object (&fixture->session);
  g_clear_object (&fixture->link);
  g_clear_object (&fixture->cancels_run);
}

static gboolean
open_session (Fixture *fixture, GError **error)
{
  g_autoptr (FettleBoard) board = find_board ();

  fixture->link = fettle_board_create_link (board);
  fixture->session = fettle_session_new (fixture->link);
  g_signal_connect (fixture->session, "lost", G_CALLBACK (on_lost), fixture);
  g_signal_connect (fixture->session, "progress", G_CALLBACK (on_progress), fixture);
  g_signal_connect (fixture->session, "measured", G_CALLBACK (on_measured), fixture);
  return steps_open (fixture->session, error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  /* A kernel that had to wait for a slow board may number it once more, as if it had been plugged in again. */
  if (!open_session (fixture, &error)
      && g_error_matches (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_VANISHED))
    {
      g_test_message ("opened twice: %s", error->message);
      g_clear_error (&error);
      tear_down (fixture, data);
      *fixture = (Fixture){ 0 };
      open_session (fixture, &error);
    }
  g_assert_no_error (error);
}

static GBytes *
make_image (void)
{
  g_autoptr (GBytes) image = steps_make_image (N_LAYERS, 16);
  gsize size;

  g_bytes_get_data (image, &size);
  g_assert_cmpuint (size, >=, IMAGE_SIZE);
  return g_steal_pointer (&image);
}

static void
upload (Fixture *fixture)
{
  g_autoptr (GBytes) image = make_image ();
  g_autoptr (GError) error = NULL;

  steps_upload (fixture->session, image, &error);
  g_assert_no_error (error);
}

static guint
run (Fixture *fixture, guint repetitions)
{
  const FettleRunRequest request = { .repetitions = repetitions };
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleRunResult) result = steps_run (fixture->session, &request, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (fettle_trace_get_n_runs (result->trace), ==, repetitions);
  return repetitions * N_LAYERS;
}

static double
seconds_since (gint64 start)
{
  return (double)(g_get_monotonic_time () - start) / G_TIME_SPAN_SECOND;
}

static void
test_runs (Fixture *fixture, gconstpointer data)
{
  guint n_records;
  gint64 start;

  start = g_get_monotonic_time ();
  upload (fixture);
  g_test_message ("upload of %u layers, over 300 KiB: %.1f ms", N_LAYERS,
                  1000 * seconds_since (start));
  start = g_get_monotonic_time ();
  n_records = run (fixture, 20);
  g_test_message ("%.0f records per second, of a firmware that is emulated too",
                  n_records / seconds_since (start));
}

/* --- unplugged at the wrong moment --- */

static void
check_other_session (void)
{
  Fixture fixture = { 0 };

  set_up (&fixture, NULL);
  upload (&fixture);
  run (&fixture, 3);
  tear_down (&fixture, NULL);
}

static void
test_unplug_in_upload (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) image = make_image ();
  g_autoptr (GError) error = NULL;

  fixture->unplugs_upload = TRUE;
  g_assert_false (steps_upload (fixture->session, image, &error));
  g_assert_error (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_VANISHED);
  g_assert_cmpuint (fixture->n_lost, ==, 1);
  plug_again ();
  check_other_session ();
}

static void
test_unplug_in_run (Fixture *fixture, gconstpointer data)
{
  const FettleRunRequest request = { .repetitions = 60000 };
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleRunResult) result = NULL;
  gint64 start;

  upload (fixture);
  fixture->unplugs_run = TRUE;
  result = steps_run (fixture->session, &request, &error);
  g_assert_null (result);
  g_assert_error (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_VANISHED);
  start = g_get_monotonic_time ();
  plug_again ();
  check_other_session ();
  /* The board had hours of work left, and dropped it. */
  g_test_message ("in use again %.1f s after it was pulled out", seconds_since (start));
}

static void
test_unplug_idle (Fixture *fixture, gconstpointer data)
{
  unplug ();
  STEPS_WAIT_FOR (fixture->n_lost == 1);
  plug_again ();
  check_other_session ();
}

static void
test_cycles (Fixture *fixture, gconstpointer data)
{
  fettle_session_close (fixture->session);
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (FettleBoard) board = NULL;

      unplug ();
      plug_again ();
      board = find_board ();
    }
  check_other_session ();
}

/* --- endpoint 0 --- */

static void
test_abort (Fixture *fixture, gconstpointer data)
{
  const FettleRunRequest request = { .repetitions = 60000 };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (FettleRunResult) run_result = NULL;
  g_autoptr (GError) error = NULL;

  upload (fixture);
  fixture->cancels_run = g_cancellable_new ();
  fettle_session_run_async (fixture->session, &request, fixture->cancels_run, steps_store,
                            &result);
  STEPS_WAIT_FOR (result != NULL);
  run_result = fettle_session_run_finish (fixture->session, result, &error);
  g_assert_null (run_result);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object (&fixture->cancels_run);
  /* The session goes on. */
  run (fixture, 3);
  g_assert_cmpuint (fixture->n_lost, ==, 0);
}

/* --- round trips: frames without a session --- */

typedef struct
{
  fta_parser parser;
  guint8 buffer[4096];
  guint n_frames;
  guint8 last_type;
} Inbox;

static void
on_received (FettleLink *link, GBytes *bytes, Inbox *inbox)
{
  gsize size, taken = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  bool complete = true;

  while (complete)
    {
      fta_frame frame;

      taken +=
          fta_parser_feed (&inbox->parser, data + taken, size - taken, &frame, &complete);
      if (complete)
        inbox->last_type = frame.type;
      inbox->n_frames += complete;
    }
}

/* All of the frame but the last CUT bytes. */
static void
send_frame (FettleLink *link, guint type, const void *payload, guint size, guint cut)
{
  guint8 frame[64];
  g_autoptr (GBytes) bytes = NULL;

  if (size > 0)
    memcpy (frame + FTA_FRAME_HEADER, payload, size);
  bytes = g_bytes_new (frame, fta_frame_seal (frame, (guint8)type, 1, size) - cut);
  fettle_link_send (link, bytes);
}

static void
ask (FettleLink *link, Inbox *inbox, guint type, const void *payload, guint size)
{
  const guint before = inbox->n_frames;

  send_frame (link, type, payload, size, 0);
  STEPS_WAIT_FOR (inbox->n_frames > before);
  g_assert_cmpuint (inbox->last_type, ==, type | FTA_FRAME_REPLY);
}

static void
test_round_trips (void)
{
  const guint8 hello[12] = { 1, 2, 3, 4, 5, 6, 7, 8, 1, 1 };
  g_autoptr (FettleBoard) board = find_board ();
  g_autoptr (FettleLink) link = fettle_board_create_link (board);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  Inbox inbox = { 0 };
  gint64 start;

  fta_parser_init (&inbox.parser, inbox.buffer, sizeof inbox.buffer);
  g_signal_connect (link, "received", G_CALLBACK (on_received), &inbox);
  fettle_link_open_async (link, NULL, steps_store, &result);
  STEPS_WAIT_FOR (result != NULL);
  fettle_link_open_finish (link, result, &error);
  g_assert_no_error (error);
  ask (link, &inbox, 1, hello, sizeof hello);
  start = g_get_monotonic_time ();
  for (guint i = 0; i < N_ROUNDS; i++)
    ask (link, &inbox, 7, NULL, 0);
  g_test_message ("round trip of a PING: %.2f ms",
                  1000 * seconds_since (start) / N_ROUNDS);
  /* Half a frame, and RESET: the next is read from its beginning. */
  send_frame (link, 7, hello, sizeof hello, 10);
  fettle_link_interrupt (link, FETTLE_INTERRUPT_RESET);
  ask (link, &inbox, 1, hello, sizeof hello);
  fettle_link_close (link);
  g_signal_handlers_disconnect_by_data (link, &inbox);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/usb/kernel/runs", test_runs },
    { "/usb/kernel/abort", test_abort },
    { "/usb/kernel/unplug-in-upload", test_unplug_in_upload },
    { "/usb/kernel/unplug-in-run", test_unplug_in_run },
    { "/usb/kernel/unplug-idle", test_unplug_idle },
    { "/usb/kernel/cycles", test_cycles },
  };

  int status;

  g_test_init (&argc, &argv, NULL);
  if (argc != 4)
    {
      g_printerr ("usage: test-kernel RELAY LINK DOORBELL\n");
      return 2;
    }
  relay = argv + 1;
  plug ();
  g_test_add_func ("/usb/kernel/round-trips", test_round_trips);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  status = g_test_run ();
  unplug ();
  return status;
}
