/* SPDX-License-Identifier: Apache-2.0 */
/* control.c: endpoint 0. What is not asked for by enumeration, the session or Windows is answered with STALL. */
#include "target-agent/usb/device-private.h"

/* bmRequestType, wLength aside: direction, kind, recipient. */
enum
{
  TO_DEVICE = 0x00,
  TO_INTERFACE = 0x01,
  TO_ENDPOINT = 0x02,
  FROM_DEVICE = 0x80,
  FROM_INTERFACE = 0x81,
  FROM_ENDPOINT = 0x82,
  VENDOR_FROM_DEVICE = 0xC0,
};

enum
{
  GET_STATUS = 0,
  CLEAR_FEATURE = 1,
  SET_FEATURE = 3,
  SET_ADDRESS = 5,
  GET_DESCRIPTOR = 6,
  GET_CONFIGURATION = 8,
  SET_CONFIGURATION = 9,
  GET_INTERFACE = 10,
  SET_INTERFACE = 11,
};

#define ENDPOINT_HALT    0
#define HIGHEST_ADDRESS  127
#define MS_OS_DESCRIPTOR 7 /* wIndex of the request for the set */
/* What a request is answered with if it is refused. */
#define REFUSED SIZE_MAX

struct request
{
  uint8_t type, code;
  uint16_t value, index, length;
};

/* --- the stages of a transfer --- */

static void
send_packet (fta_usb_device *device)
{
  size_t left = (size_t)(device->control_end - device->control_begin);
  size_t size = left < FTA_USB_CONTROL_PACKET ? left : FTA_USB_CONTROL_PACKET;
  const uint8_t *bytes = device->control + device->control_begin;

  device->control_begin = (uint16_t)(device->control_begin + size);
  if (size < FTA_USB_CONTROL_PACKET)
    device->control_zero_length = false;
  device->port.write (device->port.user, 0, bytes, size);
}

static void
start_data (fta_usb_device *device, size_t size, uint16_t wanted)
{
  size_t cut = size < wanted ? size : wanted;

  device->control_begin = 0;
  device->control_end = (uint16_t)cut;
  /* Less than was wanted ends with a packet that is not full. */
  device->control_zero_length = cut < wanted && cut % FTA_USB_CONTROL_PACKET == 0;
  device->stage = FTA_USB_STAGE_DATA;
  send_packet (device);
}

static void
start_status_in (fta_usb_device *device)
{
  device->stage = FTA_USB_STAGE_STATUS_IN;
  device->port.write (device->port.user, 0, NULL, 0);
}

static void
control_written (fta_usb_device *device)
{
  if (device->stage == FTA_USB_STAGE_STATUS_IN)
    device->stage = FTA_USB_STAGE_IDLE;
  if (device->stage != FTA_USB_STAGE_DATA)
    return;
  if (device->control_begin < device->control_end || device->control_zero_length)
    {
      send_packet (device);
      return;
    }
  device->stage = FTA_USB_STAGE_STATUS_OUT;
  device->port.receive (device->port.user, 0, device->control_status);
}

void
fta_usb_written (fta_usb_device *device, uint8_t endpoint)
{
  if (endpoint == 0)
    control_written (device);
  else if (endpoint == FTA_USB_ENDPOINT_IN && device->in_busy)
    fta_usb_bulk_written (device);
}

void
fta_usb_received (fta_usb_device *device, uint8_t endpoint, size_t size)
{
  if (endpoint == 0)
    device->stage = FTA_USB_STAGE_IDLE;
  else if (endpoint == FTA_USB_ENDPOINT_OUT)
    fta_usb_bulk_received (device, size);
}

/* --- requests with data: they return its size in device->control, or REFUSED --- */

static bool
is_bulk (uint16_t endpoint)
{
  return endpoint == FTA_USB_ENDPOINT_IN || endpoint == FTA_USB_ENDPOINT_OUT;
}

static bool
is_halted (const fta_usb_device *device, uint16_t endpoint)
{
  return endpoint == FTA_USB_ENDPOINT_IN ? device->in_halted : device->out_halted;
}

/* Endpoint 0 of either direction exists always, the others once the device is configured. */
static bool
has_recipient (const fta_usb_device *device, const struct request *request)
{
  bool configured = fta_usb_is_configured (device);

  switch (request->type & 0x1F)
    {
    case TO_DEVICE:
      return request->index == 0;
    case TO_INTERFACE:
      return configured && request->index == FTA_USB_INTERFACE;
    default:
      return (request->index & 0xFF7F) == 0 || (configured && is_bulk (request->index));
    }
}

static size_t
get_status (fta_usb_device *device, const struct request *request)
{
  if (request->value != 0 || !has_recipient (device, request))
    return REFUSED;
  device->control[0] = request->type == FROM_ENDPOINT && is_bulk (request->index)
                       && is_halted (device, request->index);
  device->control[1] = 0;
  return 2;
}

