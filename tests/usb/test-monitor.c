/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-monitor.c: which boards are listed, when, and with what reason. */
#include "mock-echo.h"
#include "privileges.h"
#include "profiler/board-monitor.h"
#include "target-agent/usb/identity.h"

#include <glib/gstdio.h>
#include <string.h>

#define N_BUILT_IN 4
#define DEADLINE   (60 * G_TIME_SPAN_SECOND)

static MockUsbBus *bus;

typedef struct
{
  MockEcho *echo;
  MockUsbFunction function;
  FettleBoardMonitor *monitor;
  guint n_added, n_changed, n_removed;
} Fixture;

#define WAIT_FOR(condition)                                                              \
  G_STMT_START                                                                           \
  {                                                                                      \
    const gint64 end_ = g_get_monotonic_time () + DEADLINE;                              \
    while (!(condition))                                                                 \
      {                                                                                  \
        g_assert_cmpint (g_get_monotonic_time (), <, end_);                              \
        if (!g_main_context_iteration (NULL, FALSE))                                     \
          g_usleep (500);                                                                \
      }                                                                                  \
  }                                                                                      \
  G_STMT_END

static void
on_added (FettleBoardMonitor *monitor, FettleBoard *board, Fixture *fixture)
{
  g_assert_true (fettle_board_monitor_lookup (monitor, fettle_board_get_id (board))
                 == board);
  fixture->n_added++;
}

static void
on_changed (FettleBoardMonitor *monitor, FettleBoard *board, Fixture *fixture)
{
  fixture->n_changed++;
}

static void
on_removed (FettleBoardMonitor *monitor, FettleBoard *board, Fixture *fixture)
{
  g_assert_null (fettle_board_monitor_lookup (monitor, fettle_board_get_id (board)));
  fixture->n_removed++;
}

static void
start_monitor (Fixture *fixture)
{
  fixture->monitor = fettle_board_monitor_new ();
  g_signal_connect (fixture->monitor, "added", G_CALLBACK (on_added), fixture);
  g_signal_connect (fixture->monitor, "changed", G_CALLBACK (on_changed), fixture);
  g_signal_connect (fixture->monitor, "removed", G_CALLBACK (on_removed), fixture);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->echo = mock_echo_new ();
  fixture->function = mock_echo_get_function (fixture->echo);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->monitor);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  mock_echo_free (fixture->echo);
}

static MockUsbDevice *
plug (Fixture *fixture, guint port, const char *serial)
{
  MockUsbDescription description = mock_echo_describe (serial);

  return mock_usb_plug (bus, port, &description, &fixture->function);
}

static FettleBoard *
get_board (Fixture *fixture, const char *id)
{
  FettleBoard *board = fettle_board_monitor_lookup (fixture->monitor, id);

  g_assert_nonnull (board);
  return board;
}

static guint
count_boards (Fixture *fixture)
{
  return fettle_board_monitor_get_boards (fixture->monitor)->len;
}

/* --- coming and going --- */

static void
test_before_and_after (Fixture *fixture, gconstpointer data)
{
  MockUsbDevice *first = plug (fixture, 1, "FIRST"), *second;
  FettleBoard *board;

  start_monitor (fixture);
  g_assert_cmpuint (count_boards (fixture), ==, N_BUILT_IN);
  WAIT_FOR (fixture->n_added == 1);
  board = get_board (fixture, "usb:FIRST");
  g_assert_true (get_board (fixture, "usb:1-1") == board);
  g_assert_cmpstr (fettle_board_get_name (board), ==, "Echo (USB FIRST)");
  g_assert_cmpstr (fettle_board_get_link (board), ==, "usb");
  g_assert_cmpstr (fettle_board_get_core (board), ==, "?");
  g_assert_null (fettle_board_get_problem (board));
  second = plug (fixture, 2, NULL);
  WAIT_FOR (fixture->n_added == 2);
  g_assert_cmpstr (fettle_board_get_id (get_board (fixture, "usb:1-2")), ==, "usb:1-2");
  mock_usb_unplug (first);
  WAIT_FOR (fixture->n_removed == 1);
  mock_usb_unplug (second);
  WAIT_FOR (fixture->n_removed == 2);
  g_assert_cmpuint (count_boards (fixture), ==, N_BUILT_IN);
  g_assert_cmpuint (fixture->n_changed, ==, 0);
}

