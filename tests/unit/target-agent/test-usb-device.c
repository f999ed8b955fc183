/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-usb-device.c: enumeration, refusals, descriptors and bulk transfers of the device core. */
#include "usb-fixture.h"

#include <string.h>

enum
{
  GET_STATUS = 0,
  CLEAR_FEATURE = 1,
  SET_FEATURE = 3,
  SET_ADDRESS = 5,
  GET_DESCRIPTOR = 6,
  SET_DESCRIPTOR = 7,
  GET_CONFIGURATION = 8,
  SET_CONFIGURATION = 9,
  GET_INTERFACE = 10,
  SET_INTERFACE = 11,
};

#define ABSENT (-1)

static gint
get_descriptor (UsbFixture *fixture, guint type, guint index, guint8 *bytes, guint length)
{
  return usb_control (fixture, 0x80, GET_DESCRIPTOR, type << 8 | index, 0, bytes, length);
}

/* --- descriptors --- */

static void
test_device_descriptor (UsbFixture *fixture, gconstpointer data)
{
  /* USB 2.0, table 9-8 */
  /* clang-format off */
  static const guint8 expected[18] = { 18, 1,    0x01, 0x02, 0xFF, 0x46, 1, 64, 0x09,
                                       0x12, 0x01, 0x00, 0x23, 0x01, 1,    2, 3,  1 };
  /* clang-format on */
  guint8 bytes[64];

  g_assert_cmpint (get_descriptor (fixture, 1, 0, bytes, 64), ==, 18);
  g_assert_cmpmem (bytes, 18, expected, 18);
  /* What a host asks for first, knowing nothing. */
  g_assert_cmpint (get_descriptor (fixture, 1, 0, bytes, 8), ==, 8);
  g_assert_cmpmem (bytes, 8, expected, 8);
  g_assert_cmpint (get_descriptor (fixture, 1, 1, bytes, 64), ==, ABSENT);
}

static void
check_configuration (UsbFixture *fixture, guint type, guint packet)
{
  /* tables 9-10, 9-12, 9-13 */
  /* clang-format off */
  const guint8 expected[32] = {
    9, (guint8)type, 32, 0, 1, 1, 0, 0x80, 50, /* configuration */
    9, 4, 0, 0, 2, 0xFF, 0x46, 1, 0,           /* interface */
    7, 5, 0x01, 2, (guint8)packet, (guint8)(packet >> 8), 0,
    7, 5, 0x81, 2, (guint8)packet, (guint8)(packet >> 8), 0,
  };
  /* clang-format on */
  guint8 bytes[255];

  g_assert_cmpint (get_descriptor (fixture, type, 0, bytes, 255), ==, 32);
  g_assert_cmpmem (bytes, 32, expected, 32);
  g_assert_cmpint (get_descriptor (fixture, type, 0, bytes, 9), ==, 9);
  g_assert_cmpmem (bytes, 9, expected, 9);
}

static void
test_full_speed (UsbFixture *fixture, gconstpointer data)
{
  guint8 bytes[64];

  check_configuration (fixture, 2, 64);
  /* 9.6.2: a device that knows full speed only refuses these two. */
  g_assert_cmpint (get_descriptor (fixture, 6, 0, bytes, 10), ==, ABSENT);
  g_assert_cmpint (get_descriptor (fixture, 7, 0, bytes, 64), ==, ABSENT);
}

static void
test_high_speed (UsbFixture *fixture, gconstpointer data)
{
  static const guint8 qualifier[10] = { 10, 6, 0x01, 0x02, 0xFF, 0x46, 1, 64, 1, 0 };
  guint8 bytes[64];

  check_configuration (fixture, 2, 512);
  check_configuration (fixture, 7, 64);
  g_assert_cmpint (get_descriptor (fixture, 6, 0, bytes, 10), ==, 10);
  g_assert_cmpmem (bytes, 10, qualifier, 10);
  /* In a full-speed port the two change places. */
  fta_usb_bus_reset (&fixture->device, FTA_USB_FULL_SPEED);
  check_configuration (fixture, 2, 64);
  check_configuration (fixture, 7, 512);
}

