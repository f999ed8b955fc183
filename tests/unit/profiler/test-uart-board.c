/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-uart-board.c: the firmware that boards with a UART share, on a machine of QEMU, over a serial port.
 *
 * The arguments are the firmware (target-agent/uart-board) and the core that it names. */
#include "profiler/link-serial.h"
#include "profiler/reference.h"
#include "serial-board.h"
#include "session-steps.h"

#define N_LAYERS 8
#define SIZE     256u

static const char *firmware, *core;

static SerialBoard *
start (void)
{
  const char *argv[] = { "qemu-system-arm",
                         "-machine",
                         "mps2-an386",
                         "-kernel",
                         firmware,
                         "-icount",
                         "shift=0,align=off,sleep=off",
                         "-display",
                         "none",
                         "-monitor",
                         "none",
                         "-chardev",
                         "socket,id=line,fd=3",
                         "-serial",
                         "chardev:line",
                         NULL };

  return serial_board_start_command (argv, 0);
}

static void
check_info (const FettleBoardInfo *info)
{
  g_assert_cmpstr (info->board, ==, "uart-board");
  g_assert_cmpstr (info->core, ==, core);
  /* Initialized data was copied from where it is loaded. */
  g_assert_cmpstr (info->unique_id, ==, "123456789abcdef0");
  g_assert_cmpint (info->unit, ==, FETTLE_UNIT_CYCLES);
  g_assert_cmpuint (info->arena_bytes, ==, 192 * 1024);
  g_assert_cmpuint (info->image_bytes, ==, 400 * 1024);
  g_assert_false (info->verified_on_hardware);
}

static void
test_session (void)
{
  SerialBoard *board = start ();
  g_autoptr (FettleLink) link =
      fettle_link_serial_new (serial_board_get_device (board), FETTLE_SERIAL_BAUD);
  FettleSession *session = fettle_session_new (link);
  g_autoptr (GBytes) image = steps_make_image (N_LAYERS, SIZE);
  FettleRunRequest request = { .repetitions = 5, .keep_checksums = TRUE };
  g_autoptr (FettleReference) reference = NULL;
  g_autoptr (FettleRunResult) result = NULL;
  g_autoptr (GError) error = NULL;

  steps_open (session, &error);
  g_assert_no_error (error);
  check_info (fettle_session_get_info (session));
  steps_upload (session, image, &error);
  g_assert_no_error (error);
  result = steps_run (session, &request, &error);
  g_assert_no_error (error);
  reference = fettle_reference_new (image, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (fettle_reference_find_difference (reference, result->checksums), ==,
                   -1);
  g_assert_cmpuint (fettle_trace_get_n_runs (result->trace), ==, 5);
  g_assert_cmpuint (fettle_trace_get_dropped (result->trace), ==, 0);
  g_assert_cmpuint (fettle_trace_get_layer (result->trace, 3).minimum, >, 0);
  /* Painted before main, and not all of it is used. */
  g_assert_cmpuint (result->stack_bytes, >, 200);
  g_assert_cmpuint (result->stack_bytes, <, 8 * 1024);
  g_test_message ("%u bytes of stack, %" G_GUINT64_FORMAT " retries", result->stack_bytes,
                  fettle_session_get_retries (session));
  fettle_session_close (session);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (session);
  serial_board_stop (board);
}

int
main (int argc, char **argv)
{
  g_autofree char *qemu = g_find_program_in_path ("qemu-system-arm");

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);
  firmware = argv[1];
  core = argv[2];
  if (qemu == NULL)
    {
      g_print ("1..0 # SKIP qemu-system-arm is missing\n");
      return 0;
    }
  g_test_add_func ("/uart-board/session", test_session);
  return g_test_run ();
}
