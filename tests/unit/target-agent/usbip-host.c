/* SPDX-License-Identifier: GPL-3.0-or-later */
/* usbip-host.c: a host that speaks USB/IP over pipes in memory. */
#include "usbip-host.h"

#include <string.h>

/* The messages are written down here once more, from Documentation/usb/usbip_protocol.rst. */
typedef struct
{
  guint32 command, sequence, device, direction, endpoint;
  guint32 words
      [5]; /* submit: flags, length, ..; unlink: the victim; return: status, actual, .. */
  guint8 setup[8];
} Message;

G_STATIC_ASSERT (sizeof (Message) == FTA_USBIP_HEADER);

static size_t
read_memory (void *user, uint8_t *bytes, size_t capacity, bool may_wait)
{
  UsbipHost *host = user;
  guint size = MIN ((guint)capacity, host->to_device->len);

  if (host->cut > 0)
    size = MIN (size, host->cut);
  if (size == 0)
    {
      host->n_waits += may_wait;
      return 0;
    }
  memcpy (bytes, host->to_device->data, size);
  g_byte_array_remove_range (host->to_device, 0, size);
  return size;
}

static void
write_memory (void *user, const uint8_t *bytes, size_t size)
{
  g_byte_array_append (((UsbipHost *)user)->from_device, bytes, (guint)size);
}

void
usbip_set_up (UsbipHost *host, gconstpointer high_speed)
{
  const fta_usbip_stream stream = { read_memory, write_memory, host };
  const fta_usb_identity identity = {
    .vendor = FETTLE_USB_TEST_VENDOR_ID,
    .product = FETTLE_USB_TEST_PRODUCT_ID,
    .manufacturer = "Fettle",
    .name = "Board",
    .serial = "1",
    .high_speed = GPOINTER_TO_INT (high_speed),
  };

  host->to_device = g_byte_array_new ();
  host->from_device = g_byte_array_new ();
  host->expected = g_hash_table_new (NULL, NULL);
  fta_usbip_init (&host->usbip, &stream, &host->device, &identity);
}

void
usbip_tear_down (UsbipHost *host, gconstpointer data)
{
  g_byte_array_unref (host->to_device);
  g_byte_array_unref (host->from_device);
  g_hash_table_unref (host->expected);
}

static guint32
post (UsbipHost *host, Message *message, gboolean has_data)
{
  message->sequence = GUINT32_TO_BE (++host->sequence);
  message->device = GUINT32_TO_BE (0x10002);
  g_byte_array_append (host->to_device, (const guint8 *)message, sizeof *message);
  g_hash_table_insert (host->expected, GUINT_TO_POINTER (host->sequence),
                       GINT_TO_POINTER (has_data));
  return host->sequence;
}

guint32
usbip_submit (UsbipHost *host, guint endpoint, gboolean in, const guint8 *setup,
              const void *data, guint length)
{
  Message message = { .command = GUINT32_TO_BE (1),
                      .direction = GUINT32_TO_BE (in ? 1 : 0),
                      .endpoint = GUINT32_TO_BE (endpoint),
                      .words = { 0, GUINT32_TO_BE (length) } };
  guint32 sequence;

  if (setup != NULL)
    memcpy (message.setup, setup, sizeof message.setup);
  sequence = post (host, &message, in);
  if (!in && length > 0)
    g_byte_array_append (host->to_device, data, length);
  return sequence;
}

guint32
usbip_unlink (UsbipHost *host, guint32 victim)
{
  Message message = { .command = GUINT32_TO_BE (2), .words = { GUINT32_TO_BE (victim) } };

  return post (host, &message, FALSE);
}

void
usbip_serve (UsbipHost *host)
{
  guint before;

  do
    {
      before = host->to_device->len;
      fta_usb_poll (&host->device, true);
    }
  while (host->to_device->len > 0 && host->to_device->len != before);
  fta_usb_poll (&host->device, true);
}

void
usbip_expect (UsbipHost *host, guint32 sequence, UsbipReply *reply)
{
  gpointer has_data;
  Message message;
  guint size = sizeof message;

  usbip_serve (host);
  g_assert_cmpuint (host->from_device->len, >=, size);
  memcpy (&message, host->from_device->data, size);
  g_assert_cmpuint (GUINT32_FROM_BE (message.sequence), ==, sequence);
  g_assert_true (g_hash_table_steal_extended (host->expected, GUINT_TO_POINTER (sequence),
                                              NULL, &has_data));
  reply->command = GUINT32_FROM_BE (message.command);
  reply->status = (gint)GUINT32_FROM_BE (message.words[0]);
  reply->actual = GUINT32_FROM_BE (message.words[1]);
  if (GPOINTER_TO_INT (has_data) && reply->actual > 0)
    {
      g_assert_cmpuint (reply->actual, <=, sizeof reply->data);
      g_assert_cmpuint (host->from_device->len - size, >=, reply->actual);
      memcpy (reply->data, host->from_device->data + size, reply->actual);
      size += reply->actual;
    }
  g_byte_array_remove_range (host->from_device, 0, size);
}

void
usbip_expect_status (UsbipHost *host, guint32 sequence, gint status, guint actual)
{
  UsbipReply reply;

  usbip_expect (host, sequence, &reply);
  g_assert_cmpint (reply.status, ==, status);
  g_assert_cmpuint (reply.actual, ==, actual);
}

void
usbip_expect_silence (UsbipHost *host)
{
  usbip_serve (host);
  g_assert_cmpuint (host->from_device->len, ==, 0);
}

gint
usbip_request (UsbipHost *host, guint type, guint code, guint value, guint index)
{
  const guint8 setup[8] = { (guint8)type,         (guint8)code,  (guint8)value,
                            (guint8)(value >> 8), (guint8)index, (guint8)(index >> 8) };
  guint32 sequence = usbip_submit (host, 0, FALSE, setup, NULL, 0);
  UsbipReply reply;

  usbip_expect (host, sequence, &reply);
  g_assert_cmpuint (reply.command, ==, 3);
  return reply.status;
}

void
usbip_configure (UsbipHost *host)
{
  g_assert_cmpint (usbip_request (host, 0x00, 9, FTA_USB_CONFIGURATION, 0), ==, 0);
}
