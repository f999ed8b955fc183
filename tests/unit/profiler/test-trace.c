/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-trace.c: statistics of a trace. */
#include "profiler/trace.h"

static void
test_empty (void)
{
  g_autoptr (FettleTrace) trace = fettle_trace_new (2, FETTLE_UNIT_CYCLES, 1);

  g_assert_cmpuint (fettle_trace_get_n_layers (trace), ==, 2);
  g_assert_cmpuint (fettle_trace_get_n_runs (trace), ==, 0);
  g_assert_cmpuint (fettle_trace_get_layer (trace, 1).n, ==, 0);
  g_assert_cmpuint (fettle_trace_get_latest (trace, 0), ==, 0);
}

static void
test_statistics (void)
{
  static const guint64 durations[] = { 50, G_MAXUINT64, 10, 40, 20 };
  g_autoptr (FettleTrace) trace = fettle_trace_new (3, FETTLE_UNIT_INSTRUCTIONS, 40);
  FettleStatistics layer, total;

  for (guint i = 0; i < G_N_ELEMENTS (durations); i++)
    {
      fettle_trace_add (trace, i, 1, durations[i]);
      if (i < 4)
        fettle_trace_add_total (trace, i, 100 + durations[i] / 2);
    }
  layer = fettle_trace_get_layer (trace, 1);
  g_assert_cmpuint (layer.n, ==, 5);
  g_assert_cmpuint (layer.minimum, ==, 10);
  g_assert_cmpuint (layer.median, ==, 40);
  g_assert_cmpuint (layer.maximum, ==, G_MAXUINT64);
  g_assert_cmpuint (fettle_trace_get_latest (trace, 1), ==, 20);
  g_assert_cmpuint (fettle_trace_get_layer (trace, 0).n, ==, 0);
  /* 105, 120, 125, a large one: the lower of the middle two. */
  total = fettle_trace_get_total (trace);
  g_assert_cmpuint (total.median, ==, 120);
  g_assert_cmpuint (fettle_trace_get_n_runs (trace), ==, 4);
  g_assert_cmpfloat (fettle_trace_get_resolution (trace), ==, 40);
}

static void
test_dropped (void)
{
  g_autoptr (FettleTrace) trace = fettle_trace_new (1, FETTLE_UNIT_NANOSECONDS, 1);

  fettle_trace_add_dropped (trace, 3);
  fettle_trace_add_dropped (trace, 4);
  g_assert_cmpuint (fettle_trace_get_dropped (trace), ==, 7);
  g_assert_cmpstr (fettle_unit_get_name (fettle_trace_get_unit (trace)), ==,
                   "nanoseconds");
  g_assert_cmpstr (fettle_unit_get_name (FETTLE_UNIT_CYCLES), ==, "cycles");
  g_assert_cmpstr (fettle_unit_get_name (FETTLE_UNIT_INSTRUCTIONS), ==, "instructions");
}

/* Beyond what is kept value by value. */
static void
test_many (void)
{
  const guint n = 1000000;
  g_autoptr (FettleTrace) trace = fettle_trace_new (2, FETTLE_UNIT_CYCLES, 1);
  FettleStatistics layer;

  for (guint i = 0; i < n; i++)
    {
      /* Every number from 1,000,000 to 1,999,999 once, in another order. */
      fettle_trace_add (trace, i, 0, n + (guint64)i * 7919 % n);
      fettle_trace_add (trace, i, 1, i % 3);
    }
  layer = fettle_trace_get_layer (trace, 0);
  g_assert_cmpuint (layer.n, ==, n);
  g_assert_cmpuint (layer.minimum, ==, n);
  g_assert_cmpuint (layer.maximum, ==, 2 * n - 1);
  g_assert_cmpuint (layer.median, >=, n + n / 2 - n / 256);
  g_assert_cmpuint (layer.median, <=, n + n / 2 + n / 256);
  g_assert_cmpuint (fettle_trace_get_latest (trace, 0), ==,
                    n + (guint64)(n - 1) * 7919 % n);
  layer = fettle_trace_get_layer (trace, 1);
  g_assert_cmpuint (layer.minimum, ==, 0);
  g_assert_cmpuint (layer.median, ==, 1);
  g_assert_cmpuint (layer.maximum, ==, 2);
}

/* The edges of the buckets. */
static void
test_extremes (void)
{
  static const guint64 values[] = { 0, 255, 256, 511, 512, G_MAXUINT64 };
  g_autoptr (FettleTrace) trace =
      fettle_trace_new (G_N_ELEMENTS (values), FETTLE_UNIT_CYCLES, 1);

  for (guint k = 0; k < G_N_ELEMENTS (values); k++)
    {
      for (guint i = 0; i < 5000; i++)
        fettle_trace_add (trace, i, k, values[k]);
      g_assert_cmpuint (fettle_trace_get_layer (trace, k).median, ==, values[k]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trace/empty", test_empty);
  g_test_add_func ("/trace/statistics", test_statistics);
  g_test_add_func ("/trace/dropped", test_dropped);
  g_test_add_func ("/trace/many", test_many);
  g_test_add_func ("/trace/extremes", test_extremes);
  return g_test_run ();
}
