/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wrap-run.c: linked into the agent's firmware with --wrap=frt_image_run, runs each inference once as the agent
 * wants it and once without its observer, as two regions for count-instructions.c. */
#include "frt.h"

#include "mark.h"

#include <string.h>

int __real_frt_image_run (const frt_image *image, void *arena, size_t arena_size,
                          const frt_observer *observer);
int __wrap_frt_image_run (const frt_image *image, void *arena, size_t arena_size,
                          const frt_observer *observer);

#define INPUT_MOST 65536

/* An inference may use the memory of its inputs for something else. */
static void
copy_inputs (const frt_image *image, void *arena, int back)
{
  static uint8_t saved[INPUT_MOST];
  size_t at = 0;

  for (uint32_t i = 0; i < frt_image_input_count (image); i++)
    {
      uint8_t *input = frt_image_input (image, arena, i);
      size_t size = frt_image_input_size (image, i);

      if (size > sizeof saved - at)
        return;
      memcpy (back ? input : saved + at, back ? saved + at : input, size);
      at += size;
    }
}

int
__wrap_frt_image_run (const frt_image *image, void *arena, size_t arena_size,
                      const frt_observer *observer)
{
  int status;

  copy_inputs (image, arena, 0);
  REGION_BEGIN;
  __real_frt_image_run (image, arena, arena_size, NULL);
  REGION_END;
  copy_inputs (image, arena, 1);
  REGION_BEGIN;
  status = __real_frt_image_run (image, arena, arena_size, observer);
  REGION_END;
  return status;
}
