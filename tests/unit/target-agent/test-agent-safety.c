/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-agent-safety.c: an agent between pages that cannot be touched, under a desktop that says anything,
 * and under one whose frames are truncated, repeated, out of order or noise.
 *
 * FETTLE_COMMANDS sets the number of commands (default 20000), FETTLE_SEED the sequence. */
#include "target-agent/agent.h"
#include "tiny-image.h"

#include "runtime/frt_format.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define IMAGE_PAGES 2
#define ARENA_PAGES 1
#define N_REGIONS   5
/* Less than an image or an output. */
#define RECEIVE  1100u
#define TRANSMIT 600u

/* PAGES pages, of which the last SIZE bytes are used, between two that cannot be touched. */
typedef struct
{
  guint8 *mapping;
  gsize size, mapped;
} Region;

typedef struct
{
  fta_agent agent;
  Region regions[N_REGIONS];
  gsize page;
  GByteArray *to_agent, *from_agent;
  guint64 ticks;
  guint32 state;
} Fixture;

static guint32
next_random (Fixture *fixture)
{
  fixture->state ^= fixture->state << 13;
  fixture->state ^= fixture->state >> 17;
  fixture->state ^= fixture->state << 5;
  return fixture->state;
}

static size_t
read_memory (void *user, uint8_t *bytes, size_t capacity)
{
  Fixture *fixture = user;
  guint most = 1 + next_random (fixture) % 600;
  guint size = MIN (MIN ((guint)capacity, most), fixture->to_agent->len);

  if (size > 0)
    memcpy (bytes, fixture->to_agent->data, size);
  if (size > 0)
    g_byte_array_remove_range (fixture->to_agent, 0, size);
  return size;
}

static size_t
write_memory (void *user, const uint8_t *bytes, size_t size)
{
  g_byte_array_append (((Fixture *)user)->from_agent, bytes, (guint)size);
  return size;
}

static uint64_t
read_ticks (void *user)
{
  return ++((Fixture *)user)->ticks;
}

static bool
is_readable (void *user)
{
  return ((Fixture *)user)->to_agent->len > 0;
}

static guint8 *
add_region (Fixture *fixture, guint index, gsize size)
{
  Region *region = &fixture->regions[index];
  gsize inner = (size + fixture->page - 1) / fixture->page * fixture->page;

  region->size = size;
  region->mapped = inner + 2 * fixture->page;
  region->mapping =
      mmap (NULL, region->mapped, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  g_assert_true (region->mapping != MAP_FAILED);
  g_assert_cmpint (
      mprotect (region->mapping + fixture->page, inner, PROT_READ | PROT_WRITE), ==, 0);
  return region->mapping + fixture->page + inner - size;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  static const fta_identity identity = { .board = "test",
                                         .core = "none",
                                         .unique_id = "1",
                                         .kernels = "portable",
                                         .numerator = 1,
                                         .denominator = 1 };
  const fta_port port = { .read = read_memory,
                          .write = write_memory,
                          .ticks = read_ticks,
                          .readable = is_readable,
                          .user = fixture };
  const char *seed = g_getenv ("FETTLE_SEED");
  fta_memory memory = { .window = 1024 };

  fixture->state = seed != NULL ? (guint32)strtoul (seed, NULL, 10) | 1 : 20251121;
  fixture->page = (gsize)sysconf (_SC_PAGESIZE);
  memory.image_size = IMAGE_PAGES * fixture->page;
  memory.arena_size = ARENA_PAGES * fixture->page;
  memory.receive_size = RECEIVE;
  memory.transmit_size = TRANSMIT;
  memory.record_capacity = 64;
  memory.image = add_region (fixture, 0, memory.image_size);
  memory.arena = add_region (fixture, 1, memory.arena_size);
  memory.receive = add_region (fixture, 2, memory.receive_size);
  memory.transmit = add_region (fixture, 3, memory.transmit_size);
  memory.records =
      (void *)add_region (fixture, 4, memory.record_capacity * sizeof (fta_record));
  fixture->to_agent = g_byte_array_new ();
  fixture->from_agent = g_byte_array_new ();
  fta_agent_init (&fixture->agent, &port, &identity, &memory);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < N_REGIONS; i++)
    munmap (fixture->regions[i].mapping, fixture->regions[i].mapped);
  g_byte_array_unref (fixture->to_agent);
  g_byte_array_unref (fixture->from_agent);
}

static void
serve (Fixture *fixture)
{
  do
    fta_agent_poll (&fixture->agent);
  while (fixture->to_agent->len > 0);
  fta_agent_poll (&fixture->agent);
}

static void
post (Fixture *fixture, guint8 type, const void *payload, gsize size)
{
  g_autofree guint8 *frame = g_malloc (size + FTA_FRAME_OVERHEAD);

  if (size > 0)
    memcpy (frame + FTA_FRAME_HEADER, payload, size);
  g_byte_array_append (fixture->to_agent, frame,
                       (guint)fta_frame_seal (frame, type,
                                              (guint16)(next_random (fixture) % 4),
                                              (guint32)size));
}

