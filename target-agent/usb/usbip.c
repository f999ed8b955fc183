/* SPDX-License-Identifier: Apache-2.0 */
/* usbip.c: a controller whose bus is a stream of USB/IP messages. */
#include "target-agent/usb/usbip.h"

#include <string.h>

enum
{
  COMMAND_SUBMIT = 1,
  COMMAND_UNLINK = 2,
  RETURN_SUBMIT = 3,
  RETURN_UNLINK = 4,
};

/* Where fields stand in a header; all are big-endian, 32 bits. */
enum
{
  AT_COMMAND = 0,
  AT_SEQUENCE = 4,
  AT_DIRECTION = 12,
  AT_ENDPOINT = 16,
  AT_LENGTH = 24, /* of SUBMIT */
  AT_VICTIM = 20, /* of UNLINK */
  AT_STATUS = 20, /* of both returns */
  AT_ACTUAL = 24, /* of RETURN_SUBMIT */
  AT_SETUP = 40,
};

/* Status travels as Linux's errno. */
enum
{
  STATUS_OK = 0,
  STATUS_STALL = -32,    /* EPIPE */
  STATUS_BABBLE = -75,   /* EOVERFLOW: a packet longer than the rest of the transfer */
  STATUS_UNLINKED = -104 /* ECONNRESET */
};

static uint32_t
get_be32 (const uint8_t *bytes)
{
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8
         | bytes[3];
}

static void
put_be32 (uint8_t *bytes, uint32_t value)
{
  bytes[0] = (uint8_t)(value >> 24);
  bytes[1] = (uint8_t)(value >> 16);
  bytes[2] = (uint8_t)(value >> 8);
  bytes[3] = (uint8_t)value;
}

/* REPLY has room for a header in front of SIZE bytes of data. */
static void
answer (fta_usbip *usbip, uint8_t *reply, uint32_t command, uint32_t sequence, int status,
        uint32_t actual, uint32_t size)
{
  memset (reply, 0, FTA_USBIP_HEADER);
  put_be32 (reply + AT_COMMAND, command);
  put_be32 (reply + AT_SEQUENCE, sequence);
  put_be32 (reply + AT_STATUS, (uint32_t)status);
  put_be32 (reply + AT_ACTUAL, actual);
  usbip->stream.write (usbip->stream.user, reply, FTA_USBIP_HEADER + size);
}

static void
answer_without_data (fta_usbip *usbip, uint32_t command, uint32_t sequence, int status,
                     uint32_t actual)
{
  uint8_t reply[FTA_USBIP_HEADER];

  answer (usbip, reply, command, sequence, status, actual, 0);
}

/* --- pending transfers --- */

static fta_usbip_endpoint *
find_endpoint (fta_usbip *usbip, uint8_t endpoint)
{
  return endpoint == FTA_USB_ENDPOINT_IN ? &usbip->in_endpoint : &usbip->out_endpoint;
}

static void
remove_pending (fta_usbip_endpoint *endpoint, uint32_t index)
{
  endpoint->n_pending--;
  memmove (endpoint->pending + index, endpoint->pending + index + 1,
           (endpoint->n_pending - index) * sizeof *endpoint->pending);
}

/* Bytes that wait in usbip->out for the first N of the pending transfers. */
static size_t
waiting_bytes (const fta_usbip *usbip, uint32_t n)
{
  size_t size = 0;

  for (uint32_t i = 0; i < n; i++)
    size += usbip->out_endpoint.pending[i].length - usbip->out_endpoint.pending[i].done;
  return size;
}

static void
drop_waiting_bytes (fta_usbip *usbip, uint32_t index)
{
  const fta_usbip_transfer *transfer = &usbip->out_endpoint.pending[index];
  size_t first = usbip->out_begin + waiting_bytes (usbip, index);
  size_t last = first + (transfer->length - transfer->done);

  memmove (usbip->out + first, usbip->out + last, usbip->out_end - last);
  usbip->out_end -= last - first;
}

/* A halted endpoint answers every transfer so. One whose bytes have not all come yet is told later. */
static void
answer_stall (fta_usbip *usbip, fta_usbip_endpoint *endpoint)
{
  uint32_t keep = endpoint == &usbip->out_endpoint && usbip->data_left > 0;

  while (endpoint->n_pending > keep)
    {
      const uint32_t sequence = endpoint->pending[0].sequence;

      if (endpoint == &usbip->out_endpoint)
        drop_waiting_bytes (usbip, 0);
      remove_pending (endpoint, 0);
      answer_without_data (usbip, RETURN_SUBMIT, sequence, STATUS_STALL, 0);
    }
}

