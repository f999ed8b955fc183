/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-statistics.c: confidence and significance, against values that Python's whole numbers gave. */
#include "tuner/statistics.h"

#include <math.h>

static void
assert_estimate (FettleEstimate found, double value, double low, double high)
{
  g_assert_cmpfloat_with_epsilon (found.value, value, 1e-12);
  g_assert_cmpfloat_with_epsilon (found.low, low, 1e-12);
  g_assert_cmpfloat_with_epsilon (found.high, high, 1e-12);
}

static void
test_share (void)
{
  assert_estimate (fettle_estimate_share (445, 500), 0.89, 0.8595444295965925,
                   0.9145085848433969);
  assert_estimate (fettle_estimate_share (1, 10), 0.1, 0.017876213095072892,
                   0.40415002679523837);
  assert_estimate (fettle_estimate_share (0, 20), 0.0, 0.0, 0.1611251580528193);
  assert_estimate (fettle_estimate_share (20, 20), 1.0, 0.8388748419471806, 1.0);
  g_assert_cmpfloat (fettle_estimate_share (0, 7).low, ==, 0.0);
  g_assert_cmpfloat (fettle_estimate_share (7, 7).high, ==, 1.0);
}

static void
test_auc (void)
{
  const double positive[] = { 0.9, 0.8, 0.8, 0.4, 0.7, 0.55 };
  const double negative[] = { 0.1, 0.4, 0.35, 0.8, 0.2 };

  /* 25.5 of 30 pairs, ties counting half. */
  assert_estimate (fettle_estimate_auc (positive, 6, negative, 5), 0.85,
                   0.5814221526680234, 1.0);
  assert_estimate (fettle_estimate_auc (negative, 5, positive, 6), 0.15, 0.0,
                   1.0 - 0.5814221526680234);
}

static void
test_auc_at_the_ends (void)
{
  const double high[] = { 3.0, 4.0 }, low[] = { 1.0, 2.0, -1.0 }, same[] = { 1.0, 1.0 };

  assert_estimate (fettle_estimate_auc (high, 2, low, 3), 1.0, 1.0, 1.0);
  assert_estimate (fettle_estimate_auc (low, 3, high, 2), 0.0, 0.0, 0.0);
  assert_estimate (fettle_estimate_auc (same, 2, same, 2), 0.5, 0.5, 0.5);
  assert_estimate (fettle_estimate_auc (high, 1, low, 1), 1.0, 1.0, 1.0);
}

static void
test_mcnemar (void)
{
  g_assert_cmpfloat_with_epsilon (fettle_mcnemar_test (3, 10), 0.09228515625, 1e-12);
  g_assert_cmpfloat_with_epsilon (fettle_mcnemar_test (10, 3), 0.09228515625, 1e-12);
  g_assert_cmpfloat_with_epsilon (fettle_mcnemar_test (0, 6), 0.03125, 1e-12);
  g_assert_cmpfloat_with_epsilon (fettle_mcnemar_test (400, 460), 0.04416954819458901,
                                  1e-10);
  g_assert_cmpfloat_with_epsilon (fettle_mcnemar_test (1000, 1200),
                                  2.1817026407914712e-05, 1e-13);
  g_assert_cmpfloat (fettle_mcnemar_test (0, 0), ==, 1.0);
  g_assert_cmpfloat (fettle_mcnemar_test (5, 5), ==, 1.0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tuner/statistics/share", test_share);
  g_test_add_func ("/tuner/statistics/auc", test_auc);
  g_test_add_func ("/tuner/statistics/auc-at-the-ends", test_auc_at_the_ends);
  g_test_add_func ("/tuner/statistics/mcnemar", test_mcnemar);
  return g_test_run ();
}
