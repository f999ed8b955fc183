/* SPDX-License-Identifier: Apache-2.0 */
/* device.c: life of the device, and its two bulk endpoints. */
#include "target-agent/usb/device-private.h"

#include <string.h>

uint16_t
fta_usb_packet_size (enum fta_usb_speed speed)
{
  return speed == FTA_USB_HIGH_SPEED ? FTA_USB_HIGH_SPEED_PACKET
                                     : FTA_USB_FULL_SPEED_PACKET;
}

bool
fta_usb_is_configured (const fta_usb_device *device)
{
  return device->configuration != 0;
}

void
fta_usb_init (fta_usb_device *device, const fta_usb_port *port,
              const fta_usb_identity *identity)
{
  memset (device, 0, sizeof *device);
  device->port = *port;
  device->identity = *identity;
  device->port.connect (device->port.user, true);
}

void
fta_usb_poll (fta_usb_device *device, bool may_wait)
{
  device->port.poll (device->port.user, may_wait);
}

/* --- what ends a session --- */

static void
forget_in (fta_usb_device *device)
{
  device->in_busy = device->in_zero_length = false;
}

static void
forget_out (fta_usb_device *device)
{
  device->out_armed = false;
  device->out_begin = device->out_end = 0;
}

/* A packet is waited for only while there is room for it, so the host is held off by NAK. */
static void
await_packet (fta_usb_device *device)
{
  if (device->out_armed || device->out_halted || !fta_usb_is_configured (device)
      || device->out_begin < device->out_end)
    return;
  device->out_armed = true;
  device->port.receive (device->port.user, FTA_USB_ENDPOINT_OUT, device->out);
}

void
fta_usb_forget_session (fta_usb_device *device)
{
  device->session_ended = true;
  device->abort_requested = false;
  forget_in (device);
  forget_out (device);
  if (!fta_usb_is_configured (device))
    return;
  device->port.flush (device->port.user, FTA_USB_ENDPOINT_IN);
  device->port.flush (device->port.user, FTA_USB_ENDPOINT_OUT);
  await_packet (device);
}

void
fta_usb_restart_endpoint (fta_usb_device *device, uint8_t endpoint)
{
  device->port.open (device->port.user, endpoint, fta_usb_packet_size (device->speed));
  if (endpoint == FTA_USB_ENDPOINT_IN)
    {
      device->in_halted = false;
      forget_in (device);
      return;
    }
  device->out_halted = false;
  forget_out (device);
  await_packet (device);
}

void
fta_usb_halt_endpoint (fta_usb_device *device, uint8_t endpoint)
{
  device->port.stall (device->port.user, endpoint);
  if (endpoint == FTA_USB_ENDPOINT_IN)
    {
      device->in_halted = true;
      forget_in (device);
      return;
    }
  device->out_halted = true;
  forget_out (device);
}

void
fta_usb_configure (fta_usb_device *device, uint8_t configuration)
{
  bool was = fta_usb_is_configured (device);

  device->configuration = 0;
  fta_usb_forget_session (device);
  device->configuration = configuration;
  if (configuration != 0)
    {
      fta_usb_restart_endpoint (device, FTA_USB_ENDPOINT_IN);
      fta_usb_restart_endpoint (device, FTA_USB_ENDPOINT_OUT);
    }
  else if (was)
    {
      device->port.open (device->port.user, FTA_USB_ENDPOINT_IN, 0);
      device->port.open (device->port.user, FTA_USB_ENDPOINT_OUT, 0);
    }
}

void
fta_usb_bus_reset (fta_usb_device *device, enum fta_usb_speed speed)
{
  device->stage = FTA_USB_STAGE_IDLE;
  fta_usb_configure (device, 0);
  device->speed = device->identity.high_speed ? speed : FTA_USB_FULL_SPEED;
  device->in_halted = device->out_halted = false;
}

void
fta_usb_disconnected (fta_usb_device *device)
{
  fta_usb_bus_reset (device, device->speed);
}

/* --- bytes --- */

bool
fta_usb_readable (const fta_usb_device *device)
{
  return device->out_begin < device->out_end;
}

size_t
fta_usb_read (fta_usb_device *device, uint8_t *bytes, size_t capacity)
{
  size_t size = (size_t)(device->out_end - device->out_begin);

  if (size > capacity)
    size = capacity;
  memcpy (bytes, device->out + device->out_begin, size);
  device->out_begin = (uint16_t)(device->out_begin + size);
  await_packet (device);
  return size;
}

size_t
fta_usb_write (fta_usb_device *device, const uint8_t *bytes, size_t size)
{
  size_t taken = size < FTA_USB_WRITE_MOST ? size : FTA_USB_WRITE_MOST;

  if (!fta_usb_is_configured (device) || device->in_halted || device->in_busy
      || size == 0)
    return 0;
  device->in_busy = true;
  device->in_zero_length =
      taken == size && taken % fta_usb_packet_size (device->speed) == 0;
  device->port.write (device->port.user, FTA_USB_ENDPOINT_IN, bytes, taken);
  return taken;
}

void
fta_usb_bulk_written (fta_usb_device *device)
{
  device->in_busy = device->in_zero_length;
  if (!device->in_zero_length)
    return;
  device->in_zero_length = false;
  device->port.write (device->port.user, FTA_USB_ENDPOINT_IN, NULL, 0);
}

void
fta_usb_bulk_received (fta_usb_device *device, size_t size)
{
  if (!device->out_armed)
    return;
  device->out_armed = false;
  device->out_begin = 0;
  device->out_end = (uint16_t)(size < sizeof device->out ? size : sizeof device->out);
  await_packet (device); /* an empty packet leaves the room free */
}