/* Cheap boards have one serial number for all of them. */
static void
test_same_serial (Fixture *fixture, gconstpointer data)
{
  MockUsbDevice *first = plug (fixture, 1, "SAME"), *second;

  start_monitor (fixture);
  WAIT_FOR (fixture->n_added == 1);
  second = plug (fixture, 2, "SAME");
  WAIT_FOR (fixture->n_added == 2);
  g_assert_true (get_board (fixture, "usb:SAME") == get_board (fixture, "usb:1-1"));
  g_assert_cmpstr (fettle_board_get_id (get_board (fixture, "usb:1-2")), ==, "usb:1-2");
  mock_usb_unplug (first);
  mock_usb_unplug (second);
  WAIT_FOR (fixture->n_removed == 2);
}

static void
test_two_monitors (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FettleBoardMonitor) other = fettle_board_monitor_new ();
  MockUsbDevice *device;

  start_monitor (fixture);
  device = plug (fixture, 1, "FIRST");
  WAIT_FOR (fixture->n_added == 1
            && fettle_board_monitor_lookup (other, "usb:FIRST") != NULL);
  g_clear_object (&fixture->monitor);
  mock_usb_unplug (device);
  WAIT_FOR (fettle_board_monitor_lookup (other, "usb:FIRST") == NULL);
}

/* A monitor that nobody waits for any more. */
static void
test_dropped (Fixture *fixture, gconstpointer data)
{
  MockUsbDevice *device = plug (fixture, 1, "FIRST");

  start_monitor (fixture);
  g_clear_object (&fixture->monitor);
  start_monitor (fixture);
  mock_usb_unplug (device);
  WAIT_FOR (fixture->n_added == fixture->n_removed);
}

