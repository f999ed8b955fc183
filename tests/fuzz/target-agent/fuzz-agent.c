/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz-agent.c: a hostile desktop. Each input is a script of payloads, which are sealed into valid
 * frames, so that the damage reaches the handlers and not only the checksum.
 *
 * Script: u8 type, u16 size, payload, and so on. A size with bit 15 set: the payload goes as raw bytes. */
#include "fuzz.h"
#include "tiny-image.h"

#include "target-agent/agent.h"

#include <stdlib.h>
#include <string.h>

#define PAYLOAD    1024
#define IMAGE_SIZE 8192
#define ARENA_SIZE 4096
#define RECORDS    8
#define RAW        0x8000u
/* A run may ask for 65,535 inferences; the desktop loses its patience. */
#define MOST_TICKS 3000

struct desktop
{
  const uint8_t *script;
  size_t size;
  uint8_t pending[PAYLOAD + FTA_FRAME_OVERHEAD + 64];
  size_t pending_begin, pending_end;
  uint32_t n_sent, ticks;
};

/* Turns the next step of the script into bytes on the wire. */
static void
next_step (struct desktop *desktop)
{
  size_t size, most = PAYLOAD + 8;
  uint16_t field;

  if (desktop->size < 3)
    {
      desktop->size = 0;
      return;
    }
  field = fta_get_le16 (desktop->script + 1);
  size = field & (RAW - 1);
  if (size > desktop->size - 3)
    size = desktop->size - 3;
  if (size > most)
    size = most;
  desktop->pending_begin = 0;
  memcpy (desktop->pending + (field & RAW ? 0 : FTA_FRAME_HEADER), desktop->script + 3,
          size);
  desktop->pending_end = field & RAW
                             ? size
                             : fta_frame_seal (desktop->pending, desktop->script[0],
                                               (uint16_t)desktop->n_sent, (uint32_t)size);
  desktop->n_sent++;
  desktop->script += 3 + size;
  desktop->size -= 3 + size;
}

static size_t
read_script (void *user, uint8_t *bytes, size_t capacity)
{
  struct desktop *desktop = user;
  size_t size;

  if (desktop->pending_begin == desktop->pending_end)
    {
      desktop->pending_begin = desktop->pending_end = 0;
      next_step (desktop);
    }
  size = desktop->pending_end - desktop->pending_begin;
  size = size < capacity ? size : capacity;
  memcpy (bytes, desktop->pending + desktop->pending_begin, size);
  desktop->pending_begin += size;
  return size;
}

static size_t
swallow (void *user, const uint8_t *bytes, size_t size)
{
  volatile uint8_t sum = 0;

  for (size_t i = 0; i < size; i++)
    sum = (uint8_t)(sum + bytes[i]);
  return size;
}

static uint64_t
read_ticks (void *user)
{
  return ++((struct desktop *)user)->ticks;
}

static uint32_t
read_milliseconds (void *user)
{
  return ((struct desktop *)user)->ticks;
}

static bool
is_readable (void *user)
{
  return ((struct desktop *)user)->ticks % 16 == 0;
}

