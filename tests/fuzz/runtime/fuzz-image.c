/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz-image.c: opens any bytes as an image and runs what is accepted. */
#include "fuzz.h"
#include "tests/fuzz/runtime/bounded-run.h"
#include "tests/fuzz/runtime/image-seeds.h"

#include <stdlib.h>
#include <string.h>

size_t
fuzz_seed (unsigned index, uint8_t *buffer, size_t capacity)
{
  const uint8_t *bytes;
  size_t size;

  if (index >= image_seeds_count ())
    return 0;
  bytes = image_seeds_get (index, &size);
  if (size > capacity)
    abort ();
  memcpy (buffer, bytes, size);
  return size;
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  void *copy; /* exactly SIZE bytes, aligned */
  frt_image image;

  if (posix_memalign (&copy, FRT_ALIGNMENT, size > 0 ? size : 1) != 0)
    abort ();
  if (size > 0)
    memcpy (copy, bytes, size);
  if (frt_image_open (&image, copy, size, frt_all_kernels, frt_all_kernels_count)
      == FRT_OK)
    bounded_run (&image);
  else if (image.fault_offset >= size && size >= sizeof (struct frt_image_header))
    abort (); /* A refusal says where. */
  free (copy);
  return 0;
}
