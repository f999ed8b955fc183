/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-session.c: sessions on a board, whose id is the first argument. */
#include "profiler/link-process.h"
#include "profiler/session.h"
#include "tiny-image.h"

#include <math.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define N_LAYERS 5
#define SIZE     65536u
#define DEADLINE (60 * G_TIME_SPAN_SECOND)
/* More than any test waits for. */
#define ENDLESS G_MAXUINT16

static FettleBoard *board;

/* --- helpers --- */

typedef struct
{
  FettleLink *link;
  FettleSession *session;
  GAsyncResult *result;
  guint n_measured, n_lost;
  double progress;
} Fixture;

static void
on_measured (FettleSession *session, FettleTrace *trace, Fixture *fixture)
{
  fixture->n_measured++;
}

static void
on_lost (FettleSession *session, const GError *reason, Fixture *fixture)
{
  g_assert_nonnull (reason);
  fixture->n_lost++;
}

static void
on_progress (FettleSession *session, double fraction, Fixture *fixture)
{
  g_assert_cmpfloat (fraction, >=, fixture->progress);
  fixture->progress = fraction;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->link = fettle_board_create_link (board);
  fixture->session = fettle_session_new (fixture->link);
  g_signal_connect (fixture->session, "measured", G_CALLBACK (on_measured), fixture);
  g_signal_connect (fixture->session, "lost", G_CALLBACK (on_lost), fixture);
  g_signal_connect (fixture->session, "progress", G_CALLBACK (on_progress), fixture);
}

#define WAIT_FOR(condition)                                                              \
  G_STMT_START                                                                           \
  {                                                                                      \
    const gint64 end_ = g_get_monotonic_time () + DEADLINE;                              \
    while (!(condition))                                                                 \
      {                                                                                  \
        g_assert_cmpint (g_get_monotonic_time (), <, end_);                              \
        if (!g_main_context_iteration (NULL, FALSE))                                     \
          g_usleep (1000);                                                               \
      }                                                                                  \
  }                                                                                      \
  G_STMT_END

static void
forget (gpointer user_data, GObject *link)
{
  *(gboolean *)user_data = TRUE;
}

/* The link must vanish completely: nothing may hold on to it. */
static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gboolean gone = FALSE;

  g_object_weak_ref (G_OBJECT (fixture->link), forget, &gone);
  fettle_session_close (fixture->session);
  g_assert_cmpuint (fixture->n_lost, ==, 1);
  g_signal_handlers_disconnect_by_data (fixture->session, fixture);
  g_clear_object (&fixture->session);
  g_clear_object (&fixture->link);
  WAIT_FOR (gone);
}

static void
store (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->result = g_object_ref (result);
}

static GAsyncResult *
await (Fixture *fixture)
{
  WAIT_FOR (fixture->result != NULL);
  return g_steal_pointer (&fixture->result);
}

static void
open_session (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  fettle_session_open_async (fixture->session, NULL, store, fixture);
  result = await (fixture);
  fettle_session_open_finish (fixture->session, result, &error);
  g_assert_no_error (error);
}

static GBytes *
make_image (guint n_layers, guint size)
{
  guint8 *bytes = g_malloc (65536);

  return g_bytes_new_take (bytes, tiny_image (bytes, 65536, n_layers, size));
}

static gboolean
upload (Fixture *fixture, GBytes *image, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  fixture->progress = 0;
  fettle_session_upload_async (fixture->session, image, NULL, store, fixture);
  result = await (fixture);
  return fettle_session_upload_finish (fixture->session, result, error);
}

static void
upload_tiny (Fixture *fixture)
{
  g_autoptr (GBytes) image = make_image (N_LAYERS, SIZE);
  g_autoptr (GError) error = NULL;

  upload (fixture, image, &error);
  g_assert_no_error (error);
}

static FettleRunResult *
run (Fixture *fixture, const FettleRunRequest *request, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  fettle_session_run_async (fixture->session, request, NULL, store, fixture);
  result = await (fixture);
  return fettle_session_run_finish (fixture->session, result, error);
}

static void
check_zero_run (Fixture *fixture)
{
  FettleRunRequest request = { .repetitions = 3, .warm_up = 1 };
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleRunResult) result = run (fixture, &request, &error);
  const guint8 *output;
  gsize size;

  g_assert_no_error (error);
  output = g_bytes_get_data (result->output, &size);
  g_assert_cmpuint (size, ==, SIZE);
  g_assert_cmpuint (output[0], ==, TINY_ZERO_POINT);
  g_assert_cmpuint (output[SIZE - 1], ==, TINY_ZERO_POINT);
  g_assert_cmpuint (fettle_trace_get_n_runs (result->trace), ==, 3);
}