static void
test_strings (UsbFixture *fixture, gconstpointer data)
{
  static const guint8 languages[] = { 4, 3, 0x09, 0x04 };
  static const guint8 name[] = { 12, 3, 'B', 0, 'o', 0, 'a', 0, 'r', 0, 'd', 0 };
  guint8 bytes[255];

  g_assert_cmpint (get_descriptor (fixture, 3, 0, bytes, 255), ==, 4);
  g_assert_cmpmem (bytes, 4, languages, 4);
  g_assert_cmpint (get_descriptor (fixture, 3, 2, bytes, 255), ==, sizeof name);
  g_assert_cmpmem (bytes, sizeof name, name, sizeof name);
  g_assert_cmpint (get_descriptor (fixture, 3, 3, bytes, 255), ==, 2 + 2 * 16);
  g_assert_cmpuint (bytes[2 + 2 * 15], ==, 'F');
  g_assert_cmpint (get_descriptor (fixture, 3, 4, bytes, 255), ==, ABSENT);
  g_assert_cmpint (get_descriptor (fixture, 3, 0xEE, bytes, 255), ==, ABSENT);
}

/* A string that is longer than a descriptor can be is cut; one whose descriptor fills its packets ends
 * with an empty one. */
static void
test_long_strings (UsbFixture *fixture, gconstpointer data)
{
  g_autofree gchar *text = g_strnfill (300, 'x');
  guint8 bytes[512];

  fixture->device.identity.name = text;
  g_assert_cmpint (get_descriptor (fixture, 3, 2, bytes, 512), ==, 254);
  g_assert_cmpuint (bytes[0], ==, 254);
  text[63] = '\0';
  g_assert_cmpint (get_descriptor (fixture, 3, 2, bytes, 512), ==, 128);
  g_assert_cmpint (get_descriptor (fixture, 3, 2, bytes, 128), ==, 128);
  g_assert_cmpint (get_descriptor (fixture, 3, 2, bytes, 64), ==, 64);
  g_assert_cmpint (get_descriptor (fixture, 3, 2, bytes, 65), ==, 65);
}

static void
test_bos (UsbFixture *fixture, gconstpointer data)
{
  /* USB 3.2, tables 9-13 and 9-14; Microsoft OS 2.0 Descriptors Specification, table 4 */
  /* clang-format off */
  static const guint8 expected[40] = {
    5, 15, 40, 0, 2,
    7, 16, 2, 0, 0, 0, 0,
    28, 16, 5, 0,
    0xDF, 0x60, 0xDD, 0xD8, 0x89, 0x45, 0xC7, 0x4C,
    0x9C, 0xD2, 0x65, 0x9D, 0x9E, 0x64, 0x8A, 0x9F,
    0x00, 0x00, 0x03, 0x06, 162, 0, FTA_USB_MS_OS_VENDOR_CODE, 0,
  };
  /* clang-format on */
  guint8 bytes[255];

  g_assert_cmpint (get_descriptor (fixture, 15, 0, bytes, 5), ==, 5);
  g_assert_cmpmem (bytes, 5, expected, 5);
  g_assert_cmpint (get_descriptor (fixture, 15, 0, bytes, 255), ==, 40);
  g_assert_cmpmem (bytes, 40, expected, 40);
}

/* UTF-16 text of ASCII characters, which ends after N code units. */
static gchar *
narrow (const guint8 *bytes, guint n)
{
  gchar *text = g_malloc0 (n + 1);

  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpuint (bytes[2 * i + 1], ==, 0);
      text[i] = (gchar)bytes[2 * i];
    }
  return text;
}

