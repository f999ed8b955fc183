/* SPDX-License-Identifier: Apache-2.0 */
/* usb.c: the virtual board as a USB device, by USB/IP over the pipes that QEMU inherits as descriptors 3 and 4.
 *
 * In both directions the messages are cut into chunks: u16 size, bytes, in any cut. The other side (a relay to a
 * kernel, tests/usb/relay.c) rings the doorbell once for each chunk, before or after it. A read stops the whole
 * machine until there is something; but while the doorbell has rung more often than chunks were begun, there is,
 * or is about to be. A chunk of no bytes says that the device is in another port; a number of eight bytes follows it,
 * and both are sent back, so that the relay can tell messages of the port before from those of the new one. */
#include "doorbell.h"
#include "link.h"
#include "semihost.h"
#include "target-agent/usb/agent-port.h"
#include "target-agent/usb/usbip.h"

#define CHUNK_MOST 0xFFFFu
#define NONCE_SIZE 8

struct carrier
{
  fta_usb_device device;
  fta_usbip usbip;
  int from_host, to_host;
  uint32_t doorbells, chunks;
  size_t left; /* bytes of the chunk that is being read */
};

/* At least one byte. The relay's end of the pipe is held open by whoever started QEMU. */
static size_t
read_some (struct carrier *carrier, uint8_t *bytes, size_t capacity)
{
  size_t size = semihost_read (carrier->from_host, bytes, capacity);

  if (size == 0 || size > capacity)
    semihost_exit (0);
  return size;
}

static void
write_all (struct carrier *carrier, const uint8_t *bytes, size_t size)
{
  size_t written = semihost_write (carrier->to_host, bytes, size);

  if (written != size)
    semihost_exit (0);
}

static void
write_chunk (struct carrier *carrier, const uint8_t *bytes, size_t size)
{
  uint8_t head[2];

  fta_put_le16 (head, (uint16_t)size);
  write_all (carrier, head, sizeof head);
  write_all (carrier, bytes, size);
}

static void
change_port (struct carrier *carrier)
{
  uint8_t answer[2 + NONCE_SIZE] = { 0 };

  for (size_t at = 2; at < sizeof answer;)
    at += read_some (carrier, answer + at, sizeof answer - at);
  fta_usbip_plug (&carrier->usbip);
  write_all (carrier, answer, sizeof answer);
}

static void
begin_chunk (struct carrier *carrier)
{
  uint8_t head[2];

  if (read_some (carrier, head, sizeof head) < sizeof head)
    read_some (carrier, head + 1, 1);
  carrier->chunks++;
  carrier->left = fta_get_le16 (head);
  if (carrier->left == 0)
    change_port (carrier);
}

static size_t
read_messages (void *user, uint8_t *bytes, size_t capacity, bool may_wait)
{
  struct carrier *carrier = user;
  size_t size;

  while (doorbell_rang ())
    carrier->doorbells++;
  if (carrier->left == 0)
    {
      if (!may_wait && (int32_t)(carrier->doorbells - carrier->chunks) <= 0)
        return 0;
      begin_chunk (carrier);
      if (carrier->left == 0)
        return 0;
    }
  size = read_some (carrier, bytes, carrier->left < capacity ? carrier->left : capacity);
  carrier->left -= size;
  return size;
}

static void
write_messages (void *user, const uint8_t *bytes, size_t size)
{
  while (size > 0)
    {
      size_t part = size < CHUNK_MOST ? size : CHUNK_MOST;

      write_chunk (user, bytes, part);
      bytes += part;
      size -= part;
    }
}

bool
link_init (fta_port *port, const char *serial)
{
  static struct carrier carrier;
  const fta_usbip_stream stream = { read_messages, write_messages, &carrier };
  const fta_usb_identity identity = {
    .vendor = FTA_USB_VENDOR_ID,
    .product = FTA_USB_PRODUCT_ID,
    .release = FTA_USB_RELEASE,
    .manufacturer = "Fettle",
    .name = "Virtual board",
    .serial = serial,
    .high_speed = true,
  };

  doorbell_init ();
  doorbell_watch (port);
  carrier.from_host = semihost_open ("/proc/self/fd/3", SEMIHOST_READ);
  carrier.to_host = semihost_open ("/proc/self/fd/4", SEMIHOST_WRITE);
  fta_usbip_init (&carrier.usbip, &stream, &carrier.device, &identity);
  fta_usb_agent_port (port, &carrier.device);
  return carrier.from_host >= 0 && carrier.to_host >= 0;
}