/* --- the port's functions --- */

static void
connect_nothing (void *user, bool on)
{
}

/* The kernel keeps the address to itself. */
static void
set_no_address (void *user, uint8_t address)
{
}

static void
flush (void *user, uint8_t number)
{
  fta_usbip *usbip = user;

  if (number == FTA_USB_ENDPOINT_OUT)
    {
      usbip->awaited = NULL;
      return;
    }
  usbip->fifo_full = false;
  if (usbip->in_endpoint.n_pending > 0)
    usbip->in_endpoint.pending[0].done = 0;
}

static void
open_endpoint (void *user, uint8_t number, uint16_t size)
{
  fta_usbip_endpoint *endpoint = find_endpoint (user, number);

  flush (user, number);
  endpoint->packet_size = size;
  endpoint->stalled = false;
}

static void
stall (void *user, uint8_t number)
{
  fta_usbip *usbip = user;

  if (number == 0)
    usbip->control.stalled = true;
  else
    {
      flush (user, number);
      find_endpoint (usbip, number)->stalled = true;
    }
}

static void
write_control (fta_usbip *usbip, const uint8_t *bytes, size_t size)
{
  uint32_t room = FTA_USB_CONTROL_MOST - usbip->control.size;

  if (size > room)
    size = room;
  if (size > 0)
    memcpy (usbip->control.reply + FTA_USBIP_HEADER + usbip->control.size, bytes, size);
  usbip->control.size += (uint32_t)size;
  usbip->control.written = true;
}

static void
write_endpoint (void *user, uint8_t number, const uint8_t *bytes, size_t size)
{
  fta_usbip *usbip = user;

  if (number == 0)
    {
      write_control (usbip, bytes, size);
      return;
    }
  if (size > 0)
    memcpy (usbip->fifo, bytes, size);
  usbip->fifo_begin = 0;
  usbip->fifo_end = size;
  usbip->fifo_full = true;
}

static void
receive (void *user, uint8_t number, uint8_t *packet)
{
  fta_usbip *usbip = user;

  if (number == 0)
    usbip->control.awaited = true;
  else
    usbip->awaited = packet;
}

/* --- endpoint 0: answered before anything else is read --- */

static void
serve_control (fta_usbip *usbip, const uint8_t *setup, uint32_t length)
{
  int status = STATUS_OK;

  usbip->control.size = 0;
  usbip->control.written = usbip->control.awaited = usbip->control.stalled = false;
  fta_usb_setup (usbip->device, setup);
  while (usbip->control.written && !usbip->control.stalled)
    {
      usbip->control.written = false;
      fta_usb_written (usbip->device, 0);
    }
  if (usbip->control.awaited)
    fta_usb_received (usbip->device, 0, 0);
  if (usbip->control.stalled)
    {
      usbip->control.size = 0;
      status = STATUS_STALL;
    }
  if (usbip->control.size > length)
    usbip->control.size = length;
  answer (usbip, usbip->control.reply, RETURN_SUBMIT, usbip->control.sequence, status,
          usbip->control.size, usbip->control.size);
}

/* --- bulk --- */

static bool
deliver_packet (fta_usbip *usbip)
{
  fta_usbip_endpoint *endpoint = &usbip->out_endpoint;
  fta_usbip_transfer *transfer = &endpoint->pending[0];
  size_t waiting = usbip->out_end - usbip->out_begin, size;
  uint8_t *packet = usbip->awaited;

  if (packet == NULL || endpoint->n_pending == 0)
    return false;
  size = transfer->length - transfer->done;
  if (size > endpoint->packet_size)
    size = endpoint->packet_size;
  if (size > waiting)
    return false;
  memcpy (packet, usbip->out + usbip->out_begin, size);
  usbip->out_begin += size;
  transfer->done += (uint32_t)size;
  if (transfer->done == transfer->length)
    {
      const fta_usbip_transfer done = *transfer;

      remove_pending (endpoint, 0);
      answer_without_data (usbip, RETURN_SUBMIT, done.sequence, STATUS_OK, done.length);
    }
  usbip->awaited = NULL;
  fta_usb_received (usbip->device, FTA_USB_ENDPOINT_OUT, size);
  return true;
}

static void
complete_in (fta_usbip *usbip, int status)
{
  const fta_usbip_transfer done = usbip->in_endpoint.pending[0];

  remove_pending (&usbip->in_endpoint, 0);
  answer (usbip, usbip->reply, RETURN_SUBMIT, done.sequence, status, done.done,
          done.done);
}

