/* SPDX-License-Identifier: Apache-2.0 */
/* agent-port.c: bytes, ABORT and the end of a session, between agent and USB. */
#include "target-agent/usb/agent-port.h"

static size_t
read_device (void *user, uint8_t *bytes, size_t capacity)
{
  fta_usb_device *device = user;

  if (!fta_usb_readable (device))
    {
      fta_usb_poll (device, true);
      /* Reading when there is nothing is what an agent does between runs: an ABORT that came by now is
       * too late for the last run and must not end the next. */
      if (!fta_usb_readable (device))
        device->abort_requested = false;
    }
  return fta_usb_read (device, bytes, capacity);
}

static size_t
write_device (void *user, const uint8_t *bytes, size_t size)
{
  fta_usb_device *device = user;

  if (device->in_busy)
    fta_usb_poll (device, false);
  return fta_usb_write (device, bytes, size);
}

static void
wait_for_device (void *user)
{
  fta_usb_poll (user, true);
}

static bool
is_readable (void *user)
{
  return fta_usb_readable (user);
}

/* Asked before is_readable, so one look at the controller serves both. */
static bool
is_interrupted (void *user)
{
  fta_usb_device *device = user;
  bool requested;

  fta_usb_poll (device, false);
  requested = device->abort_requested;
  device->abort_requested = false;
  return requested;
}

/* A frame ABORT does all that the request on endpoint 0 does. */
static void
settle (void *user)
{
  ((fta_usb_device *)user)->abort_requested = false;
}

static bool
is_reset (void *user)
{
  fta_usb_device *device = user;
  bool ended = device->session_ended;

  device->session_ended = false;
  return ended;
}

void
fta_usb_agent_port (fta_port *port, fta_usb_device *device)
{
  port->read = read_device;
  port->write = write_device;
  port->wait = wait_for_device;
  port->readable = is_readable;
  port->interrupted = is_interrupted;
  port->settle = settle;
  port->reset = is_reset;
  port->user = device;
}
