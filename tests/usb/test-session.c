/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-session.c: sessions over libusb with the project's own agent behind a USB port: what works, and
 * what happens when it is pulled out at the wrong moment. */
#include "mock-agent.h"
#include "privileges.h"
#include "profiler/board-monitor.h"
#include "session-steps.h"

#include <glib/gstdio.h>
#include <string.h>

#define SERIAL   "0123456789ABCDEF"
#define N_LAYERS 5
#define SIZE     65536u
#define N_CYCLES 200

static MockUsbBus *bus;

typedef struct
{
  MockAgent *agent;
  FettleBoard *board;
  FettleSession *session;
  guint n_lost, n_outputs, n_measured;
  double progress;
  double unplug_at; /* of an upload; 0: never */
} Fixture;

/* --- helpers --- */

static void
on_lost (FettleSession *session, const GError *reason, Fixture *fixture)
{
  g_assert_nonnull (reason);
  fixture->n_lost++;
}

static void
on_measured (FettleSession *session, FettleTrace *trace, Fixture *fixture)
{
  fixture->n_measured++;
}

static void
on_output (FettleSession *session, guint checksum, Fixture *fixture)
{
  fixture->n_outputs++;
}

static void
on_progress (FettleSession *session, double fraction, Fixture *fixture)
{
  fixture->progress = fraction;
  if (fixture->unplug_at > 0 && fraction >= fixture->unplug_at
      && mock_agent_get_device (fixture->agent) != NULL)
    mock_agent_unplug (fixture->agent);
}

static void
make_session (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleLink) link = NULL;

  fixture->board = fettle_board_lookup ("usb:" SERIAL, &error);
  g_assert_no_error (error);
  link = fettle_board_create_link (fixture->board);
  fixture->session = fettle_session_new (link);
  fixture->n_lost = fixture->n_outputs = fixture->n_measured = 0;
  g_signal_connect (fixture->session, "lost", G_CALLBACK (on_lost), fixture);
  g_signal_connect (fixture->session, "measured", G_CALLBACK (on_measured), fixture);
  g_signal_connect (fixture->session, "output", G_CALLBACK (on_output), fixture);
  g_signal_connect (fixture->session, "progress", G_CALLBACK (on_progress), fixture);
}

static void
drop_session (Fixture *fixture)
{
  fettle_session_close (fixture->session);
  g_assert_cmpuint (fixture->n_lost, ==, 1);
  g_signal_handlers_disconnect_by_data (fixture->session, fixture);
  g_clear_object (&fixture->session);
  g_clear_object (&fixture->board);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->agent = mock_agent_plug (bus, 1, SERIAL);
  make_session (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->session != NULL)
    drop_session (fixture);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  mock_agent_free (fixture->agent);
}

static void
open_session (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  steps_open (fixture->session, &error);
  g_assert_no_error (error);
}

static void
upload (Fixture *fixture)
{
  g_autoptr (GBytes) image = steps_make_image (N_LAYERS, SIZE);
  g_autoptr (GError) error = NULL;

  steps_upload (fixture->session, image, &error);
  g_assert_no_error (error);
}

static void
check_run (Fixture *fixture)
{
  FettleRunRequest request = { .repetitions = 3, .warm_up = 1 };
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *bytes = g_malloc (SIZE);
  g_autoptr (GBytes) input = NULL;
  g_autoptr (FettleRunResult) result = NULL;

  for (guint i = 0; i < SIZE; i++)
    bytes[i] = (guint8)(i * 31 >> 3);
  input = g_bytes_new (bytes, SIZE);
  request.input = input;
  result = steps_run (fixture->session, &request, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (result->output, input));
  g_assert_cmpuint (fettle_trace_get_n_runs (result->trace), ==, 3);
}

static GAsyncResult *
await (GAsyncResult **result)
{
  STEPS_WAIT_FOR (*result != NULL);
  return g_steal_pointer (result);
}

/* After the worst, everything works on the same board plugged in again. */
static void
check_replug (Fixture *fixture)
{
  if (fixture->session != NULL)
    drop_session (fixture);
  fixture->unplug_at = 0;
  mock_agent_replug (fixture->agent, 2);
  make_session (fixture);
  open_session (fixture);
  upload (fixture);
  check_run (fixture);
}

/* --- what works --- */

