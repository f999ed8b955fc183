/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-otg-fs.c: the port to OTG_FS against a model of its registers. */
#include "otg-model.h"

#include <string.h>

#define BULK 1

static void
test_enumeration (OtgModel *model, gconstpointer data)
{
  guint8 bytes[255];

  otg_enumerate (model);
  g_assert_true (fta_usb_is_configured (&model->device));
  g_assert_cmpint (otg_control (model, 0x80, 6, 0x0200, 0, bytes, 255), ==, 32);
  g_assert_cmpuint (bytes[22], ==, 64); /* full speed */
  /* three packets */
  g_assert_cmpint (otg_control (model, 0xC0, FTA_USB_MS_OS_VENDOR_CODE, 0, 7, bytes, 162),
                   ==, 162);
  g_assert_cmpuint (bytes[0], ==, 10);
  /* the first bytes of the second and the third: of DeviceInterfaceGUIDs, of the GUID */
  g_assert_cmpuint (bytes[64], ==, 'c');
  g_assert_cmpuint (bytes[128], ==, '8');
  /* a full-speed device has no qualifier; and it goes on after STALL */
  g_assert_cmpint (otg_control (model, 0x80, 6, 0x0600, 0, bytes, 10), ==, -1);
  g_assert_cmpint (otg_control (model, 0x80, 0, 0, 0, bytes, 2), ==, 2);
}

static void
test_again (OtgModel *model, gconstpointer data)
{
  guint8 byte = 9;

  for (guint i = 0; i < 5; i++)
    {
      otg_enumerate (model);
      g_assert_true (model->device.session_ended);
      model->device.session_ended = false;
    }
  otg_bus_reset (model);
  g_assert_false (fta_usb_is_configured (&model->device));
  g_assert_cmpint (otg_control (model, 0x80, 8, 0, 0, &byte, 1), ==, 1);
  g_assert_cmpuint (byte, ==, 0);
}

static void
test_out (OtgModel *model, gconstpointer data)
{
  guint8 sent[64], got[64];

  for (guint i = 0; i < sizeof sent; i++)
    sent[i] = (guint8)(200 - i);
  otg_enumerate (model);
  for (guint size = 0; size <= 64; size++)
    {
      g_assert_cmpint (otg_send (model, BULK, sent, size), ==, OTG_ACK);
      g_assert_cmpint (otg_send (model, BULK, sent, size), ==, OTG_NAK);
      otg_poll (model);
      g_assert_cmpuint (fta_usb_read (&model->device, got, sizeof got), ==, size);
      g_assert_cmpmem (got, size, sent, size);
    }
  /* a host whose packets are not read is held off */
  g_assert_cmpint (otg_send (model, BULK, sent, 64), ==, OTG_ACK);
  otg_poll (model);
  g_assert_cmpint (otg_send (model, BULK, sent, 64), ==, OTG_NAK);
  g_assert_cmpuint (fta_usb_read (&model->device, got, 63), ==, 63);
  g_assert_cmpint (otg_send (model, BULK, sent, 64), ==, OTG_NAK);
}

/* Takes a transfer; returns its size, and the number of packets in *N_PACKETS. */
static guint
take_transfer (OtgModel *model, guint8 *bytes, guint *n_packets)
{
  guint size = 64, total = 0;

  for (*n_packets = 0; size == 64; ++*n_packets)
    {
      g_assert_cmpint (otg_take (model, BULK, bytes + total, &size), ==, OTG_ACK);
      total += size;
      otg_poll (model);
    }
  return total;
}

static void
test_in (OtgModel *model, gconstpointer data)
{
  static const guint sizes[] = { 1, 3, 4, 63, 64, 65, 128, 500, 511, 512 };
  guint8 sent[512], got[1024];
  guint n_packets, size;

  for (guint i = 0; i < sizeof sent; i++)
    sent[i] = (guint8)(i * 3 + i / 256);
  otg_enumerate (model);
  g_assert_cmpint (otg_take (model, BULK, got, &size), ==, OTG_NAK);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_assert_cmpuint (fta_usb_write (&model->device, sent, sizes[i]), ==, sizes[i]);
      g_assert_cmpuint (fta_usb_write (&model->device, sent, 1), ==, 0);
      size = take_transfer (model, got, &n_packets);
      g_assert_cmpmem (got, size, sent, sizes[i]);
      /* multiples of a packet end with an empty one */
      g_assert_cmpuint (n_packets, ==, sizes[i] / 64 + 1);
    }
}

