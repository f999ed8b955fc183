/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bearing.c: a whole application of an exported model: float32 samples in, one class per line out.
 *
 *   fettle-cli tune data/sample/bearing.tflite --calibrate data/sample/bearing_calib_x.npy -o bearing.fettle
 *   fettle-cli export bearing.fettle --header bearing.h --target portable */
#include "bearing.h"

#include <math.h>
#include <stdio.h>

BEARING_ARENA (arena);

static int
classify (const frt_image *model, const float *sample)
{
  int8_t *input = frt_image_input (model, arena, 0);
  const int8_t *scores = frt_image_output (model, arena, 0);
  int best = 0;

  for (unsigned i = 0; i < BEARING_INPUT_0_ELEMENTS; i++)
    input[i] = (int8_t)fminf (
        fmaxf (roundf (sample[i] / BEARING_INPUT_0_SCALE) + BEARING_INPUT_0_ZERO_POINT,
               INT8_MIN),
        INT8_MAX);
  if (frt_image_run (model, arena, sizeof arena, NULL) != FRT_OK)
    return -1;
  for (int i = 1; i < (int)BEARING_OUTPUT_0_ELEMENTS; i++)
    if (scores[i] > scores[best])
      best = i;
  return best;
}

int
main (void)
{
  static float sample[BEARING_INPUT_0_ELEMENTS];
  frt_image model;

  if (bearing_open (&model) != FRT_OK)
    return 1;
  while (fread (sample, sizeof sample, 1, stdin) == 1)
    printf ("%d\n", classify (&model, sample));
  return 0;
}