static void
test_run (Fixture *fixture, gconstpointer data)
{
  const FettleBoardInfo *info;

  g_assert_null (fettle_board_get_problem (fixture->board));
  g_assert_cmpstr (fettle_board_get_link (fixture->board), ==, "usb");
  g_assert_cmpstr (fettle_board_get_name (fixture->board), ==,
                   "Mock board (USB " SERIAL ")");
  open_session (fixture);
  info = fettle_session_get_info (fixture->session);
  g_assert_cmpstr (info->board, ==, "mock");
  g_assert_cmpstr (info->unique_id, ==, SERIAL);
  upload (fixture);
  g_assert_cmpfloat (fixture->progress, ==, 1);
  check_run (fixture);
  upload (fixture);
  check_run (fixture);
}

static void
test_sessions (Fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < 5; i++)
    {
      open_session (fixture);
      upload (fixture);
      check_run (fixture);
      drop_session (fixture);
      make_session (fixture);
    }
}

static void
test_abort (Fixture *fixture, gconstpointer data)
{
  open_session (fixture);
  upload (fixture);
  for (int i = 0; i < 3; i++)
    {
      FettleRunRequest request = { .repetitions = G_MAXUINT16 };
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GAsyncResult) finished = NULL;
      g_autoptr (GError) error = NULL;
      guint before = fixture->n_measured;

      fettle_session_run_async (fixture->session, &request, cancellable, steps_store,
                                &result);
      STEPS_WAIT_FOR (fixture->n_measured > before);
      g_cancellable_cancel (cancellable);
      finished = await (&result);
      g_assert_null (fettle_session_run_finish (fixture->session, finished, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      check_run (fixture);
    }
}

static void
test_two_boards (Fixture *fixture, gconstpointer data)
{
  MockAgent *agent = mock_agent_plug (bus, 3, "SECOND");
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleBoard) board = fettle_board_lookup ("usb:1-3", &error);
  g_autoptr (GBytes) image = steps_make_image (N_LAYERS, SIZE);
  FettleRunRequest request = { .repetitions = 2 };
  FettleBoardInfo info = { 0 };
  g_autoptr (FettleRunResult) result = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (fettle_board_get_id (board), ==, "usb:SECOND");
  open_session (fixture);
  upload (fixture);
  result = fettle_session_run_once (board, image, &request, &info, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (info.unique_id, ==, "SECOND");
  fettle_board_info_clear (&info);
  mock_agent_unplug (agent);
  check_run (fixture);
  g_assert_cmpuint (fixture->n_lost, ==, 0);
  mock_agent_free (agent);
}

/* --- unplugged in each state --- */

static void
check_vanished (const GError *error)
{
  g_assert_error (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_VANISHED);
  g_assert_cmpstr (error->message, ==, "The board was unplugged; plug it in again.");
}

static void
test_unplug_unopened (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  mock_agent_unplug (fixture->agent);
  g_assert_false (steps_open (fixture->session, &error));
  check_vanished (error);
  check_replug (fixture);
}

static void
test_unplug_in_hello (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) opened = NULL;
  g_autoptr (GError) error = NULL;

  /* It takes the request on endpoint 0 and hangs before it answers HELLO. */
  fettle_session_open_async (fixture->session, NULL, steps_store, &result);
  STEPS_WAIT_FOR (mock_usb_count_waiting_in (mock_agent_get_device (fixture->agent)) > 0);
  mock_agent_set_stuck (fixture->agent, TRUE);
  mock_agent_unplug (fixture->agent);
  opened = await (&result);
  /* The answer may have been quicker. */
  if (!fettle_session_open_finish (fixture->session, opened, &error))
    check_vanished (error);
  STEPS_WAIT_FOR (fixture->n_lost == 1);
  mock_agent_set_stuck (fixture->agent, FALSE);
  check_replug (fixture);
}

static void
test_unplug_in_upload (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) image = steps_make_image (2000, 16);
  g_autoptr (GError) error = NULL;

  open_session (fixture);
  fixture->unplug_at = 0.3;
  g_assert_false (steps_upload (fixture->session, image, &error));
  check_vanished (error);
  g_assert_cmpfloat (fixture->progress, <, 1);
  g_assert_cmpuint (fixture->n_lost, ==, 1);
  check_replug (fixture);
}

static void
test_unplug_in_run (Fixture *fixture, gconstpointer data)
{
  FettleRunRequest request = { .repetitions = G_MAXUINT16 };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) finished = NULL;
  g_autoptr (GError) error = NULL;

  open_session (fixture);
  upload (fixture);
  fettle_session_run_async (fixture->session, &request, NULL, steps_store, &result);
  STEPS_WAIT_FOR (fixture->n_measured > 0);
  mock_agent_unplug (fixture->agent);
  finished = await (&result);
  g_assert_null (fettle_session_run_finish (fixture->session, finished, &error));
  check_vanished (error);
  g_assert_cmpuint (fixture->n_lost, ==, 1);
  check_replug (fixture);
}

