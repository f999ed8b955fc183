/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-control.c: what the window does with a board on USB that comes and goes while a model runs on it.
 *
 * The argument is the folder of the sample model. */
#include "app/board-control.h"
#include "mock-agent.h"
#include "session-steps.h"

#define SERIAL "0123456789ABCDEF"

static MockUsbBus *bus;
static const char *sample;

typedef struct
{
  MockAgent *agent;
  FettleDocument *document;
  FettleBoardControl *control;
  guint n_failed;
} Fixture;

static void
on_failed (FettleBoardControl *control, const char *text, Fixture *fixture)
{
  g_test_message ("%s", text);
  fixture->n_failed++;
}

static gboolean
is_in (Fixture *fixture, FettleBoardState state)
{
  return fettle_board_control_get_state (fixture->control) == state;
}

static FettleBoard *
find_board (Fixture *fixture)
{
  return fettle_board_monitor_lookup (fettle_board_control_get_monitor (fixture->control),
                                      "usb:" SERIAL);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (sample, "bearing.tflite", NULL);

  fixture->agent = mock_agent_plug (bus, 1, SERIAL);
  fixture->document = fettle_document_new ();
  fettle_document_open (fixture->document, path);
  STEPS_WAIT_FOR (!fettle_document_is_busy (fixture->document));
  g_assert_nonnull (fettle_document_get_content (fixture->document));
  fixture->control = fettle_board_control_new (fixture->document);
  g_signal_connect (fixture->control, "failed", G_CALLBACK (on_failed), fixture);
  STEPS_WAIT_FOR (find_board (fixture) != NULL);
  fettle_board_control_set_board (fixture->control, find_board (fixture));
  fettle_board_control_connect (fixture->control);
  STEPS_WAIT_FOR (is_in (fixture, FETTLE_BOARD_CONNECTED));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  fettle_board_control_disconnect (fixture->control);
  g_assert_true (is_in (fixture, FETTLE_BOARD_DISCONNECTED));
  g_object_unref (fixture->control);
  g_object_unref (fixture->document);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  mock_agent_free (fixture->agent);
}

static guint
count_runs (Fixture *fixture)
{
  FettleTrace *trace = fettle_document_get_trace (fixture->document);

  return trace != NULL ? fettle_trace_get_n_runs (trace) : 0;
}

static void
await_runs (Fixture *fixture, guint n)
{
  STEPS_WAIT_FOR (is_in (fixture, FETTLE_BOARD_RUNNING) && count_runs (fixture) >= n);
}

/* The same project and the same plot, with as many gaps as there were. */
static void
test_run_goes_on (Fixture *fixture, gconstpointer data)
{
  FettleContent *content = fettle_document_get_content (fixture->document);

  fettle_board_control_run (fixture->control);
  await_runs (fixture, 3);
  for (guint gaps = 1; gaps <= 3; gaps++)
    {
      FettleTrace *trace;
      guint before;

      mock_agent_unplug (fixture->agent);
      STEPS_WAIT_FOR (is_in (fixture, FETTLE_BOARD_AWAITED));
      trace = fettle_document_get_trace (fixture->document);
      before = count_runs (fixture);
      g_assert_null (fettle_board_control_get_info (fixture->control));
      mock_agent_replug (fixture->agent, 1 + gaps % 2);
      await_runs (fixture, before + 1);
      g_assert_true (fettle_document_get_trace (fixture->document) == trace);
      g_assert_cmpuint (fettle_trace_get_n_gaps (trace), ==, gaps);
    }
  g_assert_true (fettle_document_get_content (fixture->document) == content);
  g_assert_cmpuint (fixture->n_failed, ==, 0);
  /* A run that the user starts is a new one. */
  fettle_board_control_stop (fixture->control);
  STEPS_WAIT_FOR (is_in (fixture, FETTLE_BOARD_CONNECTED));
  fettle_board_control_run (fixture->control);
  STEPS_WAIT_FOR (
      is_in (fixture, FETTLE_BOARD_RUNNING)
      && fettle_trace_get_n_gaps (fettle_document_get_trace (fixture->document)) == 0);
}

static void
test_idle (Fixture *fixture, gconstpointer data)
{
  mock_agent_unplug (fixture->agent);
  STEPS_WAIT_FOR (is_in (fixture, FETTLE_BOARD_AWAITED));
  mock_agent_replug (fixture->agent, 1);
  STEPS_WAIT_FOR (is_in (fixture, FETTLE_BOARD_CONNECTED));
  g_assert_cmpuint (count_runs (fixture), ==, 0);
  g_assert_cmpuint (fixture->n_failed, ==, 0);
}

static void
test_given_up (Fixture *fixture, gconstpointer data)
{
  fettle_board_control_run (fixture->control);
  await_runs (fixture, 1);
  mock_agent_unplug (fixture->agent);
  STEPS_WAIT_FOR (is_in (fixture, FETTLE_BOARD_AWAITED));
  fettle_board_control_disconnect (fixture->control);
  g_assert_true (is_in (fixture, FETTLE_BOARD_DISCONNECTED));
  STEPS_WAIT_FOR (find_board (fixture) == NULL);
  mock_agent_replug (fixture->agent, 1);
  STEPS_WAIT_FOR (find_board (fixture) != NULL);
  g_assert_true (is_in (fixture, FETTLE_BOARD_DISCONNECTED));
  /* It is the board that is there now which is connected. */
  fettle_board_control_connect (fixture->control);
  STEPS_WAIT_FOR (is_in (fixture, FETTLE_BOARD_CONNECTED));
}

/* Pulled out again before it was ready. */
static void
test_again_and_again (Fixture *fixture, gconstpointer data)
{
  guint before;

  fettle_board_control_run (fixture->control);
  await_runs (fixture, 1);
  before = count_runs (fixture);
  for (gint64 wait = 0; wait < 15; wait++)
    {
      gint64 end = g_get_monotonic_time () + wait * G_TIME_SPAN_MILLISECOND;

      mock_agent_unplug (fixture->agent);
      STEPS_WAIT_FOR (is_in (fixture, FETTLE_BOARD_AWAITED));
      mock_agent_replug (fixture->agent, 1);
      STEPS_WAIT_FOR (g_get_monotonic_time () >= end);
    }
  await_runs (fixture, before + 1);
  g_assert_cmpuint (fixture->n_failed, ==, 0);
}

#define ADD(name, function)                                                              \
  g_test_add ("/usb-control/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  sample = argv[1];
  g_setenv ("FETTLE_USB_ID", "1209:0001", TRUE);
  bus = mock_usb_bus_new ();
  if (bus == NULL)
    {
      g_print ("1..0 # SKIP not run under umockdev-wrapper\n");
      return 0;
    }
  ADD ("run-goes-on", test_run_goes_on);
  ADD ("idle", test_idle);
  ADD ("given-up", test_given_up);
  ADD ("again-and-again", test_again_and_again);
  status = g_test_run ();
  mock_usb_bus_free (bus);
  return status;
}
