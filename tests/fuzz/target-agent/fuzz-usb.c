/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz-usb.c: a hostile host. Any requests to endpoint 0 in any state, packets of any size, events out of turn.
 *
 * Script: one byte says what happens (enum step), the bytes that it needs follow. */
#include "fuzz.h"

#include "target-agent/usb/device.h"

#include <stdlib.h>
#include <string.h>

enum step
{
  SETUP, /* 8 bytes */
  WRITTEN_CONTROL,
  WRITTEN_BULK,
  RECEIVED_CONTROL,
  RECEIVED_BULK, /* 1 byte: size in sixteenths of a packet */
  BUS_RESET,     /* 1 byte: speed */
  DISCONNECTED,
  READ,  /* 1 byte: capacity */
  WRITE, /* 1 byte: size in units of 16 */
  N_STEPS,
};

struct controller
{
  const uint8_t *script;
  size_t size;
  uint16_t packet_size[2]; /* out, in */
  uint8_t *awaited_control, *awaited;
  unsigned char sum;
};

static unsigned
take_byte (struct controller *controller)
{
  if (controller->size == 0)
    return 0;
  controller->size--;
  return *controller->script++;
}

static void
expect (bool promise)
{
  if (!promise)
    abort ();
}

static void
connect_device (void *user, bool on)
{
}

static void
set_address (void *user, uint8_t address)
{
  expect (address < 128);
}

static void
open_endpoint (void *user, uint8_t endpoint, uint16_t size)
{
  struct controller *controller = user;

  expect (endpoint == FTA_USB_ENDPOINT_IN || endpoint == FTA_USB_ENDPOINT_OUT);
  controller->packet_size[endpoint == FTA_USB_ENDPOINT_IN] = size;
  if (endpoint == FTA_USB_ENDPOINT_OUT)
    controller->awaited = NULL;
}

static void
drop (void *user, uint8_t endpoint)
{
  struct controller *controller = user;

  if (endpoint == FTA_USB_ENDPOINT_OUT)
    controller->awaited = NULL;
}

static void
write_endpoint (void *user, uint8_t endpoint, const uint8_t *bytes, size_t size)
{
  struct controller *controller = user;

  expect (size <= (endpoint == 0 ? FTA_USB_CONTROL_PACKET : FTA_USB_WRITE_MOST));
  expect (endpoint == 0 || controller->packet_size[1] > 0);
  for (size_t i = 0; i < size; i++)
    controller->sum = (unsigned char)(controller->sum + bytes[i]);
}

static void
receive (void *user, uint8_t endpoint, uint8_t *packet)
{
  struct controller *controller = user;

  expect (endpoint == 0 || controller->packet_size[0] > 0);
  if (endpoint == 0)
    controller->awaited_control = packet;
  else
    controller->awaited = packet;
}

static void
poll_nothing (void *user, bool may_wait)
{
}

static void
receive_bulk (struct controller *controller, fta_usb_device *device)
{
  size_t size = take_byte (controller) % 17 * controller->packet_size[0] / 16;

  if (controller->awaited != NULL)
    memset (controller->awaited, 7, size);
  controller->awaited = NULL;
  fta_usb_received (device, FTA_USB_ENDPOINT_OUT, size);
}

static void
receive_control (struct controller *controller, fta_usb_device *device)
{
  if (controller->awaited_control != NULL)
    memset (controller->awaited_control, 7, FTA_USB_CONTROL_PACKET);
  controller->awaited_control = NULL;
  fta_usb_received (device, 0, FTA_USB_CONTROL_PACKET);
}

static void
move_bytes (struct controller *controller, fta_usb_device *device, enum step step)
{
  size_t size = take_byte (controller) * (step == WRITE ? 16u : 1u);
  uint8_t *bytes = calloc (1, size + 1);

  expect (bytes != NULL);
  if (step == WRITE)
    expect (fta_usb_write (device, bytes, size) <= size);
  else
    expect (fta_usb_read (device, bytes, size) <= size);
  free (bytes);
}

