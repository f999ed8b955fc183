/* SPDX-License-Identifier: GPL-3.0-or-later */
/* usb-fixture.c: a USB device in memory, and its host. */
#include "usb-fixture.h"

#include <string.h>

static UsbEndpoint *
find (UsbFixture *fixture, guint8 endpoint)
{
  if (endpoint == FTA_USB_ENDPOINT_IN)
    return &fixture->in;
  if (endpoint == FTA_USB_ENDPOINT_OUT)
    return &fixture->out;
  g_assert_cmpuint (endpoint, ==, 0);
  return &fixture->control;
}

static void
drop (UsbEndpoint *endpoint)
{
  g_clear_pointer (&endpoint->queued, g_byte_array_unref);
  endpoint->awaited = NULL;
}

/* --- the port --- */

static void
port_connect (void *user, bool on)
{
  ((UsbFixture *)user)->connected = on;
}

static void
port_set_address (void *user, uint8_t address)
{
  ((UsbFixture *)user)->address = address;
}

static void
port_open (void *user, uint8_t number, uint16_t size)
{
  UsbEndpoint *endpoint = find (user, number);

  g_assert_cmpuint (number, !=, 0);
  endpoint->open = size > 0;
  endpoint->packet_size = size;
  endpoint->stalled = FALSE;
  endpoint->n_opened++;
  drop (endpoint);
}

static void
port_flush (void *user, uint8_t number)
{
  UsbEndpoint *endpoint = find (user, number);

  g_assert_true (endpoint->open);
  endpoint->n_flushed++;
  drop (endpoint);
}

static void
port_write (void *user, uint8_t number, const uint8_t *bytes, size_t size)
{
  UsbEndpoint *endpoint = find (user, number);

  g_assert_true (endpoint->open && !endpoint->stalled);
  g_assert_null (endpoint->queued);
  g_assert_cmpuint (size, <=, number == 0 ? FTA_USB_CONTROL_PACKET : FTA_USB_WRITE_MOST);
  endpoint->queued = g_byte_array_new ();
  if (size > 0)
    g_byte_array_append (endpoint->queued, bytes, (guint)size);
}

static void
port_receive (void *user, uint8_t number, uint8_t *packet)
{
  UsbEndpoint *endpoint = find (user, number);

  g_assert_true (endpoint->open && !endpoint->stalled);
  g_assert_null (endpoint->awaited);
  g_assert_nonnull (packet);
  endpoint->awaited = packet;
}

static void
port_stall (void *user, uint8_t number)
{
  UsbEndpoint *endpoint = find (user, number);

  g_assert_true (endpoint->open);
  endpoint->stalled = TRUE;
  drop (endpoint);
}

static void
port_poll (void *user, bool may_wait)
{
  UsbFixture *fixture = user;

  fixture->n_polls++;
  if (fixture->on_poll != NULL)
    fixture->on_poll (fixture->on_poll_user);
}

void
usb_set_up (UsbFixture *fixture, gconstpointer high_speed)
{
  const fta_usb_port port = {
    .connect = port_connect,
    .set_address = port_set_address,
    .open = port_open,
    .flush = port_flush,
    .write = port_write,
    .receive = port_receive,
    .stall = port_stall,
    .poll = port_poll,
    .user = fixture,
  };
  const fta_usb_identity identity = {
    .vendor = FETTLE_USB_TEST_VENDOR_ID,
    .product = FETTLE_USB_TEST_PRODUCT_ID,
    .release = 0x0123,
    .manufacturer = "Fettle",
    .name = "Board",
    .serial = "0123456789ABCDEF",
    .high_speed = GPOINTER_TO_INT (high_speed),
  };

  fixture->control.open = TRUE;
  fixture->control.packet_size = FTA_USB_CONTROL_PACKET;
  fta_usb_init (&fixture->device, &port, &identity);
  g_assert_true (fixture->connected);
  fta_usb_bus_reset (&fixture->device,
                     high_speed != NULL ? FTA_USB_HIGH_SPEED : FTA_USB_FULL_SPEED);
}

