/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-link.c: the USB link over libusb as it is: the conformance tests, and what only USB can do wrong. */
#include "link-conformance.h"
#include "mock-echo.h"
#include "profiler/link-usb.h"
#include "target-agent/usb/identity.h"

static MockUsbBus *bus;

typedef struct
{
  MockEcho *echo;
  MockUsbDevice *device; /* NULL: unplugged */
  FettleUsbDevice *usb;
} Peer;

static gpointer
start (void)
{
  Peer *peer = g_new0 (Peer, 1);
  MockUsbDescription description = mock_echo_describe ("E1");
  MockUsbFunction function;
  g_autoptr (GPtrArray) devices = NULL;

  peer->echo = mock_echo_new ();
  function = mock_echo_get_function (peer->echo);
  peer->device = mock_usb_plug (bus, 1, &description, &function);
  devices = fettle_usb_device_list ();
  g_assert_cmpuint (devices->len, ==, 1);
  peer->usb = fettle_usb_device_ref (g_ptr_array_index (devices, 0));
  return peer;
}

static FettleLink *
create_link (gpointer data)
{
  return fettle_link_usb_new (((Peer *)data)->usb);
}

static void
unplug (gpointer data, FettleLink *link)
{
  mock_usb_unplug (g_steal_pointer (&((Peer *)data)->device));
}

static void
stop (gpointer data)
{
  Peer *peer = data;

  /* The last user of USB, who waits for the end of everything. */
  fettle_usb_device_unref (peer->usb);
  if (peer->device != NULL)
    {
      g_assert_false (mock_usb_is_claimed (peer->device));
      unplug (peer, NULL);
    }
  mock_echo_free (peer->echo);
  g_free (peer);
}

static guint
count_aborts (gpointer data)
{
  return mock_echo_count_requests (((Peer *)data)->echo, FTA_USB_REQUEST_ABORT);
}

static const LinkHooks hooks = {
  .name = "usb",
  .start = start,
  .create_link = create_link,
  .stop = stop,
  .vanish = unplug,
  .count_aborts = count_aborts,
};

/* --- what only USB can do wrong --- */

typedef struct
{
  Peer *peer;
  FettleLink *link;
  GByteArray *received;
  GError *lost;
  gboolean is_opened;
  GError *open_error;
} Fixture;

#define DEADLINE (60 * G_TIME_SPAN_SECOND)

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
on_received (FettleLink *link, GBytes *bytes, Fixture *fixture)
{
  g_byte_array_append (fixture->received, g_bytes_get_data (bytes, NULL),
                       (guint)g_bytes_get_size (bytes));
}

static void
on_lost (FettleLink *link, const GError *reason, Fixture *fixture)
{
  g_assert_null (fixture->lost);
  fixture->lost = g_error_copy (reason);
}

