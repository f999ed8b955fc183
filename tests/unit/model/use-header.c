/* SPDX-License-Identifier: GPL-3.0-or-later */
/* use-header.c: an application of an exported header, in the common part of C and C++. */
#include "tiny_model.h"

#ifdef HOSTED
#include <stdio.h>
#endif

TINY_MODEL_ARENA (arena);
TINY_MODEL_CHECK_ARENA (arena);

int
main (void)
{
  frt_image model;
  uint32_t crc = 0;

  if (tiny_model_open (&model) != FRT_OK)
    return 1;
  if (tiny_model_golden_run (&model, arena, sizeof arena, &crc) != FRT_OK)
    return 2;
#ifdef HOSTED
  for (size_t i = 0; i < TINY_MODEL_OUTPUT_0_SIZE; i++)
    printf ("%02x", ((const uint8_t *)frt_image_output (&model, arena, 0))[i]);
  printf ("\n");
#endif
  return crc == TINY_MODEL_GOLDEN_CRC32 ? 0 : 3;
}
