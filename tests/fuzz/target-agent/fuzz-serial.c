/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz-serial.c: any bytes, in any cut, from a UART into an agent's frames, and out again. */
#include "fuzz.h"

#include "target-agent/serial.h"

#include <stdlib.h>
#include <string.h>

#define PAYLOAD 100u

struct uart
{
  const uint8_t *bytes;
  size_t size, cut;
  uint8_t out[4096];
  size_t written;
};

static const fta_identity identity = { .board = "fuzz", .core = "none" };

static size_t
read_some (void *user, uint8_t *bytes, size_t capacity)
{
  struct uart *uart = user;
  size_t size = uart->cut < capacity ? uart->cut : capacity;

  size = uart->size < size ? uart->size : size;
  memcpy (bytes, uart->bytes, size);
  uart->bytes += size;
  uart->size -= size;
  return size;
}

static size_t
write_some (void *user, const uint8_t *bytes, size_t size)
{
  struct uart *uart = user;

  if (size > uart->cut)
    size = uart->cut;
  if (size > sizeof uart->out - uart->written)
    uart->written = 0;
  memcpy (uart->out + uart->written, bytes, size);
  uart->written += size;
  return size;
}

/* What went out decodes to FRAME again. */
static void
echo (fta_serial *serial, struct uart *uart, const uint8_t *frame, size_t size)
{
  uint8_t decoded[sizeof uart->out];
  size_t at = 0, begin = 0;

  uart->written = 0;
  fta_serial_begin_frame (serial);
  while (at < size)
    at += fta_serial_write (serial, frame + at, size - at);
  while (begin < uart->written && uart->out[begin] == 0)
    begin++;
  if (uart->written == 0 || uart->out[uart->written - 1] != 0
      || fta_cobs_decode (uart->out + begin, uart->written - 1 - begin, decoded) != size
      || memcmp (decoded, frame, size) != 0)
    abort ();
}

/* Returns a digest of all frames. */
static uint32_t
receive (const uint8_t *bytes, size_t size, size_t cut)
{
  struct uart uart = { .bytes = bytes, .size = size, .cut = cut };
  uint8_t *packet = malloc (FTA_SERIAL_PACKET (PAYLOAD));
  uint8_t frame[FTA_SERIAL_PACKET (PAYLOAD)];
  fta_serial serial = { .read = read_some,
                        .write = write_some,
                        .user = &uart,
                        .identity = &identity,
                        .packet = packet,
                        .packet_size = FTA_SERIAL_PACKET (PAYLOAD) };
  uint32_t digest = 0;

  if (packet == NULL)
    abort ();
  while (uart.size > 0 || fta_serial_readable (&serial))
    {
      size_t n = fta_serial_read (&serial, frame, sizeof frame);

      if (n == 0)
        continue;
      if (!fta_frame_is_valid (frame, n))
        abort ();
      digest = digest * 31 + frt_crc32 (0, frame, n);
      echo (&serial, &uart, frame, n);
    }
  free (packet);
  return digest;
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  uint32_t digest = receive (bytes, size, 1);

  /* The cut makes no difference. */
  if (receive (bytes, size, 7) != digest || receive (bytes, size, 1000) != digest)
    abort ();
  return 0;
}

size_t
fuzz_seed (unsigned index, uint8_t *buffer, size_t capacity)
{
  uint8_t frame[PAYLOAD + FTA_FRAME_OVERHEAD];
  size_t at = 0;

  if (index >= 3)
    return 0;
  for (uint32_t i = 0; i <= 2 * index; i++)
    {
      size_t size;

      memset (frame + FTA_FRAME_HEADER, i % 2 ? (int)i : 0, 20 * i);
      size = fta_frame_seal (frame, (uint8_t)(i + 1), (uint16_t)i, 20 * i);
      at += fta_cobs_encode (frame, size, buffer + at);
      buffer[at++] = 0;
      buffer[at++] = '?';
    }
  return at;
}