static bool
is_impatient (void *user)
{
  struct desktop *desktop = user;

  return desktop->ticks > MOST_TICKS;
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  static const fta_identity identity = { "fuzz",
                                         "none",
                                         "0",
                                         "portable",
                                         0,
                                         FTA_SOURCE_CLOCK,
                                         FTA_UNIT_NANOSECONDS,
                                         FTA_UNIT_NANOSECONDS,
                                         1,
                                         1,
                                         false };
  struct desktop desktop = { .script = bytes, .size = size };
  const fta_port port = {
    .read = read_script,
    .write = swallow,
    .ticks = read_ticks,
    .milliseconds = read_milliseconds,
    .readable = is_readable,
    .interrupted = is_impatient,
    .user = &desktop,
  };
  fta_memory memory = { .image_size = IMAGE_SIZE,
                        .arena_size = ARENA_SIZE,
                        .receive_size = PAYLOAD + FTA_FRAME_OVERHEAD,
                        .transmit_size = PAYLOAD + FTA_FRAME_OVERHEAD,
                        .record_capacity = RECORDS,
                        .window = 512 };
  fta_agent *agent = malloc (sizeof *agent);

  memory.image = aligned_alloc (FRT_ALIGNMENT, IMAGE_SIZE);
  memory.arena = aligned_alloc (FRT_ALIGNMENT, ARENA_SIZE);
  memory.receive = malloc (memory.receive_size);
  memory.transmit = malloc (memory.transmit_size);
  memory.records = malloc (RECORDS * sizeof *memory.records);
  if (agent == NULL || memory.image == NULL || memory.arena == NULL
      || memory.receive == NULL || memory.transmit == NULL || memory.records == NULL)
    abort ();
  memset (memory.image, 0, IMAGE_SIZE);
  memset (memory.arena, 0, ARENA_SIZE);
  fta_agent_init (agent, &port, &identity, &memory);
  while (desktop.size > 0 || desktop.pending_begin < desktop.pending_end)
    {
      fta_agent_poll (agent);
      desktop.ticks = 0;
    }
  fta_agent_poll (agent);
  free (memory.image);
  free (memory.arena);
  free (memory.receive);
  free (memory.transmit);
  free (memory.records);
  free (agent);
  return 0;
}

/* --- seeds --- */

static size_t
add_step (uint8_t *at, uint8_t type, const void *payload, size_t size)
{
  at[0] = type;
  fta_put_le16 (at + 1, (uint16_t)size);
  if (size > 0)
    memcpy (at + 3, payload, size);
  return 3 + size;
}

static size_t
add_upload (uint8_t *at, uint8_t kind, const uint8_t *bytes, uint32_t size)
{
  uint8_t begin[FTA_BEGIN_SIZE] = { kind }, data[FTA_DATA_SIZE + 400];
  size_t n;

  fta_put_le32 (begin + 4, size);
  fta_put_le32 (begin + 8, frt_crc32 (0, bytes, size));
  n = add_step (at, FTA_BEGIN, begin, sizeof begin);
  for (uint32_t offset = 0; offset < size; offset += 400)
    {
      uint32_t chunk = size - offset < 400 ? size - offset : 400;

      fta_put_le32 (data, offset);
      memcpy (data + FTA_DATA_SIZE, bytes + offset, chunk);
      n += add_step (at + n, FTA_DATA, data, FTA_DATA_SIZE + chunk);
    }
  return n + add_step (at + n, FTA_END, NULL, 0);
}

/* A whole session; number 1 with an input, number 2 with all that may be said during a run. */
size_t
fuzz_seed (unsigned index, uint8_t *buffer, size_t capacity)
{
  static _Alignas(FRT_ALIGNMENT) uint8_t image[4096];
  const uint8_t hello[FTA_HELLO_SIZE] = { 1, 2, 3, 4, 5, 6, 7, 8, 1, 1 };
  uint8_t run[FTA_RUN_SIZE] = { 1, 0, 0, 0, 1, 0, 3 }, fetch[FTA_FETCH_SIZE] = { 0 };
  size_t size = tiny_image (image, sizeof image, 4, 64), n;

  if (index >= 3)
    return 0;
  run[8] = (uint8_t)(index == 1 ? FTA_RUN_TENSORS | FTA_RUN_INPUT : 0);
  run[7] = (uint8_t)(index == 2 ? 200 : 0);
  fetch[4] = 64;
  n = add_step (buffer, FTA_HELLO, hello, sizeof hello);
  n += add_upload (buffer + n, FTA_UPLOAD_IMAGE, image, (uint32_t)size);
  if (index == 1)
    n += add_upload (buffer + n, FTA_UPLOAD_INPUT, image, 64);
  n += add_step (buffer + n, FTA_RUN, run, sizeof run);
  n += add_step (buffer + n, FTA_PING, NULL, 0);
  if (index == 2)
    n += add_step (buffer + n, FTA_ABORT, NULL, 0);
  n += add_step (buffer + n, FTA_FETCH, fetch, sizeof fetch);
  return n + add_step (buffer + n, FTA_GOODBYE, NULL, 0);
}