static gboolean
is_virtual (void)
{
  return g_str_has_prefix (fettle_board_get_id (board), "virtual");
}

/* What a tick of the board's counter is worth: instructions at 25 or 32 MHz, or nanoseconds. */
static double
units_per_tick (void)
{
  if (!is_virtual ())
    return 1;
  return g_str_equal (fettle_board_get_id (board), "virtual-m55") ? 31.25 : 40;
}

/* A difference of one tick, in whole units. */
static guint64
one_tick (void)
{
  return (guint64)ceil (units_per_tick ());
}

/* Whether UNITS are a whole number of ticks, but for rounding. */
static gboolean
is_whole_ticks (guint64 units)
{
  const double ticks = round ((double)units / units_per_tick ());

  return fabs (ticks * units_per_tick () - (double)units) < 1;
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

static gboolean
is_running (GPid pid)
{
  return kill (pid, 0) == 0;
}

/* --- tests --- */

static void
test_info (Fixture *fixture, gconstpointer data)
{
  const FettleBoardInfo *info;

  g_assert_null (fettle_session_get_info (fixture->session));
  open_session (fixture);
  info = fettle_session_get_info (fixture->session);
  g_assert_cmpstr (info->board, ==, fettle_board_get_id (board));
  g_assert_cmpstr (info->core, ==, fettle_board_get_core (board));
  g_assert_cmpstr (info->kernels, ==, is_virtual () ? "portable, ARMv7E-M" : "portable");
  g_assert_cmpint (info->unit, ==,
                   is_virtual () ? FETTLE_UNIT_INSTRUCTIONS : FETTLE_UNIT_NANOSECONDS);
  g_assert_cmpfloat (info->units_per_tick, ==, units_per_tick ());
  g_assert_cmpuint (info->image_bytes, >=, 1 << 20);
  g_assert_cmpuint (info->arena_bytes, >=, 1 << 20);
  g_assert_false (info->verified_on_hardware);
}

static void
test_run (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *bytes = g_malloc (SIZE);
  g_autoptr (GBytes) input = NULL;
  FettleRunRequest request = { .repetitions = 4, .warm_up = 1, .keep_layers = TRUE };
  g_autoptr (FettleRunResult) result = NULL;
  guint64 sum = 0;

  for (guint i = 0; i < SIZE; i++)
    bytes[i] = (guint8)(i * 31 >> 3);
  input = g_bytes_new (bytes, SIZE);
  request.input = input;
  open_session (fixture);
  upload_tiny (fixture);
  g_assert_cmpfloat (fixture->progress, ==, 1);
  result = run (fixture, &request, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (result->output, input));
  g_assert_cmpuint (result->layers->len, ==, N_LAYERS);
  for (guint i = 0; i < N_LAYERS; i++)
    {
      FettleStatistics layer = fettle_trace_get_layer (result->trace, i);

      g_assert_true (g_bytes_equal (g_ptr_array_index (result->layers, i), input));
      g_assert_cmpuint (layer.n, ==, 4);
      g_assert_cmpuint (layer.minimum, >, 0);
      sum += layer.minimum;
    }
  g_assert_cmpuint (fettle_trace_get_n_runs (result->trace), ==, 4);
  g_assert_cmpuint (sum, <=, fettle_trace_get_total (result->trace).maximum);
  g_assert_cmpuint (fettle_trace_get_dropped (result->trace), ==, 0);
  g_assert_cmpuint (fixture->n_measured, >=, 4);
  check_zero_run (fixture);
}

/* Two runs, in sessions of their own, agree to within one tick. */
static void
test_repeatable (void)
{
  guint64 first[N_LAYERS];
  FettleRunRequest request = { .repetitions = 2 };

  if (!is_virtual ())
    {
      g_test_skip ("the clock of a simulated board does not repeat");
      return;
    }
  for (int attempt = 0; attempt < 2; attempt++)
    {
      g_autoptr (GBytes) image = make_image (N_LAYERS, SIZE);
      g_autoptr (GError) error = NULL;
      FettleBoardInfo info = { 0 };
      g_autoptr (FettleRunResult) result =
          fettle_session_run_once (board, image, &request, &info, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpint (info.unit, ==, FETTLE_UNIT_INSTRUCTIONS);
      fettle_board_info_clear (&info);
      g_assert_cmpuint (result->stack_bytes, >, 100);
      for (guint i = 0; i < N_LAYERS; i++)
        {
          FettleStatistics layer = fettle_trace_get_layer (result->trace, i);

          if (attempt == 0)
            first[i] = layer.median;
          g_assert_cmpuint (layer.maximum - layer.minimum, <=, one_tick ());
          g_assert_cmpuint (MAX (first[i], layer.median) - MIN (first[i], layer.median),
                            <=, one_tick ());
          g_assert_true (is_whole_ticks (layer.median));
        }
    }
}

/* SysTick's 24 bits are 524 or 671 million instructions: long enough a run makes them wrap within layers. */
static void
test_wraps (void)
{
  FettleRunRequest request = { .repetitions = 3000 };
  guint64 instructions = 0;

  if (!is_virtual ())
    {
      g_test_skip ("the clock of a simulated board does not wrap");
      return;
    }
  g_autoptr (GBytes) image = make_image (N_LAYERS, SIZE);
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleRunResult) result =
      fettle_session_run_once (board, image, &request, NULL, NULL, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < N_LAYERS; i++)
    {
      FettleStatistics layer = fettle_trace_get_layer (result->trace, i);

      g_assert_cmpuint (layer.maximum - layer.minimum, <=, one_tick ());
      instructions += layer.median * layer.n;
    }
  g_test_message ("%" G_GUINT64_FORMAT " instructions", instructions);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) image = make_image (N_LAYERS, SIZE);
  g_autoptr (GBytes) huge = make_image (1, 64 << 20);
  g_autofree guint8 *damaged = g_memdup2 (g_bytes_get_data (image, NULL), 1000);
  g_autoptr (GBytes) truncated = g_bytes_new_from_bytes (image, 0, 128);
  g_autoptr (GBytes) wrong = g_bytes_new (damaged, 1000), old = NULL;
  g_autoptr (GError) error = NULL;
  FettleRunRequest request = { .repetitions = 1 };

  g_assert_false (upload (fixture, image, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED);
  g_clear_error (&error);
  open_session (fixture);
  g_assert_null (run (fixture, &request, &error));
  g_assert_error (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_false (upload (fixture, truncated, &error));
  g_assert_error (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, "at byte 8"));
  g_assert_null (strstr (error->message, ".."));
  g_clear_error (&error);
  g_assert_false (upload (fixture, huge, &error));
  g_assert_error (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, "arena"));
  g_clear_error (&error);
  damaged[4] = 9; /* the major version */
  old = g_bytes_new (damaged, 1000);
  g_assert_false (upload (fixture, old, &error));
  g_assert_error (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, "9.0"));
  g_clear_error (&error);
  upload_tiny (fixture);
  request.input = wrong;
  g_assert_null (run (fixture, &request, &error));
  g_assert_error (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_REFUSED);
  check_zero_run (fixture);
}