static size_t
get_descriptor (fta_usb_device *device, uint16_t type_and_index)
{
  size_t size = fta_usb_descriptor (device, type_and_index, device->control);

  return size > 0 ? size : REFUSED;
}

static size_t
answer (fta_usb_device *device, const struct request *request)
{
  switch (request->type << 8 | request->code)
    {
    case FROM_DEVICE << 8 | GET_STATUS:
    case FROM_INTERFACE << 8 | GET_STATUS:
    case FROM_ENDPOINT << 8 | GET_STATUS:
      return get_status (device, request);
    case FROM_DEVICE << 8 | GET_DESCRIPTOR:
      return get_descriptor (device, request->value);
    case FROM_DEVICE << 8 | GET_CONFIGURATION:
      device->control[0] = device->configuration;
      return 1;
    case FROM_INTERFACE << 8 | GET_INTERFACE:
      device->control[0] = 0;
      return has_recipient (device, request) ? 1 : REFUSED;
    case VENDOR_FROM_DEVICE << 8 | FTA_USB_MS_OS_VENDOR_CODE:
      return request->index == MS_OS_DESCRIPTOR
                 ? fta_usb_ms_os_descriptors (device->control)
                 : REFUSED;
    default:
      return REFUSED;
    }
}

/* --- requests without data: they return whether they were carried out --- */

static bool
set_address (fta_usb_device *device, const struct request *request)
{
  if (request->value > HIGHEST_ADDRESS || request->index != 0
      || fta_usb_is_configured (device))
    return false;
  device->port.set_address (device->port.user, (uint8_t)request->value);
  return true;
}

static bool
set_configuration (fta_usb_device *device, const struct request *request)
{
  if ((request->value != 0 && request->value != FTA_USB_CONFIGURATION)
      || request->index != 0)
    return false;
  fta_usb_configure (device, (uint8_t)request->value);
  return true;
}

/* The one setting that there is; the endpoints begin anew, and so does the session. */
static bool
set_interface (fta_usb_device *device, const struct request *request)
{
  if (request->value != 0 || !has_recipient (device, request))
    return false;
  fta_usb_configure (device, device->configuration);
  return true;
}

static bool
set_halt (fta_usb_device *device, const struct request *request, bool halt)
{
  if (request->value != ENDPOINT_HALT || !has_recipient (device, request))
    return false;
  if (!is_bulk (request->index))
    return !halt; /* endpoint 0 is never halted */
  if (halt)
    fta_usb_halt_endpoint (device, (uint8_t)request->index);
  else
    fta_usb_restart_endpoint (device, (uint8_t)request->index);
  return true;
}

static bool
interrupt_session (fta_usb_device *device, const struct request *request)
{
  if (request->value != 0 || !has_recipient (device, request))
    return false;
  if (request->code == FTA_USB_REQUEST_RESET)
    fta_usb_forget_session (device);
  else
    device->abort_requested = true;
  return true;
}

static bool
carry_out (fta_usb_device *device, const struct request *request)
{
  switch (request->type << 8 | request->code)
    {
    case TO_DEVICE << 8 | SET_ADDRESS:
      return set_address (device, request);
    case TO_DEVICE << 8 | SET_CONFIGURATION:
      return set_configuration (device, request);
    case TO_INTERFACE << 8 | SET_INTERFACE:
      return set_interface (device, request);
    case TO_ENDPOINT << 8 | CLEAR_FEATURE:
      return set_halt (device, request, false);
    case TO_ENDPOINT << 8 | SET_FEATURE:
      return set_halt (device, request, true);
    case FTA_USB_REQUEST_TYPE << 8 | FTA_USB_REQUEST_ABORT:
    case FTA_USB_REQUEST_TYPE << 8 | FTA_USB_REQUEST_RESET:
      return interrupt_session (device, request);
    default:
      return false;
    }
}

void
fta_usb_setup (fta_usb_device *device, const uint8_t *setup)
{
  const struct request request = {
    .type = setup[0],
    .code = setup[1],
    .value = (uint16_t)(setup[2] | setup[3] << 8),
    .index = (uint16_t)(setup[4] | setup[5] << 8),
    .length = (uint16_t)(setup[6] | setup[7] << 8),
  };
  bool from_device = request.type & FROM_DEVICE;
  size_t size = from_device ? answer (device, &request) : 0;

  device->stage = FTA_USB_STAGE_IDLE;
  /* Nothing that a host sends needs data on endpoint 0. */
  if (from_device ? size == REFUSED : request.length > 0 || !carry_out (device, &request))
    device->port.stall (device->port.user, 0);
  else if (request.length > 0)
    start_data (device, size, request.length);
  else
    start_status_in (device);
}