static void
test_unplug_in_fetch (Fixture *fixture, gconstpointer data)
{
  FettleRunRequest request = { .repetitions = 1 };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) finished = NULL;
  g_autoptr (GError) error = NULL;

  open_session (fixture);
  upload (fixture);
  fettle_session_run_async (fixture->session, &request, NULL, steps_store, &result);
  /* The run is over, its 64 KiB are on their way. */
  STEPS_WAIT_FOR (fixture->n_outputs > 0);
  mock_agent_unplug (fixture->agent);
  finished = await (&result);
  g_assert_null (fettle_session_run_finish (fixture->session, finished, &error));
  check_vanished (error);
  check_replug (fixture);
}

static void
test_unplug_idle (Fixture *fixture, gconstpointer data)
{
  FettleRunRequest request = { .repetitions = 1 };
  g_autoptr (GError) error = NULL;

  open_session (fixture);
  mock_agent_unplug (fixture->agent);
  STEPS_WAIT_FOR (fixture->n_lost == 1);
  g_assert_null (steps_run (fixture->session, &request, &error));
  check_vanished (error);
  check_replug (fixture);
}

static void
test_unplug_while_closing (Fixture *fixture, gconstpointer data)
{
  open_session (fixture);
  drop_session (fixture);
  mock_agent_unplug (fixture->agent);
  check_replug (fixture);
}

/* --- boards that cannot be used --- */

static void
test_busy (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  mock_usb_set_claimed (mock_agent_get_device (fixture->agent), TRUE);
  g_assert_false (steps_open (fixture->session, &error));
  g_assert_error (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_BUSY);
  g_assert_cmpstr (error->message, ==,
                   "Another program is using this board; close it there.");
  mock_usb_set_claimed (mock_agent_get_device (fixture->agent), FALSE);
  drop_session (fixture);
  make_session (fixture);
  open_session (fixture);
}

static void
test_forbidden (Fixture *fixture, gconstpointer data)
{
  g_autofree char *file = mock_usb_get_file (mock_agent_get_device (fixture->agent));
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleBoard) board = NULL;

  g_assert_cmpint (g_chmod (file, 0), ==, 0);
  g_assert_false (steps_open (fixture->session, &error));
  g_assert_error (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_FORBIDDEN);
  g_assert_nonnull (strstr (error->message, "udev rule"));
  board = fettle_board_lookup ("usb:" SERIAL, NULL);
  g_assert_cmpstr (fettle_board_get_problem (board), ==, error->message);
  g_assert_nonnull (strstr (fettle_board_get_remedy (board),
                            "ATTR{idVendor}==\"1209\", ATTR{idProduct}==\"0001\""));
  g_assert_cmpint (g_chmod (file, 0600), ==, 0);
}

static gboolean
permit (gpointer file)
{
  g_assert_cmpint (g_chmod (file, 0600), ==, 0);
  return G_SOURCE_REMOVE;
}

/* udev is a little later than the board. */
static void
test_permitted_late (Fixture *fixture, gconstpointer data)
{
  g_autofree char *file = mock_usb_get_file (mock_agent_get_device (fixture->agent));

  g_assert_cmpint (g_chmod (file, 0), ==, 0);
  g_timeout_add (200, permit, file);
  open_session (fixture);
}

/* Firmware that does not even answer on endpoint 0. */
static void
test_stuck (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  mock_agent_set_stuck (fixture->agent, TRUE);
  g_assert_false (steps_open (fixture->session, &error));
  g_assert_error (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_SILENT);
  g_assert_nonnull (strstr (error->message, "reset button"));
  mock_agent_set_stuck (fixture->agent, FALSE);
  drop_session (fixture);
  make_session (fixture);
  open_session (fixture);
}

/* --- a day at a desk --- */

typedef struct
{
  MockAgent *agent;
  FettleBoardMonitor *monitor;
  FettleSession *session;
  GBytes *image;
  guint n_added, n_removed, n_runs;
} Desk;

static void
on_desk_done (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Desk *desk = user_data;
  g_autoptr (FettleRunResult) run =
      fettle_session_run_finish (FETTLE_SESSION (object), result, NULL);

  if (run != NULL)
    desk->n_runs++;
}

static void
on_desk_uploaded (GObject *object, GAsyncResult *result, gpointer user_data)
{
  FettleRunRequest request = { .repetitions = 50 };

  if (fettle_session_upload_finish (FETTLE_SESSION (object), result, NULL))
    fettle_session_run_async (FETTLE_SESSION (object), &request, NULL, on_desk_done,
                              user_data);
}

