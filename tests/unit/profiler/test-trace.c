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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trace/empty", test_empty);
  g_test_add_func ("/trace/statistics", test_statistics);
  g_test_add_func ("/trace/dropped", test_dropped);
  return g_test_run ();
}