/* A transfer is over when it is full, or with a packet that is not. */
static bool
take_packet (fta_usbip *usbip)
{
  fta_usbip_endpoint *endpoint = &usbip->in_endpoint;
  fta_usbip_transfer *transfer = &endpoint->pending[0];
  size_t size = usbip->fifo_end - usbip->fifo_begin;

  if (!usbip->fifo_full || endpoint->n_pending == 0)
    return false;
  if (size > endpoint->packet_size)
    size = endpoint->packet_size;
  if (size > transfer->length - transfer->done)
    {
      transfer->done = 0;
      complete_in (usbip, STATUS_BABBLE);
    }
  else
    {
      memcpy (usbip->reply + FTA_USBIP_HEADER + transfer->done,
              usbip->fifo + usbip->fifo_begin, size);
      transfer->done += (uint32_t)size;
      if (size < endpoint->packet_size || transfer->done == transfer->length)
        complete_in (usbip, STATUS_OK);
    }
  usbip->fifo_begin += size;
  if (usbip->fifo_begin == usbip->fifo_end)
    {
      usbip->fifo_full = false;
      fta_usb_written (usbip->device, FTA_USB_ENDPOINT_IN);
    }
  return true;
}

/* TRUE if a packet went either way. */
static bool
move_packets (fta_usbip *usbip)
{
  bool moved = false, again = true;

  if (usbip->in_endpoint.stalled || usbip->in_endpoint.packet_size == 0)
    answer_stall (usbip, &usbip->in_endpoint);
  if (usbip->out_endpoint.stalled || usbip->out_endpoint.packet_size == 0)
    answer_stall (usbip, &usbip->out_endpoint);
  while (again)
    {
      again = deliver_packet (usbip);
      again |= take_packet (usbip);
      moved |= again;
    }
  return moved;
}

/* --- messages --- */

static void
unlink_transfer (fta_usbip *usbip)
{
  const uint32_t victim = get_be32 (usbip->header + AT_VICTIM);
  fta_usbip_endpoint *endpoints[] = { &usbip->in_endpoint, &usbip->out_endpoint };
  int status = STATUS_OK; /* it has completed already */

  for (int e = 0; e < 2; e++)
    for (uint32_t i = 0; i < endpoints[e]->n_pending; i++)
      if (endpoints[e]->pending[i].sequence == victim)
        {
          if (endpoints[e] == &usbip->out_endpoint)
            drop_waiting_bytes (usbip, i);
          remove_pending (endpoints[e], i--);
          status = STATUS_UNLINKED;
        }
  answer_without_data (usbip, RETURN_UNLINK, get_be32 (usbip->header + AT_SEQUENCE),
                       status, 0);
}

static void
add_pending (fta_usbip_endpoint *endpoint, uint32_t sequence, uint32_t length)
{
  endpoint->pending[endpoint->n_pending++] =
      (fta_usbip_transfer){ .sequence = sequence, .length = length };
}

/* FALSE if it has to wait for room. */
static bool
start_submit (fta_usbip *usbip)
{
  const uint8_t *header = usbip->header;
  const uint32_t sequence = get_be32 (header + AT_SEQUENCE);
  const uint32_t endpoint = get_be32 (header + AT_ENDPOINT);
  const uint32_t length = get_be32 (header + AT_LENGTH);
  const bool from_device = get_be32 (header + AT_DIRECTION) != 0;

  if (endpoint == 0)
    {
      usbip->control.sequence = sequence;
      usbip->control.active = true;
      usbip->control.wanted = from_device ? length : 0;
      usbip->data_left = from_device ? 0 : length;
    }
  else if (endpoint != (FTA_USB_ENDPOINT_OUT & 0x7F))
    usbip->broken = true; /* the kernel knows the descriptors */
  else if (from_device)
    {
      if (usbip->in_endpoint.n_pending == FTA_USBIP_PENDING)
        return false;
      add_pending (&usbip->in_endpoint, sequence,
                   length < FTA_USBIP_TRANSFER ? length : FTA_USBIP_TRANSFER);
    }
  else
    {
      if (usbip->out_endpoint.n_pending == FTA_USBIP_PENDING)
        return false;
      add_pending (&usbip->out_endpoint, sequence, length);
      usbip->data_left = length;
    }
  return true;
}

