/* SPDX-License-Identifier: GPL-3.0-or-later */
/* random.c: random numbers for tests of the runtime, the same in every run. */
#include "random.h"

#include <glib.h>

static uint32_t state = 0x5EED0001u;

void
random_seed (uint32_t seed)
{
  state = seed != 0 ? seed : 1;
}

int
property_cases (int fallback)
{
  const char *wanted = g_getenv ("FETTLE_PROPERTY_CASES");

  if (wanted != NULL)
    return (int)g_ascii_strtoll (wanted, NULL, 10);
#if defined(__SANITIZE_ADDRESS__)
  return MAX (fallback / 50, 1);
#else
  return fallback;
#endif
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
