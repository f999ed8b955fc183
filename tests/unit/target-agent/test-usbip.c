/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-usbip.c: the device over USB/IP: transfers, cancellation, stalls, cuts, and an agent behind it. */
#include "agent-fixture.h"
#include "usbip-host.h"

#include "target-agent/usb/agent-port.h"

#include <string.h>

#define STALL    (-32)
#define UNLINKED (-104)
#define BABBLE   (-75)
#define BULK     1

static guint32
take (UsbipHost *host, guint length)
{
  return usbip_submit (host, BULK, TRUE, NULL, NULL, length);
}

static guint32
give (UsbipHost *host, const void *bytes, guint size)
{
  return usbip_submit (host, BULK, FALSE, NULL, bytes, size);
}

static void
fill (guint8 *bytes, guint size)
{
  for (guint i = 0; i < size; i++)
    bytes[i] = (guint8)(i * 31 + i / 256);
}

/* The device writes SIZE bytes as an agent does. */
static void
write_all (UsbipHost *host, const guint8 *bytes, guint size)
{
  for (guint taken = 0; taken < size; usbip_serve (host))
    taken += (guint)fta_usb_write (&host->device, bytes + taken, size - taken);
}

static void
test_control (UsbipHost *host, gconstpointer data)
{
  static const guint8 get_device[8] = { 0x80, 6, 0, 1, 0, 0, 18, 0 };
  static const guint8 get_set[8] = { 0xC0, FTA_USB_MS_OS_VENDOR_CODE, 0, 0, 7, 0, 0, 1 };
  UsbipReply reply;

  usbip_expect (host, usbip_submit (host, 0, TRUE, get_device, NULL, 18), &reply);
  g_assert_cmpint (reply.status, ==, 0);
  g_assert_cmpuint (reply.actual, ==, 18);
  g_assert_cmpuint (reply.data[0], ==, 18);
  usbip_expect (host, usbip_submit (host, 0, TRUE, get_set, NULL, 256), &reply);
  g_assert_cmpuint (reply.actual, ==, 162);
  g_assert_cmpuint (reply.data[161], ==, 0);
  g_assert_cmpint (usbip_request (host, 0x00, 3, 1, 0), ==, STALL);
  usbip_configure (host);
  g_assert_true (fta_usb_is_configured (&host->device));
}

/* No request of this device brings data; its message is followed by them all the same. */
static void
test_control_with_data (UsbipHost *host, gconstpointer data)
{
  static const guint8 setup[8] = { 0x41, 9, 0, 0, 0, 0, 100, 0 };
  guint8 bytes[100] = { 0 };

  usbip_expect_status (host, usbip_submit (host, 0, FALSE, setup, bytes, 100), STALL, 0);
  usbip_configure (host);
}

static void
test_out (UsbipHost *host, gconstpointer data)
{
  guint8 sent[20000], got[sizeof sent];
  guint size = 0;
  guint32 first, second;

  fill (sent, sizeof sent);
  usbip_configure (host);
  first = give (host, sent, 16384);
  second = give (host, sent + 16384, sizeof sent - 16384);
  usbip_expect_silence (host);
  /* The pipe is full; endpoint 0 is not. */
  g_assert_cmpint (usbip_request (host, 0x41, FTA_USB_REQUEST_ABORT, 0, 0), ==, 0);
  while (size < sizeof sent)
    {
      g_assert_true (fta_usb_readable (&host->device));
      size += (guint)fta_usb_read (&host->device, got + size, sizeof got - size);
      fta_usb_poll (&host->device, false);
    }
  g_assert_cmpmem (got, size, sent, sizeof sent);
  usbip_expect_status (host, first, 0, 16384);
  usbip_expect_status (host, second, 0, sizeof sent - 16384);
  usbip_expect_status (host, give (host, NULL, 0), 0, 0);
}

static void
test_in (UsbipHost *host, gconstpointer data)
{
  guint packet = data != NULL ? 512 : 64;
  guint8 sent[20000];
  UsbipReply reply;
  guint32 first, second, third;

  fill (sent, sizeof sent);
  usbip_configure (host);
  first = take (host, 16384);
  usbip_expect_silence (host);
  write_all (host, sent, 100);
  usbip_expect (host, first, &reply);
  g_assert_cmpmem (reply.data, reply.actual, sent, 100);

  first = take (host, 16384);
  second = take (host, 16384);
  third = take (host, 16384);
  write_all (host, sent, sizeof sent);
  usbip_expect (host, first, &reply);
  g_assert_cmpmem (reply.data, reply.actual, sent, 16384);
  usbip_expect (host, second, &reply);
  g_assert_cmpmem (reply.data, reply.actual, sent + 16384, sizeof sent - 16384);
  write_all (host, sent, 1024);
  usbip_expect_status (host, third, 0, 1024);

  /* A packet that does not fit what was asked for; then the rest of what was written. */
  first = take (host, packet);
  second = take (host, packet - 10);
  write_all (host, sent, packet + packet - 10 + 1);
  usbip_expect_status (host, first, 0, packet);
  usbip_expect_status (host, second, BABBLE, 0);
}

