/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-packed-requantize.c: the packed kernels' short requantization against its definition. */
#include "harness.h"
#include "reference.h"
#include "runtime/arch/packed_requantize.h"

#include <glib.h>

#define LARGEST_SHIFT 22
#define N_RANDOM      1000000

static void
try_one (int32_t sum, int32_t multiplier, int shift, int32_t zero_point)
{
  const struct frt_packed_range range = { INT8_MIN, INT8_MAX };
  const struct frt_packed_channel channel = {
    .twice_bias = 0,
    .multiplier = multiplier,
    .rounding = (1 << (shift - 1)) + zero_point * (1 << shift),
    .shift = shift,
  };
  const int8_t expected = reference_narrow (reference_multiply (sum, multiplier, -shift),
                                            zero_point, INT8_MIN, INT8_MAX);

  g_assert_cmpint (frt_packed_requantize (2 * (uint32_t)sum, &channel, range), ==,
                   expected);
}

/* Around every power of two and every multiple of it that decides a tie. */
static void
test_corners (void)
{
  static const int32_t multipliers[] = {
    0, 1 << 30, (1 << 30) + 1, INT32_MAX - 1, INT32_MAX, 1518500250, 1610612736
  };
  static const int32_t zero_points[] = { INT8_MIN, -1, 0, 1, INT8_MAX };

  for (int bit = 0; bit <= 30; bit++)
    for (int32_t near = -3; near <= 3; near++)
      for (int sign = -1; sign <= 1; sign += 2)
        for (size_t m = 0; m < G_N_ELEMENTS (multipliers); m++)
          for (int shift = 1; shift <= LARGEST_SHIFT; shift++)
            for (size_t z = 0; z < G_N_ELEMENTS (zero_points); z++)
              {
                const int32_t magnitude = (bit < 30 ? 1 << bit : (1 << 30) - 4) + near;

                try_one (sign * magnitude, multipliers[m], shift, zero_points[z]);
                try_one (sign * (3 * (magnitude >> 2)), multipliers[m], shift,
                         zero_points[z]);
              }
}

/* Every tie and its neighbours: the sums whose result is next to a step of the output. */
static void
test_steps (void)
{
  for (int shift = 1; shift <= LARGEST_SHIFT; shift++)
    for (int32_t result = -130; result <= 130; result++)
      for (int32_t near = -2; near <= 2; near++)
        {
          /* The multiplier is one half: sum / 2 = (result + 1/2) * 2^shift. */
          const int64_t sum = (int64_t)(2 * result + 1) * (1 << shift) + near;

          if (sum > -(1 << 30) && sum < 1 << 30)
            try_one ((int32_t)sum, 1 << 30, shift, 0);
        }
}

static void
test_random (void)
{
  for (int i = 0; i < N_RANDOM; i++)
    {
      const int width = random_between (1, 30);
      const int32_t sum = random_between (-(1 << width) + 1, (1 << width) - 1);

      try_one (sum, random_between (1 << 30, INT32_MAX),
               random_between (1, LARGEST_SHIFT), random_between (INT8_MIN, INT8_MAX));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/runtime/packed-requantize/corners", test_corners);
  g_test_add_func ("/runtime/packed-requantize/steps", test_steps);
  g_test_add_func ("/runtime/packed-requantize/random", test_random);
  return g_test_run ();
}
