/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-continuous.c: runs until stopped, runs of any length, and validation against the desktop, on a
 * board whose id is the first argument.
 *
 * FETTLE_LONG_RUNS sets the number of runs of the long one (default 70000; virtual: 200). */
#include "profiler/reference.h"
#include "session-steps.h"

#include "runtime/frt.h"

#include <stdlib.h>
#include <string.h>

#define N_LAYERS 5
#define SIZE     256u

static FettleBoard *board;

typedef struct
{
  FettleSession *session;
  GBytes *image, *input;
  guint n_outputs, n_measured;
  guint32 output_crc;
  guint stop_at; /* outputs; 0: never */
} Fixture;

static void
on_output (FettleSession *session, guint crc, Fixture *fixture)
{
  fixture->output_crc = crc;
  if (++fixture->n_outputs == fixture->stop_at)
    fettle_session_stop (session);
}

static void
on_measured (FettleSession *session, FettleTrace *trace, Fixture *fixture)
{
  fixture->n_measured++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FettleLink) link = fettle_board_create_link (board);
  g_autoptr (GError) error = NULL;
  guint8 bytes[SIZE];

  for (guint i = 0; i < SIZE; i++)
    bytes[i] = (guint8)(i * 7);
  fixture->input = g_bytes_new (bytes, SIZE);
  fixture->image = steps_make_image (N_LAYERS, SIZE);
  fixture->session = fettle_session_new (link);
  g_signal_connect (fixture->session, "output", G_CALLBACK (on_output), fixture);
  g_signal_connect (fixture->session, "measured", G_CALLBACK (on_measured), fixture);
  steps_open (fixture->session, &error);
  g_assert_no_error (error);
  steps_upload (fixture->session, fixture->image, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  fettle_session_close (fixture->session);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (fixture->session);
  g_bytes_unref (fixture->image);
  g_bytes_unref (fixture->input);
}

static gboolean
is_virtual (void)
{
  return g_str_has_prefix (fettle_board_get_id (board), "virtual");
}