/* What the host waits with is larger than what the port fills at once. */
static void
test_long_in (UsbipHost *host, gconstpointer data)
{
  guint8 sent[16384 + 512];
  guint32 sequence;

  fill (sent, sizeof sent);
  usbip_configure (host);
  sequence = take (host, 1u << 20);
  take (host, 1u << 20);
  write_all (host, sent, sizeof sent);
  usbip_expect_status (host, sequence, 0, 16384);
}

static void
test_unlink (UsbipHost *host, gconstpointer data)
{
  guint8 bytes[1000];
  guint32 first, second, third, unlink;
  guint size = 0;

  fill (bytes, sizeof bytes);
  usbip_configure (host);
  first = take (host, 512);
  second = take (host, 512);
  unlink = usbip_unlink (host, first);
  usbip_expect_status (host, unlink, UNLINKED, 0);
  write_all (host, bytes, 100);
  usbip_expect_status (host, second, 0, 100);
  usbip_expect_status (host, usbip_unlink (host, second), 0, 0);

  /* of three transfers out, the second: its bytes never arrive */
  first = give (host, bytes, 700);
  second = give (host, bytes, 300);
  third = give (host, bytes, 200);
  unlink = usbip_unlink (host, second);
  usbip_expect_status (host, unlink, UNLINKED, 0);
  for (guint n = 1; n > 0; fta_usb_poll (&host->device, false))
    {
      guint8 got[512];

      n = (guint)fta_usb_read (&host->device, got, sizeof got);
      g_assert_cmpmem (got, n, bytes + (size < 700 ? size : size - 700), n);
      size += n;
    }
  g_assert_cmpuint (size, ==, 900);
  usbip_expect_status (host, first, 0, 700);
  usbip_expect_status (host, third, 0, 200);
}

static void
test_halt (UsbipHost *host, gconstpointer data)
{
  guint8 bytes[2000] = { 0 };
  guint32 in, out;

  usbip_configure (host);
  g_assert_cmpint (usbip_request (host, 0x02, 3, 0, 0x81), ==, 0);
  usbip_expect_status (host, take (host, 512), STALL, 0);
  g_assert_cmpint (usbip_request (host, 0x02, 1, 0, 0x81), ==, 0);
  in = take (host, 512);
  write_all (host, bytes, 20);
  usbip_expect_status (host, in, 0, 20);

  g_assert_cmpint (usbip_request (host, 0x02, 3, 0, 0x01), ==, 0);
  usbip_expect_status (host, give (host, bytes, sizeof bytes), STALL, 0);
  g_assert_cmpint (usbip_request (host, 0x02, 1, 0, 0x01), ==, 0);
  out = give (host, bytes, 20);
  usbip_expect_status (host, out, 0, 20);
  g_assert_cmpuint (fta_usb_read (&host->device, bytes, 100), ==, 20);
}

/* Half a transfer that the device has written is not for the session after. */
static void
test_reset (UsbipHost *host, gconstpointer data)
{
  guint8 bytes[600];
  UsbipReply reply;
  guint32 in;

  fill (bytes, sizeof bytes);
  usbip_configure (host);
  in = take (host, 16384);
  g_assert_cmpuint (fta_usb_write (&host->device, bytes, sizeof bytes), ==, 512);
  g_assert_cmpint (usbip_request (host, 0x41, FTA_USB_REQUEST_RESET, 0, 0), ==, 0);
  write_all (host, (const guint8 *)"new", 3);
  usbip_expect (host, in, &reply);
  g_assert_cmpmem (reply.data, reply.actual, "new", 3);
}

/* A device in another port owes the first one nothing. */
static void
test_plug (UsbipHost *host, gconstpointer data)
{
  guint8 bytes[1000] = { 0 };

  usbip_configure (host);
  take (host, 512);
  give (host, bytes, sizeof bytes);
  usbip_submit (host, BULK, FALSE, NULL, bytes, 100);
  g_byte_array_set_size (host->to_device, host->to_device->len - 50);
  usbip_expect_silence (host);
  fta_usbip_plug (&host->usbip);
  g_assert_false (fta_usb_is_configured (&host->device));
  g_assert_true (host->device.session_ended);
  usbip_configure (host);
  write_all (host, bytes, 10);
  usbip_expect_status (host, take (host, 512), 0, 10);
}

