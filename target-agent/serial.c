/* SPDX-License-Identifier: Apache-2.0 */
/* serial.c: frames of an agent over a UART, which can lose bytes. */
#include "target-agent/serial.h"

#include <string.h>

/* The most that one byte more of a frame sends off: a full block, one of this byte, one that ends the frame,
 * and the zero byte behind it. */
#define MOST_PER_BYTE (sizeof ((fta_serial *)0)->block + 6)

/* --- out --- */

static void
push (fta_serial *serial)
{
  while (serial->out_begin < serial->out_end)
    {
      size_t taken = serial->write (serial->user, serial->out + serial->out_begin,
                                    serial->out_end - serial->out_begin);

      if (taken == 0)
        return;
      serial->out_begin += taken;
    }
  serial->out_begin = serial->out_end = 0;
}

static void
put (fta_serial *serial, uint8_t byte)
{
  serial->out[serial->out_end++] = byte;
}

static void
put_block (fta_serial *serial)
{
  put (serial, (uint8_t)(serial->block_size + 1));
  memcpy (serial->out + serial->out_end, serial->block, serial->block_size);
  serial->out_end += serial->block_size;
  serial->block_size = 0;
}

static bool
has_room (fta_serial *serial)
{
  if (sizeof serial->out - serial->out_end < MOST_PER_BYTE)
    push (serial);
  return sizeof serial->out - serial->out_end >= MOST_PER_BYTE;
}

/* A frame says itself how long it is. */
static void
count_byte (fta_serial *serial, uint8_t byte)
{
  enum
  {
    LENGTH = 8 /* where it stands in the header */
  };

  if (serial->position == 0)
    serial->frame_size = FTA_FRAME_OVERHEAD;
  if (serial->position >= LENGTH && serial->position < FTA_FRAME_HEADER)
    serial->frame_size += (uint32_t)byte << (8 * (serial->position - LENGTH));
  serial->position++;
}

static void
encode (fta_serial *serial, uint8_t byte)
{
  /* As in cobs.c: a full block is closed when more follows. */
  if (serial->block_size == sizeof serial->block)
    put_block (serial);
  if (byte == 0)
    put_block (serial);
  else
    serial->block[serial->block_size++] = byte;
  count_byte (serial, byte);
  if (serial->position < FTA_FRAME_HEADER || serial->position < serial->frame_size)
    return;
  put_block (serial);
  put (serial, 0);
  serial->position = 0;
}

size_t
fta_serial_write (void *user, const uint8_t *bytes, size_t size)
{
  fta_serial *serial = user;
  size_t taken = 0;

  while (taken < size && has_room (serial))
    encode (serial, bytes[taken++]);
  push (serial);
  return taken;
}

void
fta_serial_begin_frame (void *user)
{
  fta_serial *serial = user;

  if (serial->position == 0)
    return;
  /* The desktop took nothing for so long that the frame was given up. */
  serial->position = serial->block_size = 0;
  serial->out_begin = serial->out_end = 0;
  put (serial, 0);
}

/* --- in --- */

static void
put_text (fta_serial *serial, const char *text)
{
  size_t room = sizeof serial->out - serial->out_end - sizeof "\r\n";
  size_t size = strlen (text);

  size = size < room ? size : room;
  memcpy (serial->out + serial->out_end, text, size);
  serial->out_end += size;
}

/* Not into the middle of a frame; the person asks again. */
static void
answer_question (fta_serial *serial)
{
  push (serial);
  if (serial->out_end > 0 || serial->position > 0)
    return;
  put_text (serial, FTA_AGENT_NAME " on ");
  put_text (serial, serial->identity->board);
  put_text (serial, " (");
  put_text (serial, serial->identity->core);
  put_text (serial, serial->identity->verified_on_hardware
                        ? ") is ready"
                        : ", not yet run on hardware) is ready");
  put (serial, '\r');
  put (serial, '\n');
  put (serial, 0); /* so that no frame is taken for the end of this line */
  push (serial);
}

static void
end_packet (fta_serial *serial)
{
  size_t size = serial->received;
  bool overflows = serial->overflows;

  serial->received = 0;
  serial->overflows = false;
  if (size == 0)
    return;
  size = overflows ? SIZE_MAX : fta_cobs_decode (serial->packet, size, serial->packet);
  if (size == SIZE_MAX || !fta_frame_is_valid (serial->packet, size))
    {
      serial->damaged++;
      return;
    }
  serial->frame_begin = 0;
  serial->frame_end = size;
}

static void
take_byte (fta_serial *serial, uint8_t byte)
{
  if (byte == 0)
    end_packet (serial);
  else if (byte == '?' && serial->received == 0)
    answer_question (serial);
  else if (serial->received == serial->packet_size)
    serial->overflows = true;
  else
    serial->packet[serial->received++] = byte;
}

bool
fta_serial_readable (void *user)
{
  fta_serial *serial = user;

  push (serial);
  while (serial->frame_begin == serial->frame_end)
    {
      if (serial->raw_begin == serial->raw_end)
        {
          serial->raw_begin = 0;
          serial->raw_end = serial->read (serial->user, serial->raw, sizeof serial->raw);
        }
      if (serial->raw_begin == serial->raw_end)
        return false;
      take_byte (serial, serial->raw[serial->raw_begin++]);
    }
  return true;
}

size_t
fta_serial_read (void *user, uint8_t *bytes, size_t capacity)
{
  fta_serial *serial = user;
  size_t size;

  if (!fta_serial_readable (serial))
    return 0;
  size = serial->frame_end - serial->frame_begin;
  size = size < capacity ? size : capacity;
  memcpy (bytes, serial->packet + serial->frame_begin, size);
  serial->frame_begin += size;
  return size;
}
