/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-serial-session.c: sessions over a serial port, with and without damage on the way.
 *
 * The argument is the path of fettle-simulated-board. FETTLE_LAYERS sets the number of layers of the image
 * that goes over the worst link (default 30), each of which takes 84 bytes. */
#include "profiler/link-serial.h"
#include "profiler/reference.h"
#include "serial-board.h"
#include "session-steps.h"

#include "target-agent/agent.h"
#include "target-agent/cobs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SIZE 512u

static char *program;

static char *
make_id (SerialBoard *board)
{
  return g_strdup_printf ("serial:%s@460800", serial_board_get_device (board));
}

static FettleSession *
connect_to (SerialBoard *board)
{
  g_autofree char *id = make_id (board);
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleBoard) found = fettle_board_lookup (id, &error);
  g_autoptr (FettleLink) link = NULL;
  FettleSession *session;

  g_assert_no_error (error);
  g_assert_cmpstr (fettle_board_get_id (found), ==, id);
  g_assert_cmpstr (fettle_board_get_link (found), ==, "serial");
  g_assert_null (fettle_board_get_problem (found));
  link = fettle_board_create_link (found);
  session = fettle_session_new (link);
  steps_open (session, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fettle_session_get_info (session)->board, ==, "simulated");
  return session;
}

static void
disconnect (FettleSession *session)
{
  fettle_session_close (session);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (session);
}

/* Uploads, runs and validates; returns the result. */
static FettleRunResult *
work (FettleSession *session, guint n_layers, guint n_runs)
{
  FettleRunRequest request = { .repetitions = n_runs, .keep_checksums = TRUE };
  g_autoptr (GBytes) image = steps_make_image (n_layers, SIZE);
  g_autoptr (GBytes) input = NULL;
  g_autoptr (FettleReference) reference = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleRunResult) result = NULL;
  guint8 bytes[SIZE];

  for (guint i = 0; i < SIZE; i++)
    bytes[i] = (guint8)(i * i >> 4);
  request.input = input = g_bytes_new (bytes, SIZE);
  steps_upload (session, image, &error);
  g_assert_no_error (error);
  result = steps_run (session, &request, &error);
  g_assert_no_error (error);
  reference = fettle_reference_new (image, input, &error);
  g_assert_no_error (error);
  g_assert_cmpint (fettle_reference_find_difference (reference, result->checksums), ==,
                   -1);
  g_assert_true (g_bytes_equal (result->output, input));
  return g_steal_pointer (&result);
}

static void
test_session (void)
{
  SerialBoard *board = serial_board_start (program, 0);

  /* The second is the reconnection of a desktop to a board that was left alone. */
  for (int i = 0; i < 2; i++)
    {
      FettleSession *session = connect_to (board);
      g_autoptr (FettleRunResult) result = work (session, 300, 20);

      g_assert_cmpuint (fettle_trace_get_n_runs (result->trace), ==, 20);
      g_assert_cmpuint (fettle_trace_get_dropped (result->trace), ==, 0);
      g_assert_cmpuint (fettle_session_get_retries (session), ==, 0);
      disconnect (session);
    }
  serial_board_stop (board);
}

