/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz-usbip.c: any bytes as USB/IP messages, in any cut, into a device that reads and writes. */
#include "fuzz.h"

#include "target-agent/usb/usbip.h"

#include <stdlib.h>
#include <string.h>

struct kernel
{
  const uint8_t *bytes;
  size_t size, cut;
  unsigned char sum;
};

static size_t
read_bytes (void *user, uint8_t *bytes, size_t capacity, bool may_wait)
{
  struct kernel *kernel = user;
  size_t size = kernel->cut;

  if (size > capacity)
    size = capacity;
  if (size > kernel->size)
    size = kernel->size;
  memcpy (bytes, kernel->bytes, size);
  kernel->bytes += size;
  kernel->size -= size;
  return size;
}

static void
swallow (void *user, const uint8_t *bytes, size_t size)
{
  struct kernel *kernel = user;

  if (size < FTA_USBIP_HEADER)
    abort ();
  for (size_t i = 0; i < size; i++)
    kernel->sum = (unsigned char)(kernel->sum + bytes[i]);
}

static void
serve (const uint8_t *bytes, size_t size, size_t cut)
{
  struct kernel kernel = { bytes, size, cut, 0 };
  const fta_usbip_stream stream = { read_bytes, swallow, &kernel };
  const fta_usb_identity identity = { FETTLE_USB_TEST_VENDOR_ID,
                                      FETTLE_USB_TEST_PRODUCT_ID,
                                      0x0100,
                                      "Fettle",
                                      "Board",
                                      "1",
                                      size % 2 == 0 };
  fta_usb_device *device = malloc (sizeof *device);
  fta_usbip *usbip = malloc (sizeof *usbip);
  uint8_t buffer[700] = { 0 };

  if (device == NULL || usbip == NULL)
    abort ();
  fta_usbip_init (usbip, &stream, device, &identity);
  for (unsigned idle = 0; idle<8; idle = kernel.size> 0 ? idle : idle + 1)
    {
      size_t before = kernel.size;

      fta_usb_poll (device, true);
      fta_usb_write (device, buffer, sizeof buffer);
      if (idle % 2 == 0)
        fta_usb_read (device, buffer, sizeof buffer);
      /* What is no USB/IP is read no further. */
      if (kernel.size == before && kernel.size > 0)
        idle++;
    }
  free (usbip);
  free (device);
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  serve (bytes, size, 48);
  serve (bytes, size, 4096);
  return 0;
}

/* --- seeds --- */

static size_t
add_message (uint8_t *at, uint8_t command, uint8_t direction, uint8_t endpoint,
             unsigned length, const uint8_t *setup)
{
  memset (at, 0, FTA_USBIP_HEADER);
  at[3] = command;
  at[7] = (uint8_t)(length + command);
  at[15] = direction;
  at[19] = endpoint;
  at[command == 2 ? 23 : 27] = (uint8_t)length;
  at[26] = (uint8_t)(command == 1 ? length >> 8 : 0);
  if (setup != NULL)
    memcpy (at + 40, setup, 8);
  return FTA_USBIP_HEADER;
}

/* A configuration and transfers both ways, with a request, a halt or an unlinked transfer among them. */
size_t
fuzz_seed (unsigned index, uint8_t *buffer, size_t capacity)
{
  static const uint8_t configure[8] = { 0, 9, 1 },
                       describe[8] = { 0x80, 6, 0, 1, 0, 0, 18 },
                       halt[8] = { 2, 3, 0, 0, 0x81 }, reset[8] = { 0x41, 2 };
  size_t size = 0;

  if (index >= 4)
    return 0;
  size += add_message (buffer + size, 1, 1, 0, 18, describe);
  size += add_message (buffer + size, 1, 0, 0, 0, configure);
  size += add_message (buffer + size, 1, 1, 1, 512, NULL);
  size += add_message (buffer + size, 1, 1, 1, 1024, NULL);
  size += add_message (buffer + size, 1, 0, 1, 600, NULL);
  memset (buffer + size, 5, 600);
  size += 600;
  if (index == 1)
    size += add_message (buffer + size, 1, 0, 0, 0, reset);
  if (index == 2)
    size += add_message (buffer + size, 1, 0, 0, 0, halt);
  if (index == 3)
    size += add_message (buffer + size, 2, 0, 0, 5, NULL);
  size += add_message (buffer + size, 1, 1, 1, 100, NULL);
  return size;
}