static void
test_ms_os (UsbFixture *fixture, gconstpointer data)
{
  /* Tables 10, 13 and 15: the header of the set; the compatible id; a registry property. They are features
   * of the device. A subset header for the function (type 2) would have to come first if, and only if, the
   * device were composite: more than one interface, or an association of them. This one is not. */
  /* clang-format off */
  static const guint8 head[] = {
    10, 0, 0, 0, 0x00, 0x00, 0x03, 0x06, 162, 0,
    20, 0, 3, 0, 'W', 'I', 'N', 'U', 'S', 'B', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    132, 0, 4, 0, 7, 0, 42, 0,
  };
  /* clang-format on */
  guint8 bytes[512], configuration[32];
  g_autofree gchar *name = NULL, *list = NULL;

  g_assert_cmpint (
      usb_control (fixture, 0xC0, FTA_USB_MS_OS_VENDOR_CODE, 0, 7, bytes, sizeof bytes),
      ==, 162);
  g_assert_cmpmem (bytes, sizeof head, head, sizeof head);
  name = narrow (bytes + 38, 21);
  g_assert_cmpstr (name, ==, "DeviceInterfaceGUIDs");
  g_assert_cmpuint (bytes[80] | bytes[81] << 8, ==, 80);
  list = narrow (bytes + 82, 40);
  g_assert_true (g_regex_match_simple (
      "^\\{[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\}$", list, 0, 0));
  g_assert_cmpuint (strlen (list), ==,
                    38); /* and two zeros: of the string, of the list */
  g_assert_cmpint (get_descriptor (fixture, 2, 0, configuration, 32), ==, 32);
  g_assert_cmpuint (configuration[4], ==, 1);

  /* index 8 would set an alternate enumeration */
  g_assert_cmpint (
      usb_control (fixture, 0xC0, FTA_USB_MS_OS_VENDOR_CODE, 0, 8, bytes, 64), ==, -1);
  g_assert_cmpint (usb_control (fixture, 0xC0, 0x21, 0, 7, bytes, 64), ==, -1);
}

/* --- requests --- */

static void
test_status (UsbFixture *fixture, gconstpointer data)
{
  guint8 bytes[2] = { 9, 9 };

  g_assert_cmpint (usb_control (fixture, 0x80, GET_STATUS, 0, 0, bytes, 2), ==, 2);
  g_assert_cmpuint (bytes[0] | bytes[1], ==, 0);
  g_assert_cmpint (usb_control (fixture, 0x80, GET_STATUS, 0, 0, bytes, 1), ==, 1);
  g_assert_cmpint (usb_control (fixture, 0x82, GET_STATUS, 0, 0x80, bytes, 2), ==, 2);
  /* 9.4.5: before it is configured, a device has endpoint 0 only. */
  g_assert_cmpint (usb_control (fixture, 0x81, GET_STATUS, 0, 0, bytes, 2), ==, -1);
  g_assert_cmpint (usb_control (fixture, 0x82, GET_STATUS, 0, 0x81, bytes, 2), ==, -1);
  usb_enumerate (fixture);
  g_assert_cmpint (usb_control (fixture, 0x81, GET_STATUS, 0, 0, bytes, 2), ==, 2);
  g_assert_cmpint (usb_control (fixture, 0x82, GET_STATUS, 0, 0x81, bytes, 2), ==, 2);
  g_assert_cmpint (usb_control (fixture, 0x82, GET_STATUS, 0, 0x02, bytes, 2), ==, -1);
  g_assert_cmpint (usb_control (fixture, 0x81, GET_STATUS, 0, 1, bytes, 2), ==, -1);
}

