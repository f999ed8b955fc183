/* SPDX-License-Identifier: GPL-3.0-or-later */
/* main.c: runs the model of an exported header once, with marks for count-instructions.c. */
#include "frt.h"

#include "model.h"
#include "sample.h" /* static const uint8_t sample[]: the bytes of all inputs, or one 0 */

#include "mark.h"
#include "target-agent/boards/mps/semihost.h"
#include "target-agent/boards/mps/startup.h"

#include <string.h>

int main (void);

static _Alignas(FRT_ALIGNMENT) uint8_t arena[MODEL_ARENA_SIZE]
    __attribute__ ((section (".arena")));

/* The board's timer is not used. */
void
startup_systick (void)
{
}

static int
before_layer (void *user, uint32_t layer)
{
  LAYER_BEGIN;
  return 0;
}

static int
after_layer (void *user, uint32_t layer)
{
  LAYER_END;
  return 0;
}

/* Zero points where there is no sample. */
static void
fill_inputs (const frt_image *image)
{
  static const int8_t fill[MODEL_INPUT_COUNT] = { MODEL_INPUT_FILL };
  size_t used = 0;

  for (uint32_t i = 0; i < MODEL_INPUT_COUNT; i++)
    {
      const size_t size = frt_image_input_size (image, i);
      uint8_t *input = frt_image_input (image, arena, i);

      if (used + size <= sizeof sample)
        memcpy (input, sample + used, size);
      else
        memset (input, fill[i], size);
      used += size;
    }
}

int
main (void)
{
  const frt_observer observer = { before_layer, after_layer, NULL };
  frt_image image;
  int status = model_open (&image);

  if (status != FRT_OK)
    {
      semihost_print (frt_status_text (status));
      return 1;
    }
  frt_image_reset (&image, arena);
  fill_inputs (&image);
  REGION_BEGIN;
  status = frt_image_run (&image, arena, sizeof arena, &observer);
  REGION_END;
  return status == FRT_OK ? 0 : 1;
}
