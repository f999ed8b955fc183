/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-preprocessing-text.c: means and deviations as people write them. */
#include "tuner/preprocessing-text.h"

static void
assert_reads (const char *mean, const char *deviation, const char *mean_back,
              const char *deviation_back)
{
  FettlePreprocessing preprocessing = { .scale = 1 };
  g_autofree char *first = NULL, *second = NULL;

  g_assert_true (
      fettle_preprocessing_read_normalization (&preprocessing, mean, deviation));
  first = fettle_preprocessing_format_mean (&preprocessing);
  second = fettle_preprocessing_format_deviation (&preprocessing);
  g_assert_cmpstr (first, ==, mean_back);
  g_assert_cmpstr (second, ==, deviation_back);
}

static void
assert_refuses (const char *mean, const char *deviation)
{
  FettlePreprocessing preprocessing = { .scale = 1, .n_channels = 1, .mean = { 7 } };

  g_assert_false (
      fettle_preprocessing_read_normalization (&preprocessing, mean, deviation));
  g_assert_cmpuint (preprocessing.n_channels, ==, 1);
  g_assert_cmpfloat (preprocessing.mean[0], ==, 7);
}

static void
test_reading (void)
{
  assert_reads ("0.5, 0.25,1", "2,2,4", "0.5,0.25,1", "2,2,4");
  assert_reads ("3", NULL, "3", "1");
  assert_reads ("", "0.1", "0", "0.1");
  assert_reads (NULL, "", "", "");
}

static void
test_refusing (void)
{
  assert_refuses ("1,2", "1,2,3");
  assert_refuses ("1;2", NULL);
  assert_refuses ("1,2,3,4,5", NULL);
  assert_refuses ("1,,2", NULL);
  assert_refuses (NULL, "x");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tuner/preprocessing-text/reading", test_reading);
  g_test_add_func ("/tuner/preprocessing-text/refusing", test_refusing);
  return g_test_run ();
}