static void
test_configuration (UsbFixture *fixture, gconstpointer data)
{
  guint8 byte = 9;

  g_assert_cmpint (usb_control (fixture, 0x80, GET_CONFIGURATION, 0, 0, &byte, 1), ==, 1);
  g_assert_cmpuint (byte, ==, 0);
  g_assert_false (usb_request (fixture, 0x00, SET_CONFIGURATION, 2, 0));
  g_assert_false (usb_request (fixture, 0x01, SET_INTERFACE, 0, 0));
  g_assert_cmpint (usb_control (fixture, 0x81, GET_INTERFACE, 0, 0, &byte, 1), ==, -1);
  usb_enumerate (fixture);
  g_assert_true (fixture->in.open && fixture->out.open);
  g_assert_cmpint (usb_control (fixture, 0x80, GET_CONFIGURATION, 0, 0, &byte, 1), ==, 1);
  g_assert_cmpuint (byte, ==, 1);
  g_assert_cmpint (usb_control (fixture, 0x81, GET_INTERFACE, 0, 0, &byte, 1), ==, 1);
  g_assert_cmpuint (byte, ==, 0);
  g_assert_true (usb_request (fixture, 0x01, SET_INTERFACE, 0, 0));
  g_assert_false (usb_request (fixture, 0x01, SET_INTERFACE, 1, 0));
  g_assert_false (usb_request (fixture, 0x01, SET_INTERFACE, 0, 1));
  /* 9.4.6: no new address for a configured device */
  g_assert_false (usb_request (fixture, 0x00, SET_ADDRESS, 3, 0));
  g_assert_true (usb_request (fixture, 0x00, SET_CONFIGURATION, 0, 0));
  g_assert_false (fixture->in.open || fixture->out.open);
  g_assert_false (usb_request (fixture, 0x00, SET_ADDRESS, 128, 0));
}

static void
test_refusals (UsbFixture *fixture, gconstpointer data)
{
  static const guint8 kinds[] = { 0x00, 0x01, 0x02, 0x20, 0x21, 0x22, 0x40, 0x41, 0x42,
                                  0x80, 0x81, 0x82, 0xA0, 0xA1, 0xC0, 0xC1, 0xC2 };
  guint n_accepted = 0;
  guint8 bytes[8];

  usb_enumerate (fixture);
  /* Of all requests without data whose value and index are 0xFFFF, none is carried out. */
  for (guint i = 0; i < sizeof kinds; i++)
    for (guint code = 0; code < 256; code++)
      n_accepted += usb_control (fixture, kinds[i], code, 0xFFFF, 0xFFFF, bytes, 0) >= 0;
  /* GET_CONFIGURATION looks at neither. */
  g_assert_cmpuint (n_accepted, ==, 1);
  /* No request of ours brings data. */
  g_assert_cmpint (usb_control (fixture, 0x41, FTA_USB_REQUEST_ABORT, 0, 0, bytes, 8), ==,
                   -1);
  g_assert_cmpint (usb_control (fixture, 0x00, SET_DESCRIPTOR, 0x0100, 0, bytes, 8), ==,
                   -1);
  /* test modes and remote wake-up */
  g_assert_false (usb_request (fixture, 0x00, SET_FEATURE, 2, 0x0100));
  g_assert_false (usb_request (fixture, 0x00, SET_FEATURE, 1, 0));
  /* and it still enumerates */
  fta_usb_bus_reset (&fixture->device, FTA_USB_FULL_SPEED);
  usb_enumerate (fixture);
}

/* A SETUP in the middle of a data stage begins anew. */
static void
test_setup_cuts_in (UsbFixture *fixture, gconstpointer data)
{
  static const guint8 setup[8] = { 0xC0, FTA_USB_MS_OS_VENDOR_CODE, 0, 0, 7, 0, 0xFF, 0 };

  fta_usb_setup (&fixture->device, setup);
  g_assert_cmpuint (fixture->control.queued->len, ==, 64);
  usb_enumerate (fixture);
  fta_usb_written (&fixture->device, 0);
  g_assert_null (fixture->control.queued);
}

/* --- bulk --- */

