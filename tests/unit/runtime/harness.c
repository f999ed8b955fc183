/* SPDX-License-Identifier: GPL-3.0-or-later */
/* harness.c: random numbers, and images run between guard bytes. */
#include "harness.h"

#include <glib.h>
#include <string.h>

#define GUARD      64u
#define GUARD_BYTE 0xA5

static uint32_t state = 0x5EED0001u;

int
property_cases (int fallback)
{
  const char *wanted = g_getenv ("FETTLE_PROPERTY_CASES");

  return wanted != NULL ? (int)g_ascii_strtoll (wanted, NULL, 10) : fallback;
}

uint32_t
random_bits (void)
{
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state * 2654435769u;
}

int32_t
random_between (int32_t low, int32_t high)
{
  const uint64_t span = (uint64_t)((int64_t)high - low + 1);

  return (int32_t)(low + (int64_t)((random_bits () * span) >> 32));
}

int
random_once_in (int32_t n)
{
  return random_between (1, n) == 1;
}

void
random_fill_s8 (int8_t *values, size_t n)
{
  const int extreme = random_once_in (6);

  for (size_t i = 0; i < n; i++)
    values[i] = (int8_t)(extreme ? (random_once_in (2) ? INT8_MIN : INT8_MAX)
                                 : random_between (INT8_MIN, INT8_MAX));
}

void
random_fill_f32 (float *values, size_t n)
{
  for (size_t i = 0; i < n; i++)
    values[i] = (float)random_between (-(1 << 24), 1 << 24) / (float)(1 << 23);
}

void
random_multiplier (int32_t *multiplier, int32_t *shift)
{
  /* 2^30 is a power of two: every other result of a small sum is a tie. */
  *multiplier = random_once_in (4)    ? 1 << 30
                : random_once_in (16) ? 0
                : random_once_in (16) ? INT32_MAX
                                      : random_between (1 << 30, INT32_MAX);
  *shift = random_once_in (8) ? random_between (-31, 31) : random_between (-10, 1);
  if (random_once_in (32))
    *shift = -31;
}

void
random_range_s8 (int32_t *minimum, int32_t *maximum)
{
  *minimum = INT8_MIN;
  *maximum = INT8_MAX;
  if (random_once_in (3))
    {
      *minimum = random_between (INT8_MIN, INT8_MAX);
      *maximum = random_between (*minimum, INT8_MAX);
    }
}

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