static void
make_step (struct controller *controller, fta_usb_device *device)
{
  enum step step = take_byte (controller) % N_STEPS;
  uint8_t setup[8];

  switch (step)
    {
    case SETUP:
      for (int i = 0; i < 8; i++)
        setup[i] = (uint8_t)take_byte (controller);
      fta_usb_setup (device, setup);
      break;
    case WRITTEN_CONTROL:
      fta_usb_written (device, 0);
      break;
    case WRITTEN_BULK:
      fta_usb_written (device, FTA_USB_ENDPOINT_IN);
      break;
    case RECEIVED_CONTROL:
      receive_control (controller, device);
      break;
    case RECEIVED_BULK:
      receive_bulk (controller, device);
      break;
    case BUS_RESET:
      fta_usb_bus_reset (device, take_byte (controller) % 2);
      break;
    case DISCONNECTED:
      fta_usb_disconnected (device);
      break;
    default:
      move_bytes (controller, device, step);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  struct controller controller = { .script = bytes, .size = size };
  const fta_usb_port port = {
    connect_device, set_address, open_endpoint, drop,        write_endpoint,
    receive,        drop,        poll_nothing,  &controller,
  };
  const fta_usb_identity identity = { FETTLE_USB_TEST_VENDOR_ID,
                                      FETTLE_USB_TEST_PRODUCT_ID,
                                      0x0100,
                                      "Fettle",
                                      "Board",
                                      "1",
                                      size % 2 == 0 };
  fta_usb_device *device = malloc (sizeof *device);

  expect (device != NULL);
  fta_usb_init (device, &port, &identity);
  while (controller.size > 0)
    make_step (&controller, device);
  free (device);
  return 0;
}

/* --- seeds --- */

/* An enumeration; number 1 with halts and requests of the session, number 2 with transfers. */
size_t
fuzz_seed (unsigned index, uint8_t *buffer, size_t capacity)
{
  /* clang-format off */
  static const uint8_t enumeration[] = {
    BUS_RESET, 1, SETUP, 0x80, 6, 0, 1, 0, 0, 64, 0, WRITTEN_CONTROL, RECEIVED_CONTROL,
    SETUP, 0, 5, 9, 0, 0, 0, 0, 0, WRITTEN_CONTROL, SETUP, 0x80, 6, 0, 2, 0, 0, 255, 0,
    WRITTEN_CONTROL, RECEIVED_CONTROL, SETUP, 0x80, 6, 3, 3, 9, 4, 255, 0, WRITTEN_CONTROL,
    RECEIVED_CONTROL, SETUP, 0xC0, 0x20, 0, 0, 7, 0, 162, 0, WRITTEN_CONTROL, WRITTEN_CONTROL,
    WRITTEN_CONTROL, RECEIVED_CONTROL, SETUP, 0, 9, 1, 0, 0, 0, 0, 0, WRITTEN_CONTROL,
  };
  static const uint8_t requests[] = {
    SETUP, 0x82, 0, 0, 0, 0x81, 0, 2, 0, SETUP, 2, 3, 0, 0, 0x81, 0, 0, 0, SETUP, 2, 1, 0, 0,
    0x81, 0, 0, 0, SETUP, 0x41, 1, 0, 0, 0, 0, 0, 0, SETUP, 0x41, 2, 0, 0, 0, 0, 0, 0, SETUP, 1,
    11, 0, 0, 0, 0, 0, 0,
  };
  static const uint8_t transfers[] = {
    RECEIVED_BULK, 16, READ, 255, READ, 255, READ, 255, WRITE, 255, WRITTEN_BULK, WRITE, 32,
    WRITTEN_BULK, WRITTEN_BULK, RECEIVED_BULK, 3, READ, 255, DISCONNECTED,
  };
  /* clang-format on */
  size_t size = sizeof enumeration;

  if (index >= 3)
    return 0;
  memcpy (buffer, enumeration, size);
  if (index == 1)
    memcpy (buffer + size, requests, sizeof requests);
  if (index == 2)
    memcpy (buffer + size, transfers, sizeof transfers);
  return size + (index == 1 ? sizeof requests : index == 2 ? sizeof transfers : 0);
}