static void
test_until_stopped (Fixture *fixture, gconstpointer data)
{
  FettleRunRequest request = { .until_stopped = TRUE, .keep_checksums = TRUE };
  g_autoptr (FettleReference) reference = NULL;
  g_autoptr (FettleRunResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint n;

  request.input = fixture->input;
  fixture->stop_at = is_virtual () ? 3 : 8;
  result = steps_run (fixture->session, &request, &error);
  g_assert_no_error (error);
  /* One more for the checksums. */
  g_assert_cmpuint (fixture->n_outputs, ==, fixture->stop_at + 1);
  n = fettle_trace_get_n_runs (result->trace);
  g_assert_cmpuint (n, >=, fixture->stop_at);
  g_assert_cmpuint (fettle_trace_get_layer (result->trace, N_LAYERS - 1).n
                        + fettle_trace_get_dropped (result->trace),
                    >=, n);
  g_assert_true (g_bytes_equal (result->output, fixture->input));
  reference = fettle_reference_new (fixture->image, fixture->input, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fettle_reference_get_n_layers (reference), ==, N_LAYERS);
  g_assert_cmphex (fettle_reference_get_output_crc (reference), ==, fixture->output_crc);
  g_assert_cmpint (fettle_reference_find_difference (reference, result->checksums), ==,
                   -1);
}

/* Another input: what is compared must be able to differ. */
static void
test_difference (Fixture *fixture, gconstpointer data)
{
  FettleRunRequest request = { .repetitions = 1, .keep_checksums = TRUE };
  g_autoptr (FettleReference) reference = NULL;
  g_autoptr (FettleRunResult) result = NULL;
  g_autoptr (GError) error = NULL;

  result = steps_run (fixture->session, &request, &error);
  g_assert_no_error (error);
  g_assert_null (result->layers);
  g_assert_cmpuint (result->checksums->len, ==, N_LAYERS);
  reference = fettle_reference_new (fixture->image, fixture->input, &error);
  g_assert_no_error (error);
  g_assert_cmpint (fettle_reference_find_difference (reference, result->checksums), ==,
                   0);
  g_assert_cmphex (fettle_reference_get_output_crc (reference), !=, fixture->output_crc);
  g_clear_pointer (&reference, fettle_reference_free);
  reference = fettle_reference_new (fixture->image, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (fettle_reference_find_difference (reference, result->checksums), ==,
                   -1);
  g_array_index (result->checksums, guint32, 3) ^= 1;
  g_assert_cmpint (fettle_reference_find_difference (reference, result->checksums), ==,
                   3);
}

/* More than the wire format's 16 bits count. */
static void
test_many (Fixture *fixture, gconstpointer data)
{
  const char *chosen = g_getenv ("FETTLE_LONG_RUNS");
  FettleRunRequest request = { .repetitions = 70000 };
  g_autoptr (FettleRunResult) result = NULL;
  g_autoptr (GError) error = NULL;
  FettleStatistics layer;

  if (chosen != NULL)
    request.repetitions = (guint)strtoul (chosen, NULL, 10);
  if (is_virtual () && chosen == NULL)
    request.repetitions = 200;
  result = steps_run (fixture->session, &request, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fettle_trace_get_dropped (result->trace), ==, 0);
  g_assert_cmpuint (fettle_trace_get_n_runs (result->trace), ==, request.repetitions);
  layer = fettle_trace_get_layer (result->trace, 2);
  g_assert_cmpuint (layer.n, ==, request.repetitions);
  g_assert_cmpuint (layer.minimum, <=, layer.median);
  g_assert_cmpuint (layer.median, <=, layer.maximum);
  g_assert_cmpuint (fettle_session_get_retries (fixture->session), ==, 0);
}

/* As after a re-plug: the measurements go on. */
static void
test_trace_goes_on (Fixture *fixture, gconstpointer data)
{
  FettleRunRequest request = { .repetitions = 4 };
  g_autoptr (FettleRunResult) first = NULL, second = NULL, refused = NULL;
  g_autoptr (FettleTrace) other = fettle_trace_new (2, FETTLE_UNIT_CYCLES, 1);
  g_autoptr (GError) error = NULL;

  first = steps_run (fixture->session, &request, &error);
  g_assert_no_error (error);
  request.trace = first->trace;
  second = steps_run (fixture->session, &request, &error);
  g_assert_no_error (error);
  g_assert_true (second->trace == first->trace);
  g_assert_cmpuint (fettle_trace_get_n_runs (first->trace), ==, 8);
  request.trace = other;
  refused = steps_run (fixture->session, &request, &error);
  g_assert_null (refused);
  g_assert_error (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_REFUSED);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  FettleRunRequest request = { .until_stopped = TRUE };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) pending = NULL;
  g_autoptr (FettleRunResult) result = NULL;
  g_autoptr (GError) error = NULL;

  fettle_session_run_async (fixture->session, &request, cancellable, steps_store,
                            &pending);
  STEPS_WAIT_FOR (fixture->n_measured > 3);
  g_cancellable_cancel (cancellable);
  STEPS_WAIT_FOR (pending != NULL);
  g_assert_null (fettle_session_run_finish (fixture->session, pending, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  request = (FettleRunRequest){ .repetitions = 2 };
  result = steps_run (fixture->session, &request, &error);
  g_assert_no_error (error);
}

#define ADD(name, function)                                                              \
  g_test_add ("/continuous/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  board = fettle_board_lookup (argv[1], NULL);
  g_assert_nonnull (board);
  if (fettle_board_get_problem (board) != NULL)
    {
      g_print ("1..0 # SKIP %s\n", fettle_board_get_problem (board));
      return 0;
    }
  ADD ("until-stopped", test_until_stopped);
  ADD ("difference", test_difference);
  ADD ("many", test_many);
  ADD ("trace-goes-on", test_trace_goes_on);
  ADD ("cancel", test_cancel);
  status = g_test_run ();
  g_object_unref (board);
  return status;
}
