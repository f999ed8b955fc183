/* SPDX-License-Identifier: GPL-3.0-or-later */
/* driver.c: feeds a fuzz target with its seeds, every truncation of them at 64-byte steps, and a fixed
 * sequence of mutations. FUZZ_ITERATIONS sets how many (default 20000); FUZZ_SEED where they start. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CAPACITY (1u << 20)

static uint32_t state;

static uint32_t
next_random (void)
{
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

/* A copy of exactly SIZE bytes, so that AddressSanitizer sees a read of one byte more. */
static void
feed (const uint8_t *bytes, size_t size)
{
  uint8_t *copy = malloc (size ? size : 1);

  if (copy == NULL)
    abort ();
  memcpy (copy, bytes, size);
  LLVMFuzzerTestOneInput (copy, size);
  free (copy);
}

static size_t
mutate (uint8_t *bytes, size_t size)
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
      memmove (bytes + at, bytes + next_random () % size, 1);
      break;
    default:
      return at ? at : 1;
    }
  return size;
}

int
main (void)
{
  const char *iterations_text = getenv ("FUZZ_ITERATIONS");
  const char *seed_text = getenv ("FUZZ_SEED");
  unsigned long iterations =
      iterations_text ? strtoul (iterations_text, NULL, 10) : 20000;
  uint8_t *seed = malloc (CAPACITY), *work = malloc (CAPACITY);
  unsigned n_seeds = 0;
  size_t size;

  if (seed == NULL || work == NULL)
    abort ();
  state = seed_text ? (uint32_t)strtoul (seed_text, NULL, 10) | 1u : 0x5EED0001u;
  while ((size = fuzz_seed (n_seeds, seed, CAPACITY)) > 0)
    {
      feed (seed, size);
      for (size_t cut = 0; cut < size; cut += 64)
        feed (seed, cut);
      n_seeds++;
    }
  if (n_seeds == 0)
    {
      fputs ("The fuzz target has no seed.\n", stderr);
      return 1;
    }
  for (unsigned long i = 0; i < iterations; i++)
    {
      unsigned mutations = 1 + next_random () % 8;

      size = fuzz_seed ((unsigned)(i % n_seeds), work, CAPACITY);
      while (mutations-- > 0 && size > 0)
        size = mutate (work, size);
      feed (work, size);
    }
  printf ("%u seeds, %lu mutations\n", n_seeds, iterations);
  free (seed);
  free (work);
  return 0;
}