static void
test_abort (void)
{
  SerialBoard *board = serial_board_start (program, 0);
  FettleSession *session = connect_to (board);
  g_autoptr (FettleRunResult) first = work (session, 5, 1), again = NULL;
  FettleRunRequest request = { .repetitions = G_MAXINT };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) pending = NULL;
  g_autoptr (GError) error = NULL;
  const gint64 start = g_get_monotonic_time ();

  fettle_session_run_async (session, &request, cancellable, steps_store, &pending);
  STEPS_WAIT_FOR (g_get_monotonic_time () - start > G_TIME_SPAN_SECOND / 10);
  g_cancellable_cancel (cancellable);
  STEPS_WAIT_FOR (pending != NULL);
  g_assert_null (fettle_session_run_finish (session, pending, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  again = work (session, 5, 1);
  disconnect (session);
  serial_board_stop (board);
}

static void
test_unplugged (void)
{
  SerialBoard *board = serial_board_start (program, 0);
  FettleSession *session = connect_to (board);
  g_autofree char *id = make_id (board);
  FettleRunRequest request = { .until_stopped = TRUE };
  g_autoptr (FettleBoard) absent = NULL;
  g_autoptr (FettleRunResult) result = work (session, 5, 1);
  g_autoptr (GAsyncResult) pending = NULL;
  g_autoptr (GError) error = NULL;

  fettle_session_run_async (session, &request, NULL, steps_store, &pending);
  serial_board_unplug (board);
  STEPS_WAIT_FOR (pending != NULL);
  g_assert_null (fettle_session_run_finish (session, pending, &error));
  g_assert_error (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_VANISHED);
  g_assert_nonnull (strstr (error->message, "was unplugged"));
  disconnect (session);
  absent = fettle_board_lookup (id, NULL);
  g_assert_nonnull (strstr (fettle_board_get_problem (absent), "plug the board in"));
  serial_board_stop (board);
}

/* One byte in a hundred is wrong, in both directions. */
static void
test_damaged (void)
{
  const char *chosen = g_getenv ("FETTLE_LAYERS");
  guint n_layers = chosen != NULL ? (guint)atoi (chosen) : 30;
  SerialBoard *board = serial_board_start (program, 10000);
  gint64 start = g_get_monotonic_time ();
  FettleSession *session = connect_to (board);
  g_autoptr (FettleRunResult) result = work (session, n_layers, 20);
  guint64 retries = fettle_session_get_retries (session);
  guint dropped = (guint)fettle_trace_get_dropped (result->trace);

  g_assert_cmpuint (serial_board_get_n_damaged (board), >, 0);
  g_assert_cmpuint (retries, >, 0);
  /* Records are not sent again; each that is missing is counted. */
  for (guint i = 0; i < n_layers; i++)
    g_assert_cmpuint (fettle_trace_get_layer (result->trace, i).n, <=, 20);
  g_assert_cmpuint (dropped, <=, 20 * (n_layers + 1));
  g_test_message (
      "%u bytes damaged, %" G_GUINT64_FORMAT " retries, %u of %u records lost, "
      "%.1f s",
      serial_board_get_n_damaged (board), retries, dropped, 20 * (n_layers + 1),
      (double)(g_get_monotonic_time () - start) / G_TIME_SPAN_SECOND);
  disconnect (session);
  serial_board_stop (board);
}

/* A line as lines are: a byte in ten thousand. */
static void
test_seldom_damaged (void)
{
  SerialBoard *board = serial_board_start (program, 100);
  FettleSession *session = connect_to (board);
  g_autoptr (FettleRunResult) result = work (session, 600, 5);

  g_test_message ("%u bytes damaged, %" G_GUINT64_FORMAT " retries",
                  serial_board_get_n_damaged (board),
                  fettle_session_get_retries (session));
  disconnect (session);
  serial_board_stop (board);
}

/* --- without a session --- */

static int
open_raw (SerialBoard *board)
{
  g_autoptr (FettleLink) link =
      fettle_link_serial_new (serial_board_get_device (board), FETTLE_SERIAL_BAUD);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  int fd;

  /* For the port's settings, which stay. */
  fettle_link_open_async (link, NULL, steps_store, &result);
  STEPS_WAIT_FOR (result != NULL);
  fettle_link_open_finish (link, result, &error);
  g_assert_no_error (error);
  fettle_link_close (link);
  fd = open (serial_board_get_device (board), O_RDWR | O_NOCTTY | O_CLOEXEC);
  g_assert_cmpint (fd, >=, 0);
  return fd;
}

/* What comes up to the next zero byte. */
static GByteArray *
read_packet (int fd)
{
  GByteArray *packet = g_byte_array_new ();
  guint8 byte;

  for (;;)
    {
      struct pollfd waiting = { .fd = fd, .events = POLLIN };

      g_assert_cmpint (poll (&waiting, 1, STEPS_DEADLINE / 1000), ==, 1);
      g_assert_cmpint (read (fd, &byte, 1), ==, 1);
      if (byte == 0)
        return packet;
      g_byte_array_append (packet, &byte, 1);
    }
}

static void
write_frame (int fd, guint8 type, const guint8 *payload, gsize size)
{
  guint8 frame[64 + FTA_FRAME_OVERHEAD], packet[FTA_COBS_BOUND (sizeof frame) + 1];
  gsize n;

  if (size > 0)
    memcpy (frame + FTA_FRAME_HEADER, payload, size);
  n = fta_cobs_encode (frame, fta_frame_seal (frame, type, 1, (guint32)size), packet);
  packet[n++] = 0;
  g_assert_cmpint (write (fd, packet, n), ==, n);
}

static void
expect_type (int fd, guint type)
{
  g_autoptr (GByteArray) packet = read_packet (fd);
  gsize size = fta_cobs_decode (packet->data, packet->len, packet->data);

  g_assert_true (fta_frame_is_valid (packet->data, size));
  g_assert_cmpuint (packet->data[5], ==, type);
}

static void
test_question (void)
{
  SerialBoard *board = serial_board_start (program, 0);
  int fd = open_raw (board);
  g_autoptr (GByteArray) line = NULL;

  g_assert_cmpint (write (fd, "?", 1), ==, 1);
  line = read_packet (fd);
  g_byte_array_append (line, (const guint8 *)"", 1);
  g_assert_true (g_str_has_prefix ((const char *)line->data,
                                   FTA_AGENT_NAME " on simulated (desktop"));
  g_assert_true (g_str_has_suffix ((const char *)line->data, "is ready\r\n"));
  close (fd);
  serial_board_stop (board);
}

/* A desktop that was killed: after 2 s the board is free, and says so. */
static void
test_silence (void)
{
  const guint8 hello[FTA_HELLO_SIZE] = { 1, 2, 3, 4, 5, 6, 7, 8, 1, 1 };
  SerialBoard *board = serial_board_start (program, 0);
  int fd = open_raw (board);
  gint64 start;
  FettleSession *session;
  g_autoptr (FettleRunResult) result = NULL;

  write_frame (fd, FTA_HELLO, hello, sizeof hello);
  expect_type (fd, FTA_HELLO | FTA_FRAME_REPLY);
  start = g_get_monotonic_time ();
  expect_type (fd, FTA_LOG);
  g_assert_cmpint (g_get_monotonic_time () - start, >,
                   (FTA_SILENCE_MS - 100) * G_TIME_SPAN_MILLISECOND);
  write_frame (fd, FTA_PING, NULL, 0);
  expect_type (fd, FTA_ERROR | FTA_FRAME_REPLY);
  close (fd);
  session = connect_to (board);
  result = work (session, 5, 1);
  disconnect (session);
  serial_board_stop (board);
}

static void
test_errors (void)
{
  static const struct
  {
    int number;
    const char *says;
  } cases[] = { { EACCES, "dialout" },
                { EBUSY, "Another program" },
                { ENOENT, "plug" },
                { EIO, "cannot be opened" } };
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleBoard) wrong = fettle_board_lookup ("serial:/dev/null@fast", &error);
  g_autoptr (FettleLink) link = fettle_link_serial_new ("/dev/null", 9600);
  g_autoptr (GAsyncResult) result = NULL;

  g_assert_null (wrong);
  g_assert_nonnull (strstr (error->message, "names no baud rate"));
  g_clear_error (&error);
  fettle_link_open_async (link, NULL, steps_store, &result);
  STEPS_WAIT_FOR (result != NULL);
  g_assert_false (fettle_link_open_finish (link, result, &error));
  g_assert_cmpstr (error->message, ==, "/dev/null is not a serial port; choose another.");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) said =
          fettle_link_serial_describe_error ("/dev/ttyACM0", cases[i].number);

      g_assert_nonnull (strstr (said->message, cases[i].says));
      g_assert_nonnull (strstr (said->message, "/dev/ttyACM0"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  program = g_canonicalize_filename (argv[1], NULL);
  g_test_add_func ("/serial/session", test_session);
  g_test_add_func ("/serial/abort", test_abort);
  g_test_add_func ("/serial/unplugged", test_unplugged);
  g_test_add_func ("/serial/damaged", test_damaged);
  g_test_add_func ("/serial/seldom-damaged", test_seldom_damaged);
  g_test_add_func ("/serial/question", test_question);
  g_test_add_func ("/serial/silence", test_silence);
  g_test_add_func ("/serial/errors", test_errors);
  return g_test_run ();
}