void
usb_tear_down (UsbFixture *fixture, gconstpointer data)
{
  drop (&fixture->control);
  drop (&fixture->in);
  drop (&fixture->out);
}

/* --- the host: endpoint 0 --- */

/* Reads the data stage. */
static guint
read_data (UsbFixture *fixture, guint8 *data, guint length)
{
  UsbEndpoint *control = &fixture->control;
  guint size = 0, packet;

  do
    {
      g_assert_nonnull (control->queued);
      packet = control->queued->len;
      g_assert_cmpuint (size + packet, <=, length);
      if (packet > 0)
        memcpy (data + size, control->queued->data, packet);
      size += packet;
      drop (control);
      fta_usb_written (&fixture->device, 0);
    }
  while (packet == FTA_USB_CONTROL_PACKET && size < length);
  /* The device waits for the status stage and has no more to say. */
  g_assert_null (control->queued);
  g_assert_nonnull (control->awaited);
  drop (control);
  fta_usb_received (&fixture->device, 0, 0);
  return size;
}

gint
usb_control (UsbFixture *fixture, guint type, guint code, guint value, guint index,
             guint8 *data, guint length)
{
  UsbEndpoint *control = &fixture->control;
  const guint8 setup[8] = { (guint8)type,   (guint8)code,
                            (guint8)value,  (guint8)(value >> 8),
                            (guint8)index,  (guint8)(index >> 8),
                            (guint8)length, (guint8)(length >> 8) };

  /* A new SETUP ends whatever was before. */
  drop (control);
  control->stalled = FALSE;
  fta_usb_setup (&fixture->device, setup);
  if (control->stalled)
    return -1;
  if ((type & 0x80) && length > 0)
    return (gint)read_data (fixture, data, length);
  g_assert_nonnull (control->queued);
  g_assert_cmpuint (control->queued->len, ==, 0);
  drop (control);
  fta_usb_written (&fixture->device, 0);
  g_assert_null (control->queued);
  g_assert_null (control->awaited);
  return 0;
}

gboolean
usb_request (UsbFixture *fixture, guint type, guint code, guint value, guint index)
{
  return usb_control (fixture, type, code, value, index, NULL, 0) == 0;
}

void
usb_enumerate (UsbFixture *fixture)
{
  guint8 bytes[18];

  g_assert_cmpint (usb_control (fixture, 0x80, 6, 0x0100, 0, bytes, 18), ==, 18);
  g_assert_true (usb_request (fixture, 0x00, 5, 9, 0));
  g_assert_cmpuint (fixture->address, ==, 9);
  g_assert_true (usb_request (fixture, 0x00, 9, FTA_USB_CONFIGURATION, 0));
  g_assert_true (fta_usb_is_configured (&fixture->device));
}

/* --- the host: bulk --- */

gboolean
usb_send (UsbFixture *fixture, const void *bytes, guint size)
{
  guint8 *packet = fixture->out.awaited;

  g_assert_cmpuint (size, <=, fixture->out.packet_size);
  if (packet == NULL)
    return FALSE;
  fixture->out.awaited = NULL;
  if (size > 0)
    memcpy (packet, bytes, size);
  fta_usb_received (&fixture->device, FTA_USB_ENDPOINT_OUT, size);
  return TRUE;
}

GBytes *
usb_take (UsbFixture *fixture, guint length)
{
  UsbEndpoint *in = &fixture->in;
  g_autoptr (GByteArray) transfer = g_byte_array_new ();

  while (transfer->len < length)
    {
      guint size;

      if (in->queued == NULL)
        return NULL;
      size = in->queued->len;
      g_byte_array_append (transfer, in->queued->data, size);
      drop (in);
      fta_usb_written (&fixture->device, FTA_USB_ENDPOINT_IN);
      if (size == 0 || size % in->packet_size != 0)
        break;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&transfer));
}