static void
test_out (UsbFixture *fixture, gconstpointer data)
{
  guint8 sent[64], bytes[64];

  memset (sent, 7, sizeof sent);
  usb_enumerate (fixture);
  g_assert_false (fta_usb_readable (&fixture->device));
  g_assert_cmpuint (fta_usb_read (&fixture->device, bytes, 64), ==, 0);
  g_assert_true (usb_send (fixture, sent, 64));
  g_assert_true (fta_usb_readable (&fixture->device));
  /* NAK until all of it was read */
  g_assert_false (usb_send (fixture, sent, 1));
  g_assert_cmpuint (fta_usb_read (&fixture->device, bytes, 60), ==, 60);
  g_assert_false (usb_send (fixture, sent, 1));
  g_assert_cmpuint (fta_usb_read (&fixture->device, bytes, 60), ==, 4);
  /* an empty packet is nothing, and no end */
  g_assert_true (usb_send (fixture, NULL, 0));
  g_assert_false (fta_usb_readable (&fixture->device));
  g_assert_true (usb_send (fixture, sent, 1));
  g_assert_cmpuint (fta_usb_read (&fixture->device, bytes, 60), ==, 1);
}

/* Hands over SIZE bytes as an agent does; returns the transfers that the host saw. */
static guint
pass_in (UsbFixture *fixture, guint size, guint length)
{
  g_autofree guint8 *sent = g_malloc (size);
  guint taken = 0, n_transfers = 0, got = 0;

  for (guint i = 0; i < size; i++)
    sent[i] = (guint8)(i * 7 + 1);
  while (got < size || fixture->in.queued != NULL)
    {
      g_autoptr (GBytes) transfer = NULL;

      while (taken < size && fixture->in.queued == NULL)
        taken += (guint)fta_usb_write (&fixture->device, sent + taken, size - taken);
      transfer = usb_take (fixture, length);
      if (transfer == NULL) /* full packets so far, more comes */
        {
          g_assert_cmpuint (taken, <, size);
          got += FTA_USB_WRITE_MOST;
          continue;
        }
      n_transfers++;
      got += (guint)g_bytes_get_size (transfer);
    }
  g_assert_cmpuint (got, ==, size);
  return n_transfers;
}

static void
test_in (UsbFixture *fixture, gconstpointer data)
{
  usb_enumerate (fixture);
  g_assert_cmpuint (pass_in (fixture, 1, 16384), ==, 1);
  g_assert_cmpuint (pass_in (fixture, 100, 16384), ==, 1);
  /* multiples of the packet, and of what a port takes at once: the host's transfer ends all the same */
  g_assert_cmpuint (pass_in (fixture, 64, 16384), ==, 1);
  g_assert_cmpuint (pass_in (fixture, 512, 16384), ==, 1);
  g_assert_cmpuint (pass_in (fixture, 1024, 16384), ==, 1);
  g_assert_cmpuint (pass_in (fixture, 1025, 16384), ==, 1);
  /* a transfer of just the size needs no empty packet, and the next one is that packet */
  g_assert_cmpuint (pass_in (fixture, 512, 512), ==, 2);
}

static void
test_in_busy (UsbFixture *fixture, gconstpointer data)
{
  guint8 bytes[100] = { 0 };

  g_assert_cmpuint (fta_usb_write (&fixture->device, bytes, 100), ==, 0);
  usb_enumerate (fixture);
  g_assert_cmpuint (fta_usb_write (&fixture->device, bytes, 0), ==, 0);
  g_assert_cmpuint (fta_usb_write (&fixture->device, bytes, 100), ==, 100);
  g_assert_cmpuint (fta_usb_write (&fixture->device, bytes, 100), ==, 0);
  g_bytes_unref (usb_take (fixture, 16384));
  g_assert_cmpuint (fta_usb_write (&fixture->device, bytes, 64), ==, 64);
  /* the empty packet is under way */
  g_clear_pointer (&fixture->in.queued, g_byte_array_unref);
  fta_usb_written (&fixture->device, FTA_USB_ENDPOINT_IN);
  g_assert_cmpuint (fixture->in.queued->len, ==, 0);
  g_assert_cmpuint (fta_usb_write (&fixture->device, bytes, 100), ==, 0);
}