/* --- a desktop that says anything --- */

/* Numbers at which arithmetic goes wrong, and others. */
static guint32
any_number (Fixture *fixture)
{
  const guint32 edges[] = { 0,
                            1,
                            64,
                            (guint32)fixture->page,
                            (guint32)(IMAGE_PAGES * fixture->page),
                            (guint32)(IMAGE_PAGES * fixture->page) + 1,
                            0x7FFFFFFF,
                            0x80000000u,
                            0xFFFFFFF0u,
                            G_MAXUINT32 };
  guint32 choice = next_random (fixture) % 16;

  return choice < G_N_ELEMENTS (edges) ? edges[choice] : next_random (fixture) % 3000;
}

static void
say_hello (Fixture *fixture)
{
  const guint8 payload[FTA_HELLO_SIZE] = { 1, 2, 3, 4, 5, 6, 7, 8, 1, 1 };

  post (fixture, FTA_HELLO, payload, sizeof payload);
}

static void
post_data (Fixture *fixture, const guint8 *bytes, guint32 offset, guint32 size)
{
  guint8 data[FTA_DATA_SIZE + 500];

  fta_put_le32 (data, offset);
  memcpy (data + FTA_DATA_SIZE, bytes, size);
  post (fixture, FTA_DATA, data, FTA_DATA_SIZE + size);
}

static void
post_upload (Fixture *fixture, guint8 kind, const guint8 *bytes, guint32 size)
{
  guint8 begin[FTA_BEGIN_SIZE] = { kind };

  fta_put_le32 (begin + 4, size);
  fta_put_le32 (begin + 8, frt_crc32 (0, bytes, size));
  post (fixture, FTA_BEGIN, begin, sizeof begin);
  for (guint32 at = 0; at < size; at += 500)
    post_data (fixture, bytes + at, at, MIN (500, size - at));
}

static void
upload (Fixture *fixture, guint8 kind, const guint8 *bytes, guint32 size)
{
  post_upload (fixture, kind, bytes, size);
  post (fixture, FTA_END, NULL, 0);
}

/* As much as there is room for, or nearly, and then more than was announced. */
static void
overrun (Fixture *fixture)
{
  const guint32 room = (guint32)(IMAGE_PAGES * fixture->page);
  g_autofree guint8 *bytes = g_malloc0 (room + 2);
  guint32 size = room + 2 - next_random (fixture) % 5;
  guint32 before = next_random (fixture) % 400;

  post_upload (fixture, FTA_UPLOAD_IMAGE, bytes, size);
  post_data (fixture, bytes, size - before, before + 1 + next_random (fixture) % 100);
}

/* A valid image, or one with a few fields changed and its checksum repaired. */
static void
upload_image (Fixture *fixture)
{
  static _Alignas(FRT_ALIGNMENT) guint8 image[8192];
  const guint32 covered = offsetof (struct frt_image_header, packing);
  struct frt_image_header *header = (void *)image;
  gsize size = tiny_image (image, sizeof image, 1 + next_random (fixture) % 30,
                           1 + next_random (fixture) % 2048);

  for (guint i = next_random (fixture) % 2; i > 0; i--)
    {
      guint32 value = any_number (fixture), width = 1 + next_random (fixture) % 4;
      gsize at = sizeof *header + next_random (fixture) % (size - sizeof *header);

      memcpy (image + at, &value, MIN (width, size - at));
    }
  header->checksum = frt_crc32 (0, image + covered, size - covered);
  upload (fixture, FTA_UPLOAD_IMAGE, image, (guint32)size);
}

static void
say (Fixture *fixture, guint8 type)
{
  guint8 payload[700];
  gsize size = next_random (fixture) % 40;

  for (gsize i = 0; i + 4 <= sizeof payload; i += 4)
    fta_put_le32 (payload + i, any_number (fixture));
  if (type == FTA_BEGIN)
    {
      payload[0] = (guint8)(next_random (fixture) % 3);
      size = FTA_BEGIN_SIZE;
    }
  if (type == FTA_DATA)
    size = next_random (fixture) % sizeof payload;
  if (type == FTA_FETCH)
    size = FTA_FETCH_SIZE;
  if (type == FTA_RUN)
    {
      fta_put_le16 (payload + 4, (guint16)(next_random (fixture) % 3));
      fta_put_le16 (payload + 6, (guint16)(next_random (fixture) % 4));
      fta_put_le16 (payload + 8, (guint16)(next_random (fixture) % 17));
      size = FTA_RUN_SIZE;
    }
  post (fixture, type, payload, size);
}

static void
say_anything (Fixture *fixture)
{
  say (fixture, (guint8)(next_random (fixture) % 12));
}

/* What a desktop does, with numbers of any size. */
static void
work (Fixture *fixture)
{
  say_hello (fixture);
  upload_image (fixture);
  for (int i = 0; i < 4; i++)
    {
      say (fixture, FTA_RUN);
      say (fixture, FTA_FETCH);
    }
}

