/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bounded-run.c: executes an image that may be hostile, if that is little work. */
#include "tests/fuzz/runtime/bounded-run.h"
#include "runtime/access.h"

#include <stdlib.h>
#include <string.h>

#define MOST_ARENA (1u << 13)
#define MOST_WORK  (1u << 18)

/* At most so many steps: a kernel looks at each element of its input for each of its output. */
static uint64_t
estimate_work (const frt_image *image)
{
  uint64_t work = 0;

  for (uint32_t i = 0; i < frt_image_layer_count (image); i++)
    {
      const struct frt_operator *operator_ = &image->operators[i];
      uint64_t inputs = 0, outputs = 0;

      for (uint32_t k = 0; k < operator_->input_count; k++)
        inputs += (uint64_t)frt_element_count (frt_input_tensor (image, operator_, k));
      for (uint32_t k = 0; k < operator_->output_count; k++)
        outputs += (uint64_t)frt_element_count (frt_output_tensor (image, operator_, k));
      work += inputs * outputs;
    }
  return work;
}

/* Bytes that depend on the image, so that a run can be repeated; among them NaN and infinities. */
static void
fill_arena (const frt_image *image, uint8_t *arena, size_t size)
{
  uint32_t state = image->header->checksum | 1;

  for (size_t i = 0; i + sizeof state <= size; i += sizeof state)
    {
      state ^= state << 13;
      state ^= state >> 17;
      state ^= state << 5;
      memcpy (arena + i, &state, sizeof state);
      if (state >> 28 == 0)
        memset (arena + i, 0xFF, sizeof state);
    }
}

bool
bounded_work (const frt_image *image, uint64_t most)
{
  return estimate_work (image) <= most;
}

bool
bounded_run (const frt_image *image)
{
  const size_t size = frt_image_arena_size (image);
  void *arena;

  if (size > MOST_ARENA || !bounded_work (image, MOST_WORK))
    return false;
  if (posix_memalign (&arena, FRT_ALIGNMENT, size > 0 ? size : 1) != 0)
    abort ();
  fill_arena (image, arena, size);
  frt_image_reset (image, arena);
  for (int i = 0; i < 2; i++)
    if (frt_image_run (image, arena, size, NULL) != FRT_OK)
      abort ();
  free (arena);
  return true;
}