static void
test_toggles (OtgModel *model, gconstpointer data)
{
  guint8 bytes[64] = { 0 };
  guint size;

  otg_enumerate (model);
  g_assert_cmpuint (fta_usb_write (&model->device, bytes, 10), ==, 10);
  g_assert_cmpint (otg_take (model, BULK, bytes, &size), ==, OTG_ACK);
  otg_poll (model);
  g_assert_cmpint (otg_send (model, BULK, bytes, 10), ==, OTG_ACK);
  otg_poll (model);
  g_assert_cmpuint (fta_usb_read (&model->device, bytes, 64), ==, 10);
  g_assert_cmpuint (model->in_toggle, ==, 1);
  g_assert_cmpuint (model->out_toggle, ==, 1);
  /* RESET is no business of the toggles, the end of a halt is */
  g_assert_cmpint (otg_control (model, 0x41, FTA_USB_REQUEST_RESET, 0, 0, NULL, 0), ==,
                   0);
  g_assert_cmpuint (model->in_toggle, ==, 1);
  g_assert_cmpuint (model->out_toggle, ==, 1);
  g_assert_cmpint (otg_control (model, 0x02, 1, 0, 0x81, NULL, 0), ==, 0);
  g_assert_cmpuint (model->in_toggle, ==, 0);
  g_assert_cmpint (otg_control (model, 0x02, 1, 0, 0x01, NULL, 0), ==, 0);
  g_assert_cmpuint (model->out_toggle, ==, 0);
}

static void
test_halt (OtgModel *model, gconstpointer data)
{
  guint8 bytes[512] = { 0 };
  guint size;

  otg_enumerate (model);
  g_assert_cmpuint (fta_usb_write (&model->device, bytes, 512), ==, 512);
  g_assert_cmpint (otg_control (model, 0x02, 3, 0, 0x81, NULL, 0), ==, 0);
  g_assert_cmpint (otg_take (model, BULK, bytes, &size), ==, OTG_STALL);
  g_assert_cmpint (otg_control (model, 0x02, 3, 0, 0x01, NULL, 0), ==, 0);
  g_assert_cmpint (otg_send (model, BULK, bytes, 10), ==, OTG_STALL);
  g_assert_cmpint (otg_control (model, 0x02, 1, 0, 0x81, NULL, 0), ==, 0);
  g_assert_cmpint (otg_control (model, 0x02, 1, 0, 0x01, NULL, 0), ==, 0);
  /* what was queued before the halt is gone */
  g_assert_cmpint (otg_take (model, BULK, bytes, &size), ==, OTG_NAK);
  g_assert_cmpuint (fta_usb_write (&model->device, bytes, 10), ==, 10);
  g_assert_cmpint (otg_take (model, BULK, bytes, &size), ==, OTG_ACK);
  g_assert_cmpuint (size, ==, 10);
  g_assert_cmpint (otg_send (model, BULK, bytes, 10), ==, OTG_ACK);
  otg_poll (model);
  g_assert_cmpuint (fta_usb_read (&model->device, bytes, 64), ==, 10);
}

static void
test_reset_request (OtgModel *model, gconstpointer data)
{
  guint8 bytes[512] = { 0 };
  guint size;

  otg_enumerate (model);
  model->device.session_ended = false;
  g_assert_cmpuint (fta_usb_write (&model->device, bytes, 512), ==, 512);
  g_assert_cmpint (otg_take (model, BULK, bytes, &size), ==, OTG_ACK);
  /* a packet that nobody has read, and one that comes together with the request */
  g_assert_cmpint (otg_send (model, BULK, bytes, 20), ==, OTG_ACK);
  g_assert_cmpint (otg_control (model, 0x41, FTA_USB_REQUEST_RESET, 0, 0, NULL, 0), ==,
                   0);
  g_assert_true (model->device.session_ended);
  g_assert_false (fta_usb_readable (&model->device));
  g_assert_cmpint (otg_take (model, BULK, bytes, &size), ==, OTG_NAK);
  g_assert_cmpint (otg_send (model, BULK, bytes, 30), ==, OTG_ACK);
  otg_poll (model);
  g_assert_cmpuint (fta_usb_read (&model->device, bytes, 64), ==, 30);
}