static guint
number_of_commands (void)
{
  const char *chosen = g_getenv ("FETTLE_COMMANDS");

  return chosen != NULL ? (guint)strtoul (chosen, NULL, 10) : 20000;
}

/* What it writes outside of its memory ends the test; that it goes on to work is shown by DONE. */
static void
test_anything (Fixture *fixture, gconstpointer data)
{
  guint n_done = 0, n_commands = number_of_commands ();
  guint8 input[2048];

  memset (input, 3, sizeof input);
  for (guint i = 0; i < n_commands; i++)
    {
      guint choice = next_random (fixture) % 16;

      if (choice == 0)
        say_hello (fixture);
      else if (choice == 1)
        work (fixture);
      else if (choice == 2)
        upload (fixture, FTA_UPLOAD_INPUT, input, 1 + next_random (fixture) % 2048);
      else if (choice == 3)
        overrun (fixture);
      else if (choice < 9)
        say (fixture, FTA_RUN);
      else if (choice == 9)
        say (fixture, FTA_FETCH);
      else
        say_anything (fixture);
      if (next_random (fixture) % 4 == 0)
        serve (fixture);
      n_done += fixture->agent.has_output;
      g_byte_array_set_size (fixture->from_agent, 0);
    }
  serve (fixture);
  g_assert_cmpuint (n_done, >, n_commands / 1000);
}

/* --- a desktop whose frames are damaged --- */

static void
append_noise (Fixture *fixture)
{
  guint8 bytes[300];
  gsize size = next_random (fixture) % sizeof bytes;

  for (gsize i = 0; i < size; i++)
    bytes[i] = (guint8)next_random (fixture);
  /* Every second time it looks like the beginning of a frame. */
  if (next_random (fixture) % 2 == 0 && size > 12)
    memcpy (bytes, "FTLA\1\5\0\0", 8);
  g_byte_array_append (fixture->to_agent, bytes, (guint)size);
}

static void
cut_end (Fixture *fixture)
{
  guint have = fixture->to_agent->len;

  if (have > 0)
    g_byte_array_set_size (fixture->to_agent,
                           have - next_random (fixture) % MIN (have, 40));
}

static void
repeat_some (Fixture *fixture)
{
  g_autofree guint8 *copy = NULL;
  guint have = fixture->to_agent->len;
  guint from = have > 0 ? next_random (fixture) % have : 0;

  if (have == 0)
    return;
  copy = g_memdup2 (fixture->to_agent->data + from, have - from);
  g_byte_array_append (fixture->to_agent, copy, have - from);
}

/* What was said last comes first. */
static void
reorder (Fixture *fixture)
{
  GByteArray *all = fixture->to_agent;
  guint middle = all->len > 0 ? next_random (fixture) % all->len : 0;
  g_autofree guint8 *first = middle > 0 ? g_memdup2 (all->data, middle) : NULL;

  if (middle == 0)
    return;
  g_byte_array_remove_range (all, 0, middle);
  g_byte_array_append (all, first, middle);
}

static gboolean
was_answered (Fixture *fixture, guint type)
{
  guint8 buffer[8192];
  fta_parser parser;
  fta_frame frame;
  bool complete = true, found = false;
  gsize at = 0;

  fta_parser_init (&parser, buffer, sizeof buffer);
  while (complete)
    {
      at += fta_parser_feed (&parser, fixture->from_agent->data + at,
                             fixture->from_agent->len - at, &frame, &complete);
      found = found || (complete && frame.type == type);
    }
  /* What it says is whole, whatever it hears. */
  g_assert_cmpuint (parser.damaged + parser.oversize, ==, 0);
  return found;
}

/* After each damage it answers HELLO: at once, or when what looked like the beginning of a long frame is
 * over, which is no longer than the longest frame. */
static void
test_damage (Fixture *fixture, gconstpointer data)
{
  void (*const damages[]) (Fixture *) = { append_noise, cut_end, repeat_some, reorder };
  guint n_rounds = number_of_commands () / 40;

  for (guint i = 0; i < n_rounds; i++)
    {
      guint n_asked = 0;

      say_hello (fixture);
      upload_image (fixture);
      for (guint k = 0; k < 4; k++)
        {
          say_anything (fixture);
          damages[next_random (fixture) % G_N_ELEMENTS (damages)](fixture);
        }
      serve (fixture);
      g_byte_array_set_size (fixture->from_agent, 0);
      do
        {
          say_hello (fixture);
          serve (fixture);
          n_asked++;
        }
      while (!was_answered (fixture, FTA_HELLO | FTA_FRAME_REPLY)
             && n_asked * (FTA_HELLO_SIZE + FTA_FRAME_OVERHEAD) < 2 * RECEIVE);
      g_assert_true (was_answered (fixture, FTA_HELLO | FTA_FRAME_REPLY));
      g_byte_array_set_size (fixture->from_agent, 0);
    }
}

#define ADD(name, function)                                                              \
  g_test_add ("/agent/safety/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("anything", test_anything);
  ADD ("damage", test_damage);
  return g_test_run ();
}