static void
test_synchronous (Fixture *fixture, gconstpointer data)
{
  MockUsbDevice *device = plug (fixture, 1, "FIRST");
  g_autoptr (GPtrArray) boards = fettle_board_list ();
  g_autoptr (FettleBoard) by_serial = fettle_board_lookup ("usb:FIRST", NULL);
  g_autoptr (FettleBoard) by_place = fettle_board_lookup ("usb:1-1", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (boards->len, >=, N_BUILT_IN + 1);
  g_assert_nonnull (by_serial);
  g_assert_nonnull (by_place);
  g_assert_null (fettle_board_lookup ("usb:1-7", &error));
  g_assert_cmpstr (
      error->message, ==,
      "There is no board \"usb:1-7\"; the boards are: simulated, virtual-m4, "
      "virtual-m7, virtual-m55, usb:FIRST, and serial:DEVICE.");
  mock_usb_unplug (device);
}

/* --- boards that cannot be used --- */

static void
test_forbidden (Fixture *fixture, gconstpointer data)
{
  MockUsbDevice *device;
  g_autofree char *file = NULL;
  gint64 begin = g_get_monotonic_time ();
  FettleBoard *board;

  start_monitor (fixture);
  device = plug (fixture, 1, "FIRST");
  file = mock_usb_get_file (device);
  g_assert_cmpint (g_chmod (file, 0), ==, 0);
  WAIT_FOR (fixture->n_added == 1);
  board = get_board (fixture, "usb:FIRST");
  if (fettle_board_get_problem (board) == NULL)
    WAIT_FOR (fixture->n_changed == 1); /* it was looked at before the chmod */
  else
    g_assert_cmpint (g_get_monotonic_time () - begin, >=, G_TIME_SPAN_SECOND);
  g_assert_nonnull (strstr (fettle_board_get_problem (board), "udev rule"));
  g_assert_true (g_str_has_prefix (
      fettle_board_get_remedy (board),
      "sudo tee /etc/udev/rules.d/70-fettle.rules <<'END'\nSUBSYSTEM=="));
  /* The user has installed the rule. */
  fixture->n_changed = 0;
  g_assert_cmpint (g_chmod (file, 0600), ==, 0);
  WAIT_FOR (fixture->n_changed == 1);
  g_assert_null (fettle_board_get_problem (board));
  g_assert_null (fettle_board_get_remedy (board));
  mock_usb_unplug (device);
  WAIT_FOR (fixture->n_removed == 1);
}

static void
test_busy (Fixture *fixture, gconstpointer data)
{
  MockUsbDevice *device = plug (fixture, 1, "FIRST");
  FettleBoard *board;

  mock_usb_set_claimed (device, TRUE);
  start_monitor (fixture);
  WAIT_FOR (fixture->n_added == 1);
  board = get_board (fixture, "usb:FIRST");
  g_assert_cmpstr (fettle_board_get_problem (board), ==,
                   "Another program is using this board; close it there.");
  g_assert_null (fettle_board_get_remedy (board));
  mock_usb_set_claimed (device, FALSE);
  WAIT_FOR (fixture->n_changed == 1);
  g_assert_null (fettle_board_get_problem (board));
  mock_usb_unplug (device);
  WAIT_FOR (fixture->n_removed == 1);
}

static const struct
{
  guint16 vendor, product;
  guint8 subclass, protocol;
  const char *name, *part; /* of the sentence */
} unusable[] = {
  { 0x1209, 0x0001, FTA_USB_SUBCLASS, FTA_USB_PROTOCOL + 1, "Echo (USB 1-1)",
    "uses version 2 of the USB interface and Fettle version 1" },
  { 0x1209, 0x0001, 0, 0, "Echo (USB 1-1)", "flash the agent's firmware" },
  { 0x2e8a, 0x0003, 0, 0, "RP2040 in its boot loader", "has no agent yet" },
};

static void
test_unusable (Fixture *fixture, gconstpointer data)
{
  start_monitor (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (unusable); i++)
    {
      MockUsbDescription description =
          mock_echo_describe_other (unusable[i].vendor, unusable[i].product,
                                    unusable[i].subclass, unusable[i].protocol);
      MockUsbDevice *device = mock_usb_plug (bus, 1, &description, &fixture->function);
      FettleBoard *board;

      WAIT_FOR (fixture->n_added == i + 1);
      board = get_board (fixture, "usb:1-1");
      g_assert_cmpstr (fettle_board_get_name (board), ==, unusable[i].name);
      g_assert_nonnull (strstr (fettle_board_get_problem (board), unusable[i].part));
      g_assert_null (fettle_board_get_remedy (board));
      mock_usb_unplug (device);
      WAIT_FOR (fixture->n_removed == i + 1);
    }
}

/* Devices of others are none of our business, and neither is 1209:0001 if nobody has asked for it. */
static void
test_unknown (Fixture *fixture, gconstpointer data)
{
  MockUsbDescription description = mock_echo_describe_other (0x1234, 0x5678, 0, 0);
  MockUsbDevice *stranger = mock_usb_plug (bus, 1, &description, &fixture->function);
  MockUsbDevice *known = plug (fixture, 2, "FIRST");

  start_monitor (fixture);
  WAIT_FOR (fixture->n_added == 1);
  g_assert_null (fettle_board_monitor_lookup (fixture->monitor, "usb:1-1"));
  mock_usb_unplug (stranger);
  mock_usb_unplug (known);
  WAIT_FOR (fixture->n_removed == 1);
}

static void
test_learn_core (Fixture *fixture, gconstpointer data)
{
  MockUsbDevice *device = plug (fixture, 1, "FIRST");
  g_autoptr (FettleBoard) board = fettle_board_lookup ("usb:FIRST", NULL);

  g_assert_cmpint (fettle_board_get_target (board), ==, FETTLE_TARGET_PORTABLE);
  fettle_board_learn_core (board, "Cortex-M4");
  g_assert_cmpstr (fettle_board_get_core (board), ==, "Cortex-M4");
  g_assert_cmpint (fettle_board_get_target (board), ==, FETTLE_TARGET_CORTEX_M4);
  fettle_board_learn_core (board, "Cortex-M0+");
  g_assert_cmpint (fettle_board_get_target (board), ==, FETTLE_TARGET_PORTABLE);
  fettle_board_learn_core (board, "desktop");
  g_assert_cmpint (fettle_board_get_target (board), ==, FETTLE_TARGET_PORTABLE);
  mock_usb_unplug (device);
}

#define ADD(name, function)                                                              \
  g_test_add ("/board-monitor/" name, Fixture, NULL, set_up, function, tear_down)

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
  ADD ("before-and-after", test_before_and_after);
  ADD ("same-serial", test_same_serial);
  ADD ("two-monitors", test_two_monitors);
  ADD ("dropped", test_dropped);
  ADD ("synchronous", test_synchronous);
  ADD ("forbidden", test_forbidden);
  ADD ("busy", test_busy);
  ADD ("unusable", test_unusable);
  ADD ("unknown", test_unknown);
  ADD ("learn-core", test_learn_core);
  status = g_test_run ();
  mock_usb_bus_free (bus);
  return status;
}
