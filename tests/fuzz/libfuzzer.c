/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libfuzzer.c: what happens before libFuzzer begins: the target's seeds go to the folder that the
 * environment variable FUZZ_SEEDS names, if there is one. */
#include "fuzz.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#define CAPACITY (1u << 20)

int LLVMFuzzerInitialize (int *argc, char ***argv);

static void
write_seed (const char *folder, unsigned index, const uint8_t *bytes, size_t size)
{
  char path[4096];
  FILE *file;

  snprintf (path, sizeof path, "%s/seed-%03u", folder, index);
  file = fopen (path, "wb");
  if (file == NULL || fwrite (bytes, 1, size, file) != size || fclose (file) != 0)
    {
      perror (path);
      exit (1);
    }
}

/* GLib's g_error ends in a trap, for which libFuzzer would not keep the input. */
static void
abort_on_trap (int number)
{
  abort ();
}

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  const char *folder = getenv ("FUZZ_SEEDS");
  uint8_t *seed;
  size_t size;

  signal (SIGTRAP, abort_on_trap);
  if (folder == NULL)
    return 0;
  seed = malloc (CAPACITY);
  if (seed == NULL)
    abort ();
  for (unsigned i = 0; (size = fuzz_seed (i, seed, CAPACITY)) > 0; i++)
    write_seed (folder, i, seed, size);
  free (seed);
  return 0;
}
