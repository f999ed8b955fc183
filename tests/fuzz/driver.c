/* SPDX-License-Identifier: GPL-3.0-or-later */
/* driver.c: in place of libFuzzer where there is no clang: feeds a fuzz target with its seeds, with every
 * truncation of them at 64-byte steps, and with a fixed sequence of mutations.
 *
 * FUZZ_ITERATIONS sets how many (default 20000); FUZZ_SEED where they start. An input on which the target
 * dies stays behind in a file. With names of files as arguments: these, once, and nothing else. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define CAPACITY (1u << 20)

/* Not every target has one. */
size_t LLVMFuzzerCustomMutator (uint8_t *bytes, size_t size, size_t capacity,
                                unsigned seed) __attribute__ ((weak));

/* The input under test, in memory that outlives the process that runs it. */
struct record
{
  size_t size;
  uint8_t bytes[CAPACITY];
};

static struct record *record;
static uint32_t state;

static uint32_t
next_random (void)
{
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

static void
die (const char *what)
{
  perror (what);
  exit (1);
}

/* A copy of exactly SIZE bytes, so that AddressSanitizer sees a read of one byte more. */
static void
feed (const uint8_t *bytes, size_t size)
{
  uint8_t *copy = malloc (size ? size : 1);

  if (copy == NULL)
    die ("memory");
  memcpy (copy, bytes, size);
  memcpy (record->bytes, bytes, size);
  record->size = size;
  LLVMFuzzerTestOneInput (copy, size);
  free (copy);
}

size_t
LLVMFuzzerMutate (uint8_t *bytes, size_t size, size_t capacity)
{
  static const uint32_t interesting[] = { 0,          1,           0x7F,       0x80,
                                          0xFF,       0x7FFF,      0x8000,     0xFFFF,
                                          0x7FFFFFFF, 0x80000000u, 0xFFFFFFFFu };
  size_t at = next_random () % size;

  switch (next_random () % 6)
    {
    case 0:
      bytes[at] ^= (uint8_t)(1u << (next_random () % 8));
      break;
    case 1:
      bytes[at] = (uint8_t)next_random ();
      break;
    case 2:
      {
        uint32_t value =
            interesting[next_random () % (sizeof interesting / sizeof *interesting)];
        size_t n = size - at < 4 ? size - at : 4;

        memcpy (bytes + at, &value, n);
        break;
      }
    case 3:
      bytes[at] = (uint8_t)(bytes[at] + (next_random () % 3) - 1);
      break;
    case 4:
      bytes[at] = bytes[next_random () % size];
      break;
    default:
      return at ? at : 1;
    }
  return size;
}

static size_t
mutate (uint8_t *bytes, size_t size)
{
  return LLVMFuzzerCustomMutator != NULL
             ? LLVMFuzzerCustomMutator (bytes, size, CAPACITY, next_random ())
             : LLVMFuzzerMutate (bytes, size, CAPACITY);
}

static unsigned
feed_seeds (uint8_t *seed)
{
  unsigned n_seeds = 0;
  size_t size;

  while ((size = fuzz_seed (n_seeds, seed, CAPACITY)) > 0)
    {
      feed (seed, size);
      for (size_t cut = 0; cut < size; cut += 64)
        feed (seed, cut);
      n_seeds++;
    }
  return n_seeds;
}

static int
fuzz (void)
{
  const char *iterations_text = getenv ("FUZZ_ITERATIONS");
  const char *seed_text = getenv ("FUZZ_SEED");
  unsigned long iterations =
      iterations_text ? strtoul (iterations_text, NULL, 10) : 20000;
  uint8_t *work = malloc (CAPACITY);
  unsigned n_seeds;

  if (work == NULL)
    die ("memory");
  state = seed_text ? (uint32_t)strtoul (seed_text, NULL, 10) | 1u : 0x5EED0001u;
  n_seeds = feed_seeds (work);
  if (n_seeds == 0)
    {
      fputs ("The fuzz target has no seed.\n", stderr);
      return 1;
    }
  for (unsigned long i = 0; i < iterations; i++)
    {
      unsigned mutations = 1 + next_random () % 8;
      size_t size = fuzz_seed ((unsigned)(i % n_seeds), work, CAPACITY);

      while (mutations-- > 0 && size > 0)
        size = mutate (work, size);
      feed (work, size);
    }
  printf ("%u seeds, %lu mutations\n", n_seeds, iterations);
  free (work);
  return 0;
}

static void
feed_file (const char *path)
{
  uint8_t *bytes = malloc (CAPACITY);
  FILE *file = fopen (path, "rb");

  if (bytes == NULL || file == NULL)
    die (path);
  feed (bytes, fread (bytes, 1, CAPACITY, file));
  fclose (file);
  free (bytes);
}

static void
keep_record (const char *program)
{
  char path[64];
  FILE *file;

  snprintf (path, sizeof path, "fuzz-crash-%ld", (long)getpid ());
  file = fopen (path, "wb");
  if (file == NULL || fwrite (record->bytes, 1, record->size, file) != record->size
      || fclose (file) != 0)
    die (path);
  fprintf (stderr, "The target died. To repeat it: %s %s\n", program, path);
}

int
main (int argc, char **argv)
{
  int status = 0;
  pid_t child;

  record = mmap (NULL, sizeof *record, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                 -1, 0);
  if (record == MAP_FAILED)
    die ("mmap");
  for (int i = 1; i < argc; i++)
    feed_file (argv[i]);
  if (argc > 1)
    return 0;
  child = fork ();
  if (child < 0)
    die ("fork");
  if (child == 0)
    return fuzz ();
  if (waitpid (child, &status, 0) != child)
    die ("waitpid");
  if (status == 0)
    return 0;
  keep_record (argv[0]);
  return 1;
}
