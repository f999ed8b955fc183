/* SPDX-License-Identifier: Apache-2.0 */
/* wire.c: sealing frames and finding them in a stream of bytes. */
#include "target-agent/wire.h"

#include "runtime/frt.h"

#include <string.h>

static const uint8_t magic[4] = { 'F', 'T', 'L', 'A' };

void
fta_parser_init (fta_parser *parser, uint8_t *buffer, size_t capacity)
{
  memset (parser, 0, sizeof *parser);
  parser->buffer = buffer;
  parser->capacity = capacity;
}

/* Moves BEGIN to the next place where the buffered bytes could start a frame. */
static void
find_magic (fta_parser *parser)
{
  for (; parser->begin < parser->end; parser->begin++)
    {
      size_t left = parser->end - parser->begin;

      if (memcmp (parser->buffer + parser->begin, magic,
                  left < sizeof magic ? left : sizeof magic)
          == 0)
        return;
    }
}

/* Bytes the candidate at BEGIN needs for the next decision; 0 if its header cannot be one. */
static size_t
needed (fta_parser *parser)
{
  const uint8_t *header = parser->buffer + parser->begin;
  uint32_t length;

  if (parser->end - parser->begin < FTA_FRAME_HEADER)
    return FTA_FRAME_HEADER;
  if (header[4] != FTA_FRAME_VERSION)
    {
      parser->damaged++;
      return 0;
    }
  length = fta_get_le32 (header + 8);
  if (length > parser->capacity - FTA_FRAME_OVERHEAD)
    {
      parser->oversize++;
      return 0;
    }
  return FTA_FRAME_OVERHEAD + length;
}

static bool
deliver (fta_parser *parser, size_t size, fta_frame *frame)
{
  const uint8_t *header = parser->buffer + parser->begin;
  size_t covered = size - FTA_FRAME_CHECKSUM;

  if (frt_crc32 (0, header, covered) != fta_get_le32 (header + covered))
    {
      parser->damaged++;
      return false;
    }
  frame->type = header[5];
  frame->sequence = fta_get_le16 (header + 6);
  frame->length = fta_get_le32 (header + 8);
  frame->payload = header + FTA_FRAME_HEADER;
  parser->delivered = size;
  return true;
}

/* The candidate always fits once it is moved to the front. */
static size_t
take (fta_parser *parser, const uint8_t *bytes, size_t size, size_t missing)
{
  if (parser->begin > 0)
    {
      memmove (parser->buffer, parser->buffer + parser->begin,
               parser->end - parser->begin);
      parser->end -= parser->begin;
      parser->begin = 0;
    }
  if (size > missing)
    size = missing;
  memcpy (parser->buffer + parser->end, bytes, size);
  parser->end += size;
  return size;
}

size_t
fta_parser_feed (fta_parser *parser, const uint8_t *bytes, size_t size, fta_frame *frame,
                 bool *complete)
{
  size_t taken = 0;

  *complete = false;
  parser->begin += parser->delivered;
  parser->delivered = 0;
  for (;;)
    {
      size_t have, need;

      find_magic (parser);
      need = needed (parser);
      have = parser->end - parser->begin;
      if (need == 0)
        {
          parser->begin++;
          continue;
        }
      if (have < need)
        {
          if (taken == size)
            return taken;
          taken += take (parser, bytes + taken, size - taken, need - have);
          continue;
        }
      *complete = deliver (parser, need, frame);
      if (*complete)
        return taken;
      parser->begin++;
    }
}

bool
fta_frame_is_valid (const uint8_t *bytes, size_t size)
{
  return size >= FTA_FRAME_OVERHEAD && memcmp (bytes, magic, sizeof magic) == 0
         && bytes[4] == FTA_FRAME_VERSION
         && fta_get_le32 (bytes + 8) == size - FTA_FRAME_OVERHEAD
         && frt_crc32 (0, bytes, size - FTA_FRAME_CHECKSUM)
                == fta_get_le32 (bytes + size - FTA_FRAME_CHECKSUM);
}

size_t
fta_frame_seal (uint8_t *buffer, uint8_t type, uint16_t sequence, uint32_t length)
{
  size_t covered = FTA_FRAME_HEADER + (size_t)length;

  memcpy (buffer, magic, sizeof magic);
  buffer[4] = FTA_FRAME_VERSION;
  buffer[5] = type;
  fta_put_le16 (buffer + 6, sequence);
  fta_put_le32 (buffer + 8, length);
  fta_put_le32 (buffer + covered, frt_crc32 (0, buffer, covered));
  return covered + FTA_FRAME_CHECKSUM;
}