static guint
endpoint_status (UsbFixture *fixture, guint endpoint)
{
  guint8 bytes[2];

  g_assert_cmpint (usb_control (fixture, 0x82, GET_STATUS, 0, endpoint, bytes, 2), ==, 2);
  return bytes[0];
}

static void
test_halt (UsbFixture *fixture, gconstpointer data)
{
  guint8 bytes[100] = { 0 };
  guint n_opened;

  usb_enumerate (fixture);
  g_assert_true (usb_send (fixture, bytes, 20));
  g_assert_cmpuint (fta_usb_write (&fixture->device, bytes, 100), ==, 100);
  g_assert_true (usb_request (fixture, 0x02, SET_FEATURE, 0, FTA_USB_ENDPOINT_IN));
  g_assert_true (usb_request (fixture, 0x02, SET_FEATURE, 0, FTA_USB_ENDPOINT_OUT));
  g_assert_true (fixture->in.stalled && fixture->out.stalled);
  g_assert_cmpuint (endpoint_status (fixture, FTA_USB_ENDPOINT_IN), ==, 1);
  g_assert_cmpuint (endpoint_status (fixture, FTA_USB_ENDPOINT_OUT), ==, 1);
  g_assert_cmpuint (fta_usb_write (&fixture->device, bytes, 100), ==, 0);
  g_assert_cmpuint (fta_usb_read (&fixture->device, bytes, 100), ==, 0);

  /* Clearing puts the toggle back and lets nothing through that was queued before. */
  n_opened = fixture->in.n_opened;
  g_assert_true (usb_request (fixture, 0x02, CLEAR_FEATURE, 0, FTA_USB_ENDPOINT_IN));
  g_assert_true (usb_request (fixture, 0x02, CLEAR_FEATURE, 0, FTA_USB_ENDPOINT_OUT));
  g_assert_cmpuint (fixture->in.n_opened, ==, n_opened + 1);
  g_assert_cmpuint (endpoint_status (fixture, FTA_USB_ENDPOINT_IN), ==, 0);
  g_assert_null (fixture->in.queued);
  g_assert_false (fta_usb_readable (&fixture->device));
  g_assert_true (usb_send (fixture, bytes, 1));
  g_assert_cmpuint (pass_in (fixture, 100, 16384), ==, 1);

  g_assert_true (usb_request (fixture, 0x02, CLEAR_FEATURE, 0, 0));
  g_assert_false (usb_request (fixture, 0x02, SET_FEATURE, 0, 0));
  g_assert_false (usb_request (fixture, 0x02, SET_FEATURE, 0, 0x82));
  g_assert_false (usb_request (fixture, 0x02, CLEAR_FEATURE, 1, FTA_USB_ENDPOINT_IN));
}

/* --- sessions --- */

static void
fill_both (UsbFixture *fixture)
{
  guint8 bytes[100] = { 0 };

  fta_usb_bus_reset (&fixture->device, FTA_USB_FULL_SPEED);
  usb_enumerate (fixture);
  fixture->device.session_ended = false;
  g_assert_true (usb_send (fixture, bytes, 20));
  g_assert_cmpuint (fta_usb_write (&fixture->device, bytes, 100), ==, 100);
}

static void
check_forgotten (UsbFixture *fixture)
{
  g_assert_true (fixture->device.session_ended);
  g_assert_null (fixture->in.queued);
  g_assert_false (fta_usb_readable (&fixture->device));
}

static void
test_reset_request (UsbFixture *fixture, gconstpointer data)
{
  guint n_opened, n_flushed;

  fill_both (fixture);
  n_flushed = fixture->in.n_flushed;
  n_opened = fixture->in.n_opened + fixture->out.n_opened;
  g_assert_true (
      usb_request (fixture, FTA_USB_REQUEST_TYPE, FTA_USB_REQUEST_RESET, 0, 0));
  check_forgotten (fixture);
  /* The host's toggles go on, so the device's do. */
  g_assert_cmpuint (fixture->in.n_opened + fixture->out.n_opened, ==, n_opened);
  g_assert_cmpuint (fixture->in.n_flushed, ==, n_flushed + 1);
  g_assert_true (usb_send (fixture, "x", 1));
  g_assert_cmpuint (pass_in (fixture, 100, 16384), ==, 1);
}

