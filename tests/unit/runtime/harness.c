/* SPDX-License-Identifier: GPL-3.0-or-later */
/* harness.c: images run between guard bytes. */
#include "harness.h"

#include <glib.h>
#include <string.h>

#define GUARD      64u
#define GUARD_BYTE 0xA5

static void
check_guard (const uint8_t *guard)
{
  for (size_t i = 0; i < GUARD; i++)
    g_assert_cmphex (guard[i], ==, GUARD_BYTE);
}

void
harness_run (struct image_builder *builder, const void *const *inputs, void *output)
{
  static _Alignas(FRT_ALIGNMENT) uint8_t memory[1u << 18];
  uint8_t *arena = memory + GUARD;
  frt_image image;
  uint32_t checksum;
  size_t arena_size;

  image_builder_finish (builder);
  g_assert_cmpint (frt_image_open (&image, builder->bytes, builder->size, frt_all_kernels,
                                   frt_all_kernels_count),
                   ==, FRT_OK);
  checksum = image.header->checksum;
  arena_size = frt_image_arena_size (&image);
  g_assert_cmpuint (arena_size + 2 * GUARD, <=, sizeof memory);
  memset (memory, GUARD_BYTE, arena_size + 2 * GUARD);
  for (uint32_t i = 0; i < frt_image_input_count (&image); i++)
    memcpy (frt_image_input (&image, arena, i), inputs[i],
            frt_image_input_size (&image, i));
  g_assert_cmpint (frt_image_run (&image, arena, arena_size, NULL), ==, FRT_OK);
  for (uint32_t i = 0; i < frt_image_output_count (&image); i++)
    {
      memcpy (output, frt_image_output (&image, arena, i),
              frt_image_output_size (&image, i));
      output = (uint8_t *)output + frt_image_output_size (&image, i);
    }
  check_guard (memory);
  check_guard (arena + arena_size);
  image_builder_sign (builder->bytes);
  g_assert_cmphex (image.header->checksum, ==, checksum);
}
