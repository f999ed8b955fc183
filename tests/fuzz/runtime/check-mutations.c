/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check-mutations.c: changes each byte of each image; the image must be refused, or run without touching a byte
 * outside itself and its arena.
 *
 * The image lies in pages that cannot be written, the arena between pages that cannot be touched, at their
 * end or at their beginning in turn. Arguments are .tflite files whose images are tried as well. Of images
 * larger than LARGE, each byte gets one new value instead of five, and every RUN_EACH-th that opens is run. */
#define _GNU_SOURCE
#include "model/lower.h"
#include "model/model-file.h"
#include "tests/fuzz/runtime/bounded-run.h"
#include "tests/fuzz/runtime/image-seeds.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE        4096u
#define MOST_IMAGE  (64u * PAGE)
#define MOST_ARENA  (64u * PAGE)
#define MOST_WORK   (UINT64_C (1) << 30)
#define RUN_EACH    16u
#define LARGE       8192u
#define GUARD_BYTES 64u
#define GUARD_BYTE  0xA5

/* What is tried at the moment, for the signal handler. */
static struct
{
  const char *name;
  size_t at;
  uint8_t value;
} trial;

static struct
{
  unsigned long refused, opened_large, run, too_large;
} tally;

/* The same pages twice: WRITABLE to change them, READABLE between guard pages. */
static uint8_t *writable_image, *readable_image;
static uint8_t *arena_pages; /* MOST_ARENA bytes between guard pages */

static void
report (const char *what)
{
  char text[256];
  int n = snprintf (text, sizeof text, "%s: byte %zu set to 0x%02x: %s\n", trial.name,
                    trial.at, trial.value, what);

  if (write (STDERR_FILENO, text, (size_t)n) != n)
    _exit (2);
  _exit (1);
}

static void
on_signal (int number)
{
  report (number == SIGFPE    ? "the runtime divided by zero"
          : number == SIGALRM ? "the runtime does not come to an end"
                              : "the runtime touched memory that is not its own");
}

static uint8_t *
map (size_t size, int protection, int flags, int file, uint8_t *at)
{
  void *pages = mmap (at, size, protection, flags, file, 0);

  if (pages == MAP_FAILED)
    {
      perror ("mmap");
      exit (1);
    }
  return pages;
}

/* SIZE bytes that belong to FILE, or to none if -1, between two guard pages. */
static uint8_t *
map_guarded (size_t size, int protection, int file)
{
  uint8_t *pages =
      map (size + 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, NULL);

  return map (size, protection,
              MAP_FIXED | (file < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED), file,
              pages + PAGE);
}

static void
prepare (void)
{
  static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGALRM };
  int file = memfd_create ("image", 0);

  if (file < 0 || ftruncate (file, MOST_IMAGE) != 0)
    {
      perror ("memfd_create");
      exit (1);
    }
  writable_image = map (MOST_IMAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, NULL);
  readable_image = map_guarded (MOST_IMAGE, PROT_READ, file);
  arena_pages = map_guarded (MOST_ARENA, PROT_READ | PROT_WRITE, -1);
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
    signal (signals[i], on_signal);
}

/* The bytes of the arena's pages beside the arena, as far as they are near. */
static void
check_guards (const uint8_t *arena, size_t size)
{
  const uint8_t *last = arena_pages + MOST_ARENA;

  for (const uint8_t *at = arena; at > arena_pages && at + GUARD_BYTES > arena; at--)
    if (at[-1] != GUARD_BYTE)
      report ("the runtime wrote in front of its arena");
  for (const uint8_t *at = arena + size; at < last && at < arena + size + GUARD_BYTES;
       at++)
    if (*at != GUARD_BYTE)
      report ("the runtime wrote behind its arena");
}

static void
run (const frt_image *image)
{
  const size_t size = frt_image_arena_size (image);
  const size_t rounded = (size + FRT_ALIGNMENT - 1) / FRT_ALIGNMENT * FRT_ALIGNMENT;
  uint8_t *arena;

  if (rounded + GUARD_BYTES > MOST_ARENA || !bounded_work (image, MOST_WORK))
    {
      tally.too_large++;
      return;
    }
  arena = trial.at % 2 == 0 ? arena_pages + MOST_ARENA - rounded : arena_pages;
  memset (trial.at % 2 == 0 ? arena - GUARD_BYTES : arena, GUARD_BYTE,
          rounded + GUARD_BYTES);
  memset (arena, trial.value, size);
  frt_image_reset (image, arena);
  alarm (10);
  if (frt_image_run (image, arena, size, NULL) != FRT_OK)
    report ("the run failed");
  alarm (0);
  check_guards (arena, size);
  tally.run++;
}

/* The image's last byte lies before a guard page. */
static void
try_image (const uint8_t *bytes, size_t size)
{
  const size_t from = offsetof (struct frt_image_header, packing);
  const size_t place = (MOST_IMAGE - size) / FRT_ALIGNMENT * FRT_ALIGNMENT;
  struct frt_image_header *header = (void *)(writable_image + place);
  frt_image image;

  memcpy (writable_image + place, bytes, size);
  writable_image[place + trial.at] = trial.value;
  if (trial.at >= from && header->size == size)
    header->checksum = frt_crc32 (0, writable_image + place + from, size - from);
  if (frt_image_open (&image, readable_image + place, size, frt_all_kernels,
                      frt_all_kernels_count)
      == FRT_OK)
    {
      if (size <= LARGE || tally.opened_large++ % RUN_EACH == 0)
        run (&image);
    }
  else if (image.fault_offset >= size)
    report ("the refusal names a byte behind the image");
  else
    tally.refused++;
}

static void
change_bytes (const uint8_t *bytes, size_t size, const char *name)
{
  trial.name = name;
  if (size > MOST_IMAGE)
    {
      fprintf (stderr, "%s: %zu bytes are too many\n", name, size);
      exit (1);
    }
  for (trial.at = 0; trial.at < size; trial.at++)
    {
      const uint8_t old = bytes[trial.at];
      const uint8_t values[] = { old ^ 1, old ^ 0x80, 0, 0xFF, (uint8_t)(old * 37 + 11) };
      const size_t n = sizeof values;

      for (size_t i = size > LARGE ? trial.at % n : 0; i<n; i += size> LARGE ? n : 1)
        {
          trial.value = values[i];
          if (trial.value != old)
            try_image (bytes, size);
        }
    }
}

static void
change_model (const char *path)
{
  static const FettleLowerOptions options = { .target = FETTLE_TARGET_CORTEX_M4 };
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleProject) project = fettle_model_file_load (path, &error);
  g_autoptr (FettleLowered) lowered = NULL;
  gsize size;
  gconstpointer bytes;

  if (project != NULL)
    lowered = fettle_lower (project->graph, &options, &error);
  if (lowered == NULL)
    g_error ("%s: %s", path, error->message);
  bytes = g_bytes_get_data (lowered->image, &size);
  change_bytes (bytes, size, path);
}

int
main (int argc, char **argv)
{
  prepare ();
  for (unsigned i = 0; i < image_seeds_count (); i++)
    {
      size_t size;
      const uint8_t *bytes = image_seeds_get (i, &size);

      change_bytes (bytes, size, image_seeds_name (i));
    }
  for (int i = 1; i < argc; i++)
    change_model (argv[i]);
  printf ("%u images and %d models: %lu changes refused, %lu run, %lu too large to run\n",
          image_seeds_count (), argc - 1, tally.refused, tally.run, tally.too_large);
  return tally.run == 0 || tally.refused == 0;
}
