/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-scatter-layout.c: which points no other one beats, and which one is meant. */
#include "widgets/scatter-chart-layout.h"

#include <math.h>

static void
assert_front (const FettleScatterPoint *points, guint n, const char *wanted)
{
  gboolean on_front[8];

  g_assert_cmpuint (n, <=, G_N_ELEMENTS (on_front));
  fettle_scatter_find_front (points, n, on_front);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (on_front[i], ==, wanted[i] == '+');
}

static void
test_front (void)
{
  const FettleScatterPoint points[] = { { 1, 9, NAN }, { 5, 5, NAN }, { 9, 1, NAN },
                                        { 5, 6, NAN }, { 9, 9, NAN }, { 5, 5, NAN } };
  const FettleScatterPoint timed[] = {
    { 1, 1, 9 }, { 2, 2, 1 }, { 3, 3, 5 }, { 2, 2, NAN }
  };

  /* Equal points do not beat each other. */
  assert_front (points, 6, "+++--+");
  /* The second is slower than none, the third than the second; of the fourth no time is known. */
  assert_front (timed, 4, "++--");
  assert_front (points, 1, "+");
}

static void
test_find (void)
{
  const FettleScatterMetrics metrics = { 16, 40 };
  const FettleScatterPoint points[] = { { 0, 0, NAN }, { 100, 50, NAN } };
  FettleScatterLayout layout;
  FettleAxis axis;
  double x, y;

  fettle_axis_init_linear (&axis, 0, 100, 6, FETTLE_NUMBER_COUNT);
  fettle_scatter_layout_init (&layout, &metrics, &axis, &axis, 600, 300);
  for (guint i = 0; i < 2; i++)
    {
      fettle_scatter_layout_get_place (&layout, &points[i], &x, &y);
      g_assert_cmpint (fettle_scatter_layout_find (&layout, points, 2, x + 3, y, 10), ==,
                       (int)i);
      g_assert_cmpint (fettle_scatter_layout_find (&layout, points, 2, x + 30, y, 10), ==,
                       -1);
    }
  fettle_scatter_layout_get_place (&layout, &points[1], &x, &y);
  g_assert_cmpfloat_with_epsilon (x, layout.plot.x + layout.plot.width, 1e-9);
  g_assert_cmpfloat_with_epsilon (y, layout.plot.y + layout.plot.height / 2, 1e-9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/widgets/scatter-layout/front", test_front);
  g_test_add_func ("/widgets/scatter-layout/find", test_find);
  return g_test_run ();
}