static void
test_nonsense (UsbipHost *host, gconstpointer data)
{
  guint8 bytes[FTA_USBIP_HEADER] = { 0xFF };

  usbip_configure (host);
  g_byte_array_append (host->to_device, bytes, sizeof bytes);
  usbip_expect_silence (host);
  g_assert_false (fta_usb_is_configured (&host->device));
  take (host, 512);
  usbip_expect_silence (host);
}

/* A port that waits while there is something to tell would wait for ever on a virtual board. */
static void
test_never_waits_with_news (UsbipHost *host, gconstpointer data)
{
  guint8 bytes[600] = { 0 };
  guint n_waits;

  usbip_configure (host);
  give (host, bytes, sizeof bytes);
  fta_usb_poll (&host->device, true);
  n_waits = host->n_waits;
  fta_usb_poll (&host->device, true);
  g_assert_cmpuint (host->n_waits, ==, n_waits);
  g_assert_cmpuint (fta_usb_read (&host->device, bytes, 600), >, 0);
  fta_usb_poll (&host->device, true);
  g_assert_cmpuint (host->n_waits, ==, n_waits);
}

/* --- an agent behind it --- */

static uint64_t
no_ticks (void *user)
{
  return 0;
}

static void
test_agent (UsbipHost *host, gconstpointer data)
{
  static guint8 receive[2048], transmit[2048], image[64], arena[64];
  static fta_agent agent;
  static const fta_identity identity = { .board = "test",
                                         .core = "none",
                                         .unique_id = "1",
                                         .kernels = "portable",
                                         .denominator = 1 };
  const fta_memory memory = { .image = image,
                              .image_size = sizeof image,
                              .arena = arena,
                              .arena_size = sizeof arena,
                              .receive = receive,
                              .receive_size = sizeof receive,
                              .transmit = transmit,
                              .transmit_size = sizeof transmit };
  const guint8 hello[FTA_HELLO_SIZE] = { 1, 2, 3, 4, 5, 6, 7, 8, 1, 1 };
  fta_port port = { .ticks = no_ticks };
  guint8 frame[FTA_HELLO_SIZE + FTA_FRAME_OVERHEAD];
  UsbipReply reply;
  guint32 in, out;

  host->cut = GPOINTER_TO_INT (data);
  fta_usb_agent_port (&port, &host->device);
  fta_agent_init (&agent, &port, &identity, &memory);
  usbip_configure (host);
  memcpy (frame + FTA_FRAME_HEADER, hello, sizeof hello);
  fta_frame_seal (frame, FTA_HELLO, 7, sizeof hello);
  /* Half a frame of a session that was cut. */
  out = give (host, frame, 20);
  for (guint i = 0; i < 200; i++)
    fta_agent_poll (&agent);
  usbip_expect_status (host, out, 0, 20);
  usbip_configure (host);
  in = take (host, 16384);
  out = give (host, frame, sizeof frame);
  for (guint i = 0; i < 400; i++)
    fta_agent_poll (&agent);
  usbip_expect_status (host, out, 0, sizeof frame);
  usbip_expect (host, in, &reply);
  g_assert_cmpuint (reply.data[5], ==, FTA_HELLO | FTA_FRAME_REPLY);
  g_assert_cmpuint (fta_get_le16 (reply.data + 6), ==, 7);
  g_assert_cmpuint (fta_get_le32 (reply.data + 8) + FTA_FRAME_OVERHEAD, ==, reply.actual);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*test) (UsbipHost *host, gconstpointer data);
    gint data; /* high speed; for the agent how a message is cut */
  } tests[] = {
    { "/usbip/control", test_control, 1 },
    { "/usbip/control-with-data", test_control_with_data, 1 },
    { "/usbip/out", test_out, 1 },
    { "/usbip/in", test_in, 1 },
    { "/usbip/in-full-speed", test_in, 0 },
    { "/usbip/long-in", test_long_in, 1 },
    { "/usbip/unlink", test_unlink, 1 },
    { "/usbip/halt", test_halt, 1 },
    { "/usbip/reset", test_reset, 1 },
    { "/usbip/plug", test_plug, 1 },
    { "/usbip/nonsense", test_nonsense, 1 },
    { "/usbip/never-waits-with-news", test_never_waits_with_news, 1 },
    { "/usbip/agent", test_agent, 0 },
    { "/usbip/agent-bytewise", test_agent, 1 },
    { "/usbip/agent-in-sevens", test_agent, 7 },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, UsbipHost, GINT_TO_POINTER (tests[i].data), usbip_set_up,
                tests[i].test, usbip_tear_down);
  return g_test_run ();
}