static void
on_opened (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->is_opened = TRUE;
  fettle_link_open_finish (FETTLE_LINK (object), result, &fixture->open_error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->peer = start ();
  fixture->link = create_link (fixture->peer);
  fixture->received = g_byte_array_new ();
  g_signal_connect (fixture->link, "received", G_CALLBACK (on_received), fixture);
  g_signal_connect (fixture->link, "lost", G_CALLBACK (on_lost), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  fettle_link_close (fixture->link);
  g_object_unref (fixture->link);
  stop (fixture->peer);
  g_byte_array_unref (fixture->received);
  g_clear_error (&fixture->lost);
  g_clear_error (&fixture->open_error);
}

static void
open_link (Fixture *fixture)
{
  fettle_link_open_async (fixture->link, NULL, on_opened, fixture);
  WAIT_FOR (fixture->is_opened);
}

static void
send (Fixture *fixture, gsize size)
{
  guint8 *bytes = g_malloc (size);
  g_autoptr (GBytes) piece = NULL;

  for (gsize i = 0; i < size; i++)
    bytes[i] = (guint8)(i * 7 >> 2);
  piece = g_bytes_new_take (bytes, size);
  fettle_link_send (fixture->link, piece);
}

static void
check_echo (Fixture *fixture, gsize size)
{
  WAIT_FOR (fixture->received->len >= size || fixture->lost != NULL);
  g_assert_no_error (fixture->lost);
  g_assert_cmpuint (fixture->received->len, ==, size);
  for (gsize i = 0; i < size; i++)
    g_assert_cmpuint (fixture->received->data[i], ==, (guint8)(i * 7 >> 2));
}

static void
set_faults (Fixture *fixture, MockEchoFaults faults)
{
  mock_echo_set_faults (fixture->peer->echo, &faults);
}

static void
test_start (Fixture *fixture, gconstpointer data)
{
  open_link (fixture);
  g_assert_no_error (fixture->open_error);
  /* Earlier sessions are forgotten, halts are over, and enough is asked for. */
  g_assert_cmpuint (mock_echo_count_requests (fixture->peer->echo, FTA_USB_REQUEST_RESET),
                    ==, 1);
  g_assert_cmpuint (mock_echo_count_cleared_halts (fixture->peer->echo), ==, 2);
  WAIT_FOR (mock_usb_count_waiting_in (fixture->peer->device) == 4);
  fettle_link_interrupt (fixture->link, FETTLE_INTERRUPT_RESET);
  WAIT_FOR (mock_echo_count_requests (fixture->peer->echo, FTA_USB_REQUEST_RESET) == 2);
}

static void
test_refused_request (Fixture *fixture, gconstpointer data)
{
  set_faults (fixture, (MockEchoFaults){ .refuses_requests = TRUE });
  open_link (fixture);
  g_assert_no_error (fixture->open_error);
  fettle_link_interrupt (fixture->link, FETTLE_INTERRUPT_ABORT);
  send (fixture, 1000);
  check_echo (fixture, 1000);
}

static void
test_empty_packets (Fixture *fixture, gconstpointer data)
{
  set_faults (fixture, (MockEchoFaults){ .sends_empties = TRUE });
  open_link (fixture);
  send (fixture, 50000);
  check_echo (fixture, 50000);
  g_assert_cmpuint (mock_echo_count_empties (fixture->peer->echo), >, 3);
}

static void
test_passing_stall (Fixture *fixture, gconstpointer data)
{
  open_link (fixture);
  set_faults (fixture, (MockEchoFaults){ .stalls_in = 2, .stalls_out = 1 });
  send (fixture, 50000);
  check_echo (fixture, 50000);
}

static void
test_lasting_stall (Fixture *fixture, gconstpointer data)
{
  open_link (fixture);
  set_faults (fixture, (MockEchoFaults){ .stalls_in = G_MAXUINT });
  WAIT_FOR (fixture->lost != NULL);
  g_assert_error (fixture->lost, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_PROTOCOL);
  g_assert_cmpstr (
      fixture->lost->message, ==,
      "The USB connection to the board failed (LIBUSB_ERROR_PIPE); plug it in "
      "again.");
  WAIT_FOR (!mock_usb_is_claimed (fixture->peer->device));
}

/* A board in a long layer takes a part and the rest after the timeout: nothing is lost or sent twice. */
static void
test_timeout (Fixture *fixture, gconstpointer data)
{
  open_link (fixture);
  set_faults (fixture, (MockEchoFaults){ .takes_most = 3000 });
  send (fixture, 20000);
  WAIT_FOR (fixture->received->len == 3000);
  WAIT_FOR (mock_usb_count_discarded (fixture->peer->device) > 0);
  set_faults (fixture, (MockEchoFaults){ 0 });
  check_echo (fixture, 20000);
}

static void
test_takes_nothing (Fixture *fixture, gconstpointer data)
{
  set_faults (fixture, (MockEchoFaults){ .takes_nothing = TRUE });
  open_link (fixture);
  send (fixture, 16);
  WAIT_FOR (fixture->lost != NULL);
  g_assert_error (fixture->lost, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_SILENT);
}

/* The queue has an end. */
static void
test_too_much (Fixture *fixture, gconstpointer data)
{
  set_faults (fixture, (MockEchoFaults){ .takes_nothing = TRUE });
  open_link (fixture);
  for (int i = 0; i < 3000 && fixture->lost == NULL; i++)
    send (fixture, 1024);
  g_assert_error (fixture->lost, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_SILENT);
}

/* What was sent last, a farewell, still goes out, unless the board does not take it. */
static void
test_farewell (Fixture *fixture, gconstpointer data)
{
  open_link (fixture);
  set_faults (fixture, (MockEchoFaults){ .sends_nothing = TRUE });
  send (fixture, 4000);
  fettle_link_close (fixture->link);
  WAIT_FOR (!mock_usb_is_claimed (fixture->peer->device));
  g_assert_cmpuint (mock_echo_count_held (fixture->peer->echo), ==, 4000);
}

#define ADD(name, function)                                                              \
  g_test_add ("/usb-link/" name, Fixture, NULL, set_up, function, tear_down)

static void
add_tests (void)
{
  ADD ("start", test_start);
  ADD ("refused-request", test_refused_request);
  ADD ("empty-packets", test_empty_packets);
  ADD ("passing-stall", test_passing_stall);
  ADD ("lasting-stall", test_lasting_stall);
  ADD ("timeout", test_timeout);
  ADD ("takes-nothing", test_takes_nothing);
  ADD ("too-much", test_too_much);
  ADD ("farewell", test_farewell);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_setenv ("FETTLE_USB_ID", "1209:0001", TRUE);
  bus = mock_usb_bus_new ();
  if (bus == NULL)
    {
      g_print ("1..0 # SKIP not run under umockdev-wrapper\n");
      return 0;
    }
  link_conformance_add (&hooks);
  add_tests ();
  status = g_test_run ();
  mock_usb_bus_free (bus);
  return status;
}
