/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-series.c: ranges of any stretch of a series, against looking at all its values; and how they are drawn. */
#include "widgets/line-plot-render.h"
#include "widgets/series.h"

#include <math.h>
#include <string.h>

static void
check_range (const FettleSeries *series, guint64 first, guint64 end)
{
  double least = INFINITY, greatest = -INFINITY, minimum, maximum;

  for (guint64 i = first; i < end; i++)
    {
      least = MIN (least, fettle_series_get (series, i));
      greatest = MAX (greatest, fettle_series_get (series, i));
    }
  g_assert_true (fettle_series_get_range (series, first, end, &minimum, &maximum));
  g_assert_cmpfloat (minimum, ==, least);
  g_assert_cmpfloat (maximum, ==, greatest);
}

/* Every length up to some hundred, and random stretches of a long series. */
static void
test_ranges (void)
{
  g_autoptr (FettleSeries) series = fettle_series_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);

  for (guint n = 1; n <= 20000; n++)
    {
      fettle_series_append (series, g_rand_double_range (rand, -1, 1));
      if (n <= 600 || n % 997 == 0)
        {
          guint64 first = (guint64)g_rand_int_range (rand, 0, (gint32)n);

          check_range (series, 0, n);
          check_range (series, first,
                       (guint64)g_rand_int_range (rand, (gint32)first, (gint32)n) + 1);
        }
    }
  g_assert_cmpuint (fettle_series_get_n (series), ==, 20000);
}

static void
test_empty (void)
{
  g_autoptr (FettleSeries) series = fettle_series_new ();
  double minimum, maximum;

  g_assert_false (fettle_series_get_range (series, 0, 10, &minimum, &maximum));
  fettle_series_append (series, 3);
  g_assert_false (fettle_series_get_range (series, 1, 1, &minimum, &maximum));
  g_assert_true (fettle_series_get_range (series, 0, 100, &minimum, &maximum));
  g_assert_cmpfloat (maximum, ==, 3);
  fettle_series_clear (series);
  g_assert_cmpuint (fettle_series_get_n (series), ==, 0);
}

/* One value among a hundred thousand that sticks out is a column of pixels. */
static void
test_spike_is_seen (void)
{
  const FettleRectangle area = { 0, 0, 200, 100 };
  const FettleColor white = { 1, 1, 1, 1 };
  g_autoptr (FettleSeries) series = fettle_series_new ();
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 200, 100);
  cairo_t *cr = cairo_create (surface);
  const unsigned char *data;
  guint n_columns = 0;

  for (guint i = 0; i < 100000; i++)
    fettle_series_append (series, i == 54321 ? 1 : 0);
  fettle_line_plot_draw (cr, series, 0, 100000, 0, 1, &area, &white);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  data = cairo_image_surface_get_data (surface);
  for (int x = 0; x < 200; x++)
    n_columns += data[50 * cairo_image_surface_get_stride (surface) + x] != 0;
  g_assert_cmpuint (n_columns, >=, 1);
  g_assert_cmpuint (n_columns, <=, 2); /* it rises in one and falls in the next */
  g_assert_cmpuint (
      data[50 * cairo_image_surface_get_stride (surface) + 54321 * 200 / 100000], !=, 0);
  cairo_surface_destroy (surface);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/widgets/series/ranges", test_ranges);
  g_test_add_func ("/widgets/series/empty", test_empty);
  g_test_add_func ("/widgets/series/spike", test_spike_is_seen);
  return g_test_run ();
}