/* FALSE if it has to wait for room. */
static bool
start_message (fta_usbip *usbip)
{
  switch (get_be32 (usbip->header + AT_COMMAND))
    {
    case COMMAND_SUBMIT:
      return start_submit (usbip);
    case COMMAND_UNLINK:
      unlink_transfer (usbip);
      return true;
    default:
      usbip->broken = true;
      return true;
    }
}

/* Takes data of an OUT transfer from the inbox. Data of endpoint 0, which no request of this device has, is
 * skipped. FALSE if it has to wait for room. */
static bool
take_data (fta_usbip *usbip)
{
  size_t size = usbip->inbox_end - usbip->inbox_begin;

  if (size > usbip->data_left)
    size = usbip->data_left;
  if (!usbip->control.active)
    {
      size_t waiting = usbip->out_end - usbip->out_begin;

      if (usbip->out_begin > 0 && size > sizeof usbip->out - usbip->out_end)
        {
          memmove (usbip->out, usbip->out + usbip->out_begin, waiting);
          usbip->out_begin = 0;
          usbip->out_end = waiting;
        }
      if (size > sizeof usbip->out - usbip->out_end)
        size = sizeof usbip->out - usbip->out_end;
      memcpy (usbip->out + usbip->out_end, usbip->inbox + usbip->inbox_begin, size);
      usbip->out_end += size;
    }
  usbip->inbox_begin += size;
  usbip->data_left -= (uint32_t)size;
  return size > 0;
}

static void
take_header (fta_usbip *usbip)
{
  size_t size = usbip->inbox_end - usbip->inbox_begin;

  if (size > FTA_USBIP_HEADER - usbip->header_size)
    size = FTA_USBIP_HEADER - usbip->header_size;
  memcpy (usbip->header + usbip->header_size, usbip->inbox + usbip->inbox_begin, size);
  usbip->header_size += (uint32_t)size;
  usbip->inbox_begin += size;
}

/* Serves what is in the inbox, as far as there is room for it. */
static void
serve_inbox (fta_usbip *usbip)
{
  bool room = true;

  while (room && !usbip->broken)
    {
      if (usbip->data_left > 0)
        room = take_data (usbip);
      else if (usbip->control.active)
        {
          usbip->control.active = false;
          serve_control (usbip, usbip->header + AT_SETUP, usbip->control.wanted);
        }
      else
        {
          take_header (usbip);
          if (usbip->header_size < FTA_USBIP_HEADER)
            return;
          room = start_message (usbip);
          if (room)
            usbip->header_size = 0;
        }
      move_packets (usbip);
    }
}

/* Waiting is right only if there is nothing to tell: the host may say no more before it is told. */
static void
poll_stream (void *user, bool may_wait)
{
  fta_usbip *usbip = user;
  bool moved = move_packets (usbip);

  if (usbip->broken)
    return;
  if (usbip->inbox_begin == usbip->inbox_end && usbip->header_size < FTA_USBIP_HEADER)
    {
      usbip->inbox_begin = 0;
      usbip->inbox_end =
          usbip->stream.read (usbip->stream.user, usbip->inbox, sizeof usbip->inbox,
                              may_wait && !moved && !fta_usb_readable (usbip->device));
    }
  serve_inbox (usbip);
  if (usbip->broken)
    fta_usb_disconnected (usbip->device);
}

void
fta_usbip_plug (fta_usbip *usbip)
{
  usbip->broken = false;
  usbip->inbox_begin = usbip->inbox_end = 0;
  usbip->header_size = usbip->data_left = 0;
  usbip->control.active = false;
  usbip->in_endpoint.n_pending = usbip->out_endpoint.n_pending = 0;
  usbip->out_begin = usbip->out_end = 0;
  fta_usb_bus_reset (usbip->device, usbip->device->identity.high_speed
                                        ? FTA_USB_HIGH_SPEED
                                        : FTA_USB_FULL_SPEED);
}

void
fta_usbip_init (fta_usbip *usbip, const fta_usbip_stream *stream, fta_usb_device *device,
                const fta_usb_identity *identity)
{
  const fta_usb_port port = {
    .connect = connect_nothing,
    .set_address = set_no_address,
    .open = open_endpoint,
    .flush = flush,
    .write = write_endpoint,
    .receive = receive,
    .stall = stall,
    .poll = poll_stream,
    .user = usbip,
  };

  memset (usbip, 0, sizeof *usbip);
  usbip->stream = *stream;
  usbip->device = device;
  fta_usb_init (device, &port, identity);
  fta_usbip_plug (usbip);
}