/* A host that gives up a request begins the next one; what was queued for the first is not its answer. */
static void
test_setup_cuts_in (OtgModel *model, gconstpointer data)
{
  static const guint8 setup[8] = { 0xC0, FTA_USB_MS_OS_VENDOR_CODE, 0, 0, 7, 0, 162, 0 };
  guint8 bytes[64];

  otg_enumerate (model);
  otg_send_setup (model, setup);
  otg_poll (model);
  g_assert_cmpint (otg_control (model, 0x80, 6, 0x0100, 0, bytes, 64), ==, 18);
  g_assert_cmpuint (bytes[1], ==, 1);
  /* the same before the first was seen: the last one counts */
  otg_send_setup (model, setup);
  g_assert_cmpint (otg_control (model, 0x80, 6, 0x0100, 0, bytes, 64), ==, 18);
  g_assert_cmpuint (bytes[1], ==, 1);
}

static void
test_late_poll (OtgModel *model, gconstpointer data)
{
  static const guint8 abort_request[8] = { 0x41, FTA_USB_REQUEST_ABORT };
  guint8 bytes[64] = { 7 };
  guint size;

  /* All of it happens while a layer is computed: a packet out, one in, and a request. */
  otg_enumerate (model);
  g_assert_cmpuint (fta_usb_write (&model->device, bytes, 10), ==, 10);
  g_assert_cmpint (otg_take (model, BULK, bytes, &size), ==, OTG_ACK);
  g_assert_cmpint (otg_send (model, BULK, bytes, 5), ==, OTG_ACK);
  otg_send_setup (model, abort_request);
  otg_poll (model);
  g_assert_true (model->device.abort_requested);
  g_assert_cmpuint (fta_usb_read (&model->device, bytes, 64), ==, 5);
  g_assert_cmpuint (fta_usb_write (&model->device, bytes, 10), ==, 10);
  g_assert_cmpint (otg_take (model, 0, bytes, &size), ==, OTG_ACK);
  g_assert_cmpuint (size, ==, 0);
}

static void
test_cable (OtgModel *model, gconstpointer data)
{
  otg_enumerate (model);
  model->device.session_ended = false;
  otg_pull_cable (model);
  otg_poll (model);
  g_assert_true (model->device.session_ended);
  g_assert_false (fta_usb_is_configured (&model->device));
  otg_enumerate (model);
  g_assert_true (fta_usb_is_configured (&model->device));
}

static void
test_idle_is_cheap (OtgModel *model, gconstpointer data)
{
  guint n_reads;

  otg_enumerate (model);
  otg_poll (model);
  n_reads = model->n_reads;
  otg_poll (model);
  g_assert_cmpuint (model->n_reads, ==, n_reads + 1);
}

/* Where an agent looks for news is where the poll does. */
static void
test_watch (OtgModel *model, gconstpointer data)
{
  static const guint8 setup[8] = { 0x80, 0, 0, 0, 0, 0, 2, 0 };
  fta_port port = { .attention = NULL };

  otg_enumerate (model);
  otg_poll (model);
  fta_otg_fs_watch (&model->otg, &port);
  g_assert_true ((guintptr)port.attention == (guintptr)model + 0x14);
  g_assert_cmphex (otg_get_status (model) & port.attention_mask, ==, 0);
  otg_send_setup (model, setup);
  g_assert_cmphex (otg_get_status (model) & port.attention_mask, !=, 0);
}

static void
test_no_clock (OtgModel *model, gconstpointer data)
{
  fta_usb_identity identity = model->device.identity;

  model->dead = TRUE;
  g_assert_false (
      fta_otg_fs_init (&model->otg, (uintptr_t)model, false, &model->device, &identity));
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*test) (OtgModel *model, gconstpointer data);
  } tests[] = {
    { "/otg-fs/enumeration", test_enumeration },
    { "/otg-fs/again", test_again },
    { "/otg-fs/out", test_out },
    { "/otg-fs/in", test_in },
    { "/otg-fs/toggles", test_toggles },
    { "/otg-fs/halt", test_halt },
    { "/otg-fs/reset-request", test_reset_request },
    { "/otg-fs/setup-cuts-in", test_setup_cuts_in },
    { "/otg-fs/late-poll", test_late_poll },
    { "/otg-fs/cable", test_cable },
    { "/otg-fs/idle-is-cheap", test_idle_is_cheap },
    { "/otg-fs/watch", test_watch },
    { "/otg-fs/no-clock", test_no_clock },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, OtgModel, GINT_TO_POINTER (tests[i].test == test_cable),
                otg_set_up, tests[i].test, otg_tear_down);
  return g_test_run ();
}