static void
start_endless (Fixture *fixture, GCancellable *cancellable)
{
  FettleRunRequest request = { .repetitions = ENDLESS };
  guint measured = fixture->n_measured;

  fettle_session_run_async (fixture->session, &request, cancellable, store, fixture);
  WAIT_FOR (fixture->n_measured > measured + 1);
}

static void
test_cancel_run (Fixture *fixture, gconstpointer data)
{
  open_session (fixture);
  upload_tiny (fixture);
  for (int i = 0; i < 3; i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;

      start_endless (fixture, cancellable);
      g_cancellable_cancel (cancellable);
      result = await (fixture);
      g_assert_null (fettle_session_run_finish (fixture->session, result, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      check_zero_run (fixture);
    }
  g_assert_cmpuint (fixture->n_lost, ==, 0);
}

static void
test_cancel_open (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  fettle_session_open_async (fixture->session, cancellable, store, fixture);
  g_cancellable_cancel (cancellable);
  result = await (fixture);
  g_assert_false (fettle_session_open_finish (fixture->session, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_killed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GError) error = NULL;
  FettleRunRequest request = { .repetitions = 1 };

  open_session (fixture);
  upload_tiny (fixture);
  start_endless (fixture, NULL);
  kill (fettle_link_process_get_pid (FETTLE_LINK_PROCESS (fixture->link)), SIGKILL);
  result = await (fixture);
  g_assert_null (fettle_session_run_finish (fixture->session, result, &error));
  g_assert_error (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_VANISHED);
  g_assert_cmpstr (error->message, ==,
                   is_virtual () ? "The virtual board's QEMU ended (signal 9)."
                                 : "The simulated board's process ended (signal 9).");
  g_assert_cmpuint (fixture->n_lost, ==, 1);
  g_clear_error (&error);
  /* Whatever is asked later gets the same answer at once. */
  g_assert_null (run (fixture, &request, &error));
  g_assert_error (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_VANISHED);
}

static void
test_close_while_running (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  open_session (fixture);
  upload_tiny (fixture);
  start_endless (fixture, NULL);
  fettle_session_close (fixture->session);
  result = await (fixture);
  g_assert_null (fettle_session_run_finish (fixture->session, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static void
test_pending (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) refused = NULL;
  g_autoptr (GAsyncResult) ended = NULL;
  g_autoptr (GError) error = NULL;
  Fixture second = { 0 };
  FettleRunRequest request = { .repetitions = 1 };

  open_session (fixture);
  upload_tiny (fixture);
  start_endless (fixture, cancellable);
  fettle_session_run_async (fixture->session, &request, NULL, store, &second);
  refused = await (&second);
  g_assert_null (fettle_session_run_finish (fixture->session, refused, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);
  g_cancellable_cancel (cancellable);
  ended = await (fixture);
}

static void
test_cycles (void)
{
  guint before = 0;

  for (int i = 0; i < 20; i++)
    {
      Fixture fixture = { 0 };
      GPid pid;

      set_up (&fixture, NULL);
      open_session (&fixture);
      pid = fettle_link_process_get_pid (FETTLE_LINK_PROCESS (fixture.link));
      g_assert_true (is_running (pid));
      tear_down (&fixture, NULL);
      WAIT_FOR (!is_running (pid));
      /* GLib opens some of its own the first time, and closes a process's in its own thread. */
      if (i == 0)
        before = count_descriptors ();
      WAIT_FOR (count_descriptors () <= before);
    }
}

/* A process that is alive and silent. */
static void
test_silent (Fixture *fixture, gconstpointer data)
{
  GPid pid;
  g_autoptr (GError) error = NULL;
  FettleRunRequest request = { .repetitions = 1 };

  if (is_virtual ())
    {
      g_test_skip (
          "a virtual board is given minutes, since its process is known to live");
      open_session (fixture);
      return;
    }
  open_session (fixture);
  upload_tiny (fixture);
  pid = fettle_link_process_get_pid (FETTLE_LINK_PROCESS (fixture->link));
  kill (pid, SIGSTOP);
  WAIT_FOR (fixture->n_lost == 1);
  g_assert_null (run (fixture, &request, &error));
  g_assert_error (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_SILENT);
}

static void
test_unusable (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleBoard) unknown = fettle_board_lookup ("abacus", &error);

  g_assert_null (unknown);
  g_assert_nonnull (
      strstr (error->message, "simulated, virtual-m4, virtual-m7, virtual-m55"));
}

/* A board whose program or firmware is not there is listed, with what to do. */
static void
test_missing (void)
{
  g_autofree char *before = g_strdup (g_getenv ("FETTLE_LIBEXECDIR"));
  g_autoptr (GPtrArray) boards = NULL;
  g_autoptr (GBytes) image = make_image (1, 16);
  FettleRunRequest request = { .repetitions = 1 };

  g_setenv ("FETTLE_LIBEXECDIR", "/nonexistent", TRUE);
  boards = fettle_board_list ();
  if (before != NULL)
    g_setenv ("FETTLE_LIBEXECDIR", before, TRUE);
  else
    g_unsetenv ("FETTLE_LIBEXECDIR");
  g_assert_cmpuint (boards->len, >=, 4);
  for (guint i = 0; i < 4; i++)
    {
      FettleBoard *missing = g_ptr_array_index (boards, i);
      g_autoptr (GError) error = NULL;

      g_assert_nonnull (strstr (fettle_board_get_problem (missing), "install"));
      g_assert_null (
          fettle_session_run_once (missing, image, &request, NULL, NULL, &error));
      g_assert_error (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_UNAVAILABLE);
      g_assert_cmpstr (error->message, ==, fettle_board_get_problem (missing));
    }
}

#define ADD(name, function)                                                              \
  g_test_add ("/session/" name, Fixture, NULL, set_up, function, tear_down)

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
      return 0; /* TAP says it all; Meson takes any other status for a failure */
    }
  ADD ("info", test_info);
  ADD ("run", test_run);
  ADD ("refused", test_refused);
  ADD ("cancel-run", test_cancel_run);
  ADD ("cancel-open", test_cancel_open);
  ADD ("killed", test_killed);
  ADD ("close-while-running", test_close_while_running);
  ADD ("pending", test_pending);
  ADD ("silent", test_silent);
  g_test_add_func ("/session/repeatable", test_repeatable);
  g_test_add_func ("/session/wraps", test_wraps);
  g_test_add_func ("/session/cycles", test_cycles);
  g_test_add_func ("/session/unusable", test_unusable);
  g_test_add_func ("/session/missing", test_missing);
  status = g_test_run ();
  g_object_unref (board);
  return status;
}
