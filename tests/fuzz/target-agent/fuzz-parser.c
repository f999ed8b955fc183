/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz-parser.c: any bytes, in any cut, into the frame parser and the COBS decoder. */
#include "fuzz.h"

#include "target-agent/cobs.h"
#include "target-agent/wire.h"

#include <stdlib.h>
#include <string.h>

#define PAYLOAD 100

/* Feeds BYTES in pieces of CUT; returns a digest of all frames. */
static uint32_t
parse (const uint8_t *bytes, size_t size, size_t cut)
{
  uint8_t *buffer = malloc (PAYLOAD + FTA_FRAME_OVERHEAD);
  fta_parser parser;
  uint32_t digest = 0;

  if (buffer == NULL)
    abort ();
  fta_parser_init (&parser, buffer, PAYLOAD + FTA_FRAME_OVERHEAD);
  while (size > 0)
    {
      size_t piece = size < cut ? size : cut;
      bool complete = true;

      bytes += piece;
      size -= piece;
      while (complete)
        {
          fta_frame frame;

          piece -= fta_parser_feed (&parser, bytes - piece, piece, &frame, &complete);
          for (uint32_t i = 0; complete && i < frame.length; i++)
            digest = digest * 31 + frame.payload[i];
          digest += complete ? 1000u + frame.type : 0;
        }
      if (piece != 0)
        abort ();
    }
  free (buffer);
  return digest;
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  uint8_t *decoded = malloc (size ? size : 1), *encoded;
  size_t n;

  if (decoded == NULL)
    abort ();
  /* The cut makes no difference. */
  if (parse (bytes, size, 1) != parse (bytes, size, 7)
      || parse (bytes, size, 7) != parse (bytes, size, size))
    abort ();
  n = fta_cobs_decode (bytes, size, decoded);
  if (n != SIZE_MAX && n > size)
    abort ();
  encoded = malloc (FTA_COBS_BOUND (size));
  if (encoded == NULL)
    abort ();
  n = fta_cobs_encode (bytes, size, encoded);
  if (n > FTA_COBS_BOUND (size) || memchr (encoded, 0, n) != NULL
      || fta_cobs_decode (encoded, n, encoded) != size
      || (size > 0 && memcmp (encoded, bytes, size) != 0))
    abort ();
  free (encoded);
  free (decoded);
  return 0;
}

size_t
fuzz_seed (unsigned index, uint8_t *buffer, size_t capacity)
{
  size_t at = 0;

  if (index >= 3)
    return 0;
  for (uint32_t i = 0; i <= 2 * index; i++)
    {
      memset (buffer + at + FTA_FRAME_HEADER, (int)(i + 1), 20 * i);
      at += fta_frame_seal (buffer + at, (uint8_t)(i + 1), (uint16_t)i, 20 * i);
    }
  return at;
}
