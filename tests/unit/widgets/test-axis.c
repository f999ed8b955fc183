/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-axis.c: choice of ticks, and where values go. */
#include "widgets/axis.h"

#include <math.h>

static void
test_decimal_ticks (void)
{
  FettleAxis axis;

  fettle_axis_init_linear (&axis, 0, 2476238, 6, FETTLE_NUMBER_COUNT);
  g_assert_cmpuint (axis.n_ticks, ==, 6);
  g_assert_cmpfloat (axis.minimum, ==, 0);
  g_assert_cmpfloat (axis.maximum, ==, 2500000);
  g_assert_cmpfloat (axis.ticks[1], ==, 500000);
}

static void
test_ticks_cover_and_fit (void)
{
  for (double high = 0.003; high < 1e12; high *= 1.7)
    for (guint max_ticks = 2; max_ticks <= 9; max_ticks++)
      {
        FettleAxis axis;

        fettle_axis_init_linear (&axis, 0, high, max_ticks, FETTLE_NUMBER_COUNT);
        g_assert_cmpuint (axis.n_ticks, >=, 2);
        g_assert_cmpuint (axis.n_ticks, <=, max_ticks);
        g_assert_cmpfloat (axis.maximum * (1 + 1e-9), >=, high);
        g_assert_cmpfloat (fabs (axis.ticks[axis.n_ticks - 1] / axis.maximum - 1), <,
                           1e-9);
      }
}

static void
test_binary_ticks (void)
{
  FettleAxis axis;

  fettle_axis_init_linear (&axis, 0, 40960, 7, FETTLE_NUMBER_BYTES);
  g_assert_cmpfloat (axis.ticks[1], ==, 8192);
  g_assert_cmpfloat (axis.maximum, ==, 40960);
}

static void
test_below_zero (void)
{
  FettleAxis axis;

  fettle_axis_init_linear (&axis, -7, 33, 6, FETTLE_NUMBER_DECIBEL);
  g_assert_cmpfloat (axis.minimum, ==, -10);
  g_assert_cmpfloat (axis.maximum, ==, 40);
  g_assert_cmpfloat (fettle_axis_normalize (&axis, 0), ==, 0.2);
}

/* Nothing known yet, all zero, or not even numbers: an axis all the same. */
static void
test_no_range (void)
{
  const double lows[] = { INFINITY, 0, NAN, 5 };
  const double highs[] = { -INFINITY, 0, NAN, 5 };

  for (guint i = 0; i < G_N_ELEMENTS (lows); i++)
    {
      FettleAxis axis;

      fettle_axis_init_linear (&axis, lows[i], highs[i], 5, FETTLE_NUMBER_COUNT);
      g_assert_cmpfloat (axis.minimum, <, axis.maximum);
      fettle_axis_init_log (&axis, lows[i], highs[i], 5);
      g_assert_cmpfloat (axis.minimum, >, 0);
      g_assert_cmpfloat (axis.minimum, <, axis.maximum);
    }
}

static void
test_log (void)
{
  FettleAxis axis;

  fettle_axis_init_log (&axis, 100, 1e8, 8);
  g_assert_cmpfloat (axis.minimum, ==, 10);
  g_assert_cmpfloat (axis.maximum, ==, 1e8);
  g_assert_cmpuint (axis.n_ticks, ==, 8);
  g_assert_cmpfloat (fabs (fettle_axis_normalize (&axis, 1e4) - 3.0 / 7), <, 1e-12);
  g_assert_cmpfloat (fettle_axis_normalize (&axis, 0), ==, 0);
  g_assert_cmpfloat (fettle_axis_normalize (&axis, -3), ==, 0);
  g_assert_cmpfloat (fettle_axis_normalize (&axis, 1e12), ==, 1);

  fettle_axis_init_log (&axis, 1, 1e12, 4);
  g_assert_cmpuint (axis.n_ticks, <=, 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/widgets/axis/decimal-ticks", test_decimal_ticks);
  g_test_add_func ("/widgets/axis/ticks-cover-and-fit", test_ticks_cover_and_fit);
  g_test_add_func ("/widgets/axis/binary-ticks", test_binary_ticks);
  g_test_add_func ("/widgets/axis/below-zero", test_below_zero);
  g_test_add_func ("/widgets/axis/no-range", test_no_range);
  g_test_add_func ("/widgets/axis/log", test_log);
  return g_test_run ();
}