static void
test_abort_request (UsbFixture *fixture, gconstpointer data)
{
  g_assert_false (
      usb_request (fixture, FTA_USB_REQUEST_TYPE, FTA_USB_REQUEST_ABORT, 0, 0));
  fill_both (fixture);
  g_assert_false (
      usb_request (fixture, FTA_USB_REQUEST_TYPE, FTA_USB_REQUEST_ABORT, 1, 0));
  g_assert_false (
      usb_request (fixture, FTA_USB_REQUEST_TYPE, FTA_USB_REQUEST_ABORT, 0, 1));
  g_assert_false (fixture->device.abort_requested);
  g_assert_true (
      usb_request (fixture, FTA_USB_REQUEST_TYPE, FTA_USB_REQUEST_ABORT, 0, 0));
  g_assert_true (fixture->device.abort_requested);
  g_assert_false (fixture->device.session_ended);
  g_assert_nonnull (fixture->in.queued);
  g_assert_true (fta_usb_readable (&fixture->device));
}

static void
test_what_ends_a_session (UsbFixture *fixture, gconstpointer data)
{
  fill_both (fixture);
  fta_usb_bus_reset (&fixture->device, FTA_USB_FULL_SPEED);
  check_forgotten (fixture);
  g_assert_false (fixture->in.open || fixture->out.open);
  fill_both (fixture);
  g_assert_true (usb_request (fixture, 0x00, SET_CONFIGURATION, 1, 0));
  check_forgotten (fixture);
  fill_both (fixture);
  g_assert_true (usb_request (fixture, 0x00, SET_CONFIGURATION, 0, 0));
  check_forgotten (fixture);
  fill_both (fixture);
  g_assert_true (usb_request (fixture, 0x01, SET_INTERFACE, 0, 0));
  check_forgotten (fixture);
  fill_both (fixture);
  fta_usb_disconnected (&fixture->device);
  check_forgotten (fixture);
  g_assert_false (fta_usb_is_configured (&fixture->device));
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*test) (UsbFixture *fixture, gconstpointer data);
    gboolean high_speed;
  } tests[] = {
    { "/usb/device/device-descriptor", test_device_descriptor, FALSE },
    { "/usb/device/full-speed", test_full_speed, FALSE },
    { "/usb/device/high-speed", test_high_speed, TRUE },
    { "/usb/device/strings", test_strings, FALSE },
    { "/usb/device/long-strings", test_long_strings, FALSE },
    { "/usb/device/bos", test_bos, FALSE },
    { "/usb/device/ms-os", test_ms_os, FALSE },
    { "/usb/device/status", test_status, FALSE },
    { "/usb/device/configuration", test_configuration, FALSE },
    { "/usb/device/refusals", test_refusals, FALSE },
    { "/usb/device/setup-cuts-in", test_setup_cuts_in, FALSE },
    { "/usb/device/out", test_out, FALSE },
    { "/usb/device/in", test_in, FALSE },
    { "/usb/device/in-high-speed", test_in, TRUE },
    { "/usb/device/in-busy", test_in_busy, FALSE },
    { "/usb/device/halt", test_halt, FALSE },
    { "/usb/device/reset-request", test_reset_request, FALSE },
    { "/usb/device/abort-request", test_abort_request, FALSE },
    { "/usb/device/what-ends-a-session", test_what_ends_a_session, FALSE },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, UsbFixture, GINT_TO_POINTER (tests[i].high_speed),
                usb_set_up, tests[i].test, usb_tear_down);
  return g_test_run ();
}