static void
on_desk_opened (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Desk *desk = user_data;

  if (fettle_session_open_finish (FETTLE_SESSION (object), result, NULL))
    fettle_session_upload_async (FETTLE_SESSION (object), desk->image, NULL,
                                 on_desk_uploaded, desk);
}

static void
on_desk_added (FettleBoardMonitor *monitor, FettleBoard *board, Desk *desk)
{
  g_autoptr (FettleLink) link = fettle_board_create_link (board);

  desk->n_added++;
  g_assert_null (desk->session);
  desk->session = fettle_session_new (link);
  fettle_session_open_async (desk->session, NULL, on_desk_opened, desk);
}

static void
on_desk_removed (FettleBoardMonitor *monitor, FettleBoard *board, Desk *desk)
{
  desk->n_removed++;
  if (desk->session != NULL)
    fettle_session_close (desk->session);
  g_clear_object (&desk->session);
}

static void
work_for (guint microseconds)
{
  const gint64 end = g_get_monotonic_time () + microseconds;

  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (200);
}

static guint
count_descriptors (void)
{
  g_autoptr (GDir) directory = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (directory) != NULL)
    n++;
  return n;
}

static void
check_nothing_is_left (Desk *desk, guint descriptors)
{
  work_for (20000);
  g_assert_null (desk->session);
  g_assert_cmpuint (desk->n_added, ==, desk->n_removed);
  g_assert_cmpuint (fettle_board_monitor_get_boards (desk->monitor)->len, ==, 4);
  if (descriptors > 0)
    STEPS_WAIT_FOR (count_descriptors () <= descriptors);
}

static void
test_cycles (void)
{
  Desk desk = { .image = steps_make_image (200, 1024) };
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  guint descriptors = 0;

  desk.agent = mock_agent_plug (bus, 1, SERIAL);
  mock_agent_unplug (desk.agent);
  desk.monitor = fettle_board_monitor_new ();
  g_signal_connect (desk.monitor, "added", G_CALLBACK (on_desk_added), &desk);
  g_signal_connect (desk.monitor, "removed", G_CALLBACK (on_desk_removed), &desk);
  for (int i = 0; i < N_CYCLES; i++)
    {
      guint before = desk.n_removed, runs = desk.n_runs;

      mock_agent_replug (desk.agent, 1 + (guint)g_rand_int_range (random, 0, 3));
      /* From before it was looked at to the end of a run. */
      if (i % 25 == 0)
        STEPS_WAIT_FOR (desk.n_runs > runs);
      else
        work_for ((guint)g_rand_int_range (random, 0, 40000));
      mock_agent_unplug (desk.agent);
      STEPS_WAIT_FOR (desk.session == NULL
                      && (desk.n_removed > before || desk.n_added == desk.n_removed));
      if (i == N_CYCLES / 2)
        {
          check_nothing_is_left (&desk, 0);
          descriptors = count_descriptors ();
        }
    }
  check_nothing_is_left (&desk, descriptors);
  g_test_message ("%u arrivals seen, %u runs finished", desk.n_added, desk.n_runs);
  g_assert_cmpuint (desk.n_added, >, N_CYCLES / 2);
  g_object_unref (desk.monitor);
  work_for (20000);
  mock_agent_free (desk.agent);
  g_bytes_unref (desk.image);
}

#define ADD(name, function)                                                              \
  g_test_add ("/usb-session/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  int status;

  drop_file_privileges ();
  g_test_init (&argc, &argv, NULL);
  g_setenv ("FETTLE_USB_ID", "1209:0001", TRUE);
  bus = mock_usb_bus_new ();
  if (bus == NULL)
    {
      g_print ("1..0 # SKIP not run under umockdev-wrapper\n");
      return 0;
    }
  ADD ("run", test_run);
  ADD ("sessions", test_sessions);
  ADD ("abort", test_abort);
  ADD ("two-boards", test_two_boards);
  ADD ("unplug-unopened", test_unplug_unopened);
  ADD ("unplug-in-hello", test_unplug_in_hello);
  ADD ("unplug-in-upload", test_unplug_in_upload);
  ADD ("unplug-in-run", test_unplug_in_run);
  ADD ("unplug-in-fetch", test_unplug_in_fetch);
  ADD ("unplug-idle", test_unplug_idle);
  ADD ("unplug-while-closing", test_unplug_while_closing);
  ADD ("busy", test_busy);
  ADD ("forbidden", test_forbidden);
  ADD ("permitted-late", test_permitted_late);
  ADD ("stuck", test_stuck);
  g_test_add_func ("/usb-session/cycles", test_cycles);
  status = g_test_run ();
  mock_usb_bus_free (bus);
  return status;
}
