/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-histogram.c: what a histogram holds does not depend on how values came; ranges from it. */
#include "tuner/histogram.h"

#include <math.h>
#include <string.h>

#define N_VALUES    20000
#define N_QUANTILES 400000

/* Sizes from 1e-20 to 1e20 in no order, so that bins grow often, and both signs. */
static float *
make_wild (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (11);
  float *values = g_new (float, N_VALUES);

  for (gsize i = 0; i < N_VALUES; i++)
    values[i] = (float)(g_rand_double_range (random, -1.0, 1.0)
                        * pow (10.0, g_rand_double_range (random, -20.0, 20.0)));
  return values;
}

static float *
make_normal (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (12);
  float *values = g_new (float, N_VALUES);

  for (gsize i = 0; i < N_VALUES; i++)
    {
      double sum = -6.0;

      for (guint k = 0; k < 12; k++)
        sum += g_rand_double (random);
      values[i] = (float)sum;
    }
  return values;
}

static float *
make_even (void)
{
  float *values = g_new (float, N_VALUES);

  for (gsize i = 0; i < N_VALUES; i++)
    values[i] = (float)i / (N_VALUES - 1);
  return values;
}

static void
test_order (void)
{
  g_autofree float *values = make_wild ();
  g_autofree FettleHistogram *whole = g_new0 (FettleHistogram, 1);
  const gsize parts[] = { 1, 7, 500, N_VALUES / 2 };

  fettle_histogram_add (whole, values, N_VALUES);
  g_assert_cmpuint (whole->n_values, ==, N_VALUES);
  for (gsize p = 0; p < G_N_ELEMENTS (parts); p++)
    {
      g_autofree FettleHistogram *halves = g_new0 (FettleHistogram, 2);

      /* Backwards, by turns into two histograms, which are merged then. */
      for (gsize end = N_VALUES, turn = 0; end > 0; turn++)
        {
          gsize n = MIN (parts[p], end);

          end -= n;
          fettle_histogram_add (&halves[turn % 2], values + end, n);
        }
      fettle_histogram_merge (&halves[1], &halves[0]);
      g_assert_cmpmem (&halves[1], sizeof *halves, whole, sizeof *whole);
    }
}

static void
test_counts (void)
{
  const float values[] = { 0.0f, -1.0f, 1.0f, 0.5f, NAN, INFINITY, 0.5f };
  g_autofree FettleHistogram *histogram = g_new0 (FettleHistogram, 1);
  guint64 n = 0;

  fettle_histogram_add (histogram, values, G_N_ELEMENTS (values));
  for (guint i = 0; i < FETTLE_HISTOGRAM_N_BINS; i++)
    n += histogram->counts[i];
  g_assert_cmpuint (n, ==, 5);
  g_assert_cmpuint (histogram->n_values, ==, 5);
  g_assert_cmpint (histogram->exponent, ==,
                   -9); /* 1025 bins; 2049 would be one too many */
  g_assert_cmpuint (histogram->counts[256], ==, 2);
}

/* The share left out is at most the one asked for, and not much less. */
static void
test_percentile (void)
{
  g_autofree float *values = make_normal ();
  g_autofree FettleHistogram *histogram = g_new0 (FettleHistogram, 1);

  fettle_histogram_add (histogram, values, N_VALUES);
  for (double outliers = 0.001; outliers < 0.2; outliers *= 2.0)
    {
      FettleRange range = fettle_histogram_find_percentile (histogram, outliers);
      gsize n = 0;

      for (gsize i = 0; i < N_VALUES; i++)
        n += values[i] < range.minimum || values[i] > range.maximum;
      g_assert_cmpuint (n, <=, (gsize)(outliers * N_VALUES));
      g_assert_cmpfloat ((double)n, >=, 0.5 * outliers * N_VALUES);
    }
}

static void
test_percentile_of_nothing (void)
{
  g_autofree float *values = make_normal ();
  g_autofree FettleHistogram *histogram = g_new0 (FettleHistogram, 1);
  FettleRange range;

  fettle_histogram_add (histogram, values, N_VALUES);
  range = fettle_histogram_find_percentile (histogram, 0.0);
  g_assert_cmpfloat (range.minimum, ==, histogram->minimum);
  g_assert_cmpfloat (range.maximum, ==, histogram->maximum);
}

/* The error of int8 over VALUES themselves. */
static double
measure_error (const float *values, FettleRange range)
{
  double scale = ((double)range.maximum - (double)range.minimum) / 255.0;
  double zero_point = round (-128.0 - (double)range.minimum / scale);
  double error = 0.0;

  for (gsize i = 0; i < N_VALUES; i++)
    {
      double steps = round ((double)values[i] / scale) + zero_point;
      double difference =
          (CLAMP (steps, -128.0, 127.0) - zero_point) * scale - (double)values[i];

      error += difference * difference;
    }
  return error;
}

/* Of 400,000 values, one beyond the others: clipping it costs less than the finer steps gain, on the
 * values themselves as in the histogram. */
static void
test_least_error (void)
{
  g_autofree float *values = make_even ();
  g_autofree FettleHistogram *histogram = g_new0 (FettleHistogram, 1);
  const float outlier = 1.5f;
  FettleRange range, full = { 0.0f, outlier };
  double clipped;

  for (guint i = 0; i < 20; i++)
    fettle_histogram_add (histogram, values, N_VALUES);
  fettle_histogram_add (histogram, &outlier, 1);
  range = fettle_histogram_find_least_error (histogram);
  g_assert_cmpfloat (range.minimum, ==, 0.0f);
  g_assert_cmpfloat (range.maximum, >, 0.97f);
  g_assert_cmpfloat (range.maximum, <, 1.1f);
  clipped = (double)outlier - (double)range.maximum;
  g_assert_cmpfloat (20.0 * measure_error (values, range) + clipped * clipped, <,
                     20.0 * measure_error (values, full));
}

/* Evenly spread values leave nothing to clip. */
static void
test_least_error_of_even (void)
{
  g_autofree float *values = make_even ();
  g_autofree FettleHistogram *histogram = g_new0 (FettleHistogram, 1);
  FettleRange range;

  fettle_histogram_add (histogram, values, N_VALUES);
  range = fettle_histogram_find_least_error (histogram);
  g_assert_cmpfloat (range.minimum, ==, 0.0f);
  g_assert_cmpfloat (range.maximum, >, 0.97f);
}

/* N_QUANTILES values of the exponential distribution, evenly spread over its probabilities, times SIGN. */
static void
add_exponential (FettleHistogram *histogram, float sign)
{
  g_autofree float *values = g_new (float, N_QUANTILES);

  for (gsize i = 0; i < N_QUANTILES; i++)
    values[i] = sign * (float)-log ((i + 0.5) / N_QUANTILES);
  fettle_histogram_add (histogram, values, N_QUANTILES);
}

/* The error of rounding, step^2 / 12, and that of clipping at A, 2 exp (-A), are least together where
 * A exp (A) = 12 * 2^16 for one sign, and 3 * 2^16 for a range of twice the width. */
static void
test_octav_of_exponential (void)
{
  g_autofree FettleHistogram *histogram = g_new0 (FettleHistogram, 1);
  FettleRange range;

  add_exponential (histogram, 1.0f);
  range = fettle_histogram_find_octav (histogram);
  g_assert_cmpfloat ((double)range.minimum, <, 1e-3);
  g_assert_cmpfloat_with_epsilon ((double)range.maximum, 11.162294, 0.15);

  add_exponential (histogram, -1.0f);
  range = fettle_histogram_find_octav (histogram);
  g_assert_cmpfloat_with_epsilon ((double)range.maximum, 9.896760, 0.1);
  g_assert_cmpfloat_with_epsilon ((double)range.minimum, -9.896760, 0.1);
}

/* The same balance for values from 0 to 1: (1 - A)^2 / 2 = A * 2^-16 / 12. */
static void
test_octav_of_even (void)
{
  g_autofree float *values = make_even ();
  g_autofree FettleHistogram *histogram = g_new0 (FettleHistogram, 1);
  FettleRange range;

  fettle_histogram_add (histogram, values, N_VALUES);
  range = fettle_histogram_find_octav (histogram);
  g_assert_cmpfloat (range.minimum, ==, 0.0f);
  g_assert_cmpfloat_with_epsilon ((double)range.maximum, 0.9984, 1e-3);
}

/* It clips what the search over a grid clips: no worse than 2 % on values with a long tail. */
static void
test_octav_beside_grid (void)
{
  g_autofree float *values = make_normal ();
  g_autofree FettleHistogram *histogram = g_new0 (FettleHistogram, 1);
  FettleRange full, octav, grid;

  for (gsize i = 0; i < N_VALUES; i++)
    values[i] = values[i] * values[i] * values[i];
  fettle_histogram_add (histogram, values, N_VALUES);
  full = (FettleRange){ histogram->minimum, histogram->maximum };
  octav = fettle_histogram_find_octav (histogram);
  grid = fettle_histogram_find_least_error (histogram);
  g_assert_cmpfloat (octav.maximum, <, full.maximum);
  g_assert_cmpfloat (measure_error (values, octav), <, measure_error (values, full));
  g_assert_cmpfloat (measure_error (values, octav), <,
                     1.02 * measure_error (values, grid));
}

static void
test_octav_of_one_value (void)
{
  const float zero = 0.0f, one = 1.0f;
  g_autofree FettleHistogram *zeros = g_new0 (FettleHistogram, 1);
  g_autofree FettleHistogram *ones = g_new0 (FettleHistogram, 1);

  fettle_histogram_add (zeros, &zero, 1);
  g_assert_cmpfloat (fettle_histogram_find_octav (zeros).maximum, ==, 0.0f);
  fettle_histogram_add (ones, &one, 1);
  g_assert_cmpfloat_with_epsilon ((double)fettle_histogram_find_octav (ones).maximum, 1.0,
                                  1e-3);
}

/* 128 bins on either side of 0, by turns high and low, and one value far away: with as many levels as bins nothing is
 * lost but that value's place. */
static void
test_divergence (void)
{
  g_autofree FettleHistogram *histogram = g_new0 (FettleHistogram, 1);
  const float outlier = 1500.5f;
  FettleRange range;

  for (guint i = 0; i < 128; i++)
    for (guint k = 0; k < (i % 2 == 0 ? 1000 : 10); k++)
      {
        const float values[] = { (float)i + 0.5f, -(float)i - 0.5f };

        fettle_histogram_add (histogram, values, 2);
      }
  fettle_histogram_add (histogram, &outlier, 1);
  g_assert_cmpint (histogram->exponent, ==, 0);
  range = fettle_histogram_find_least_divergence (histogram);
  g_assert_cmpfloat (range.maximum, ==, 128.0f);
  g_assert_cmpfloat (range.minimum, ==, -127.5f);
}

/* Evenly spread values diverge from their levels nowhere, and one value is one bin. */
static void
test_divergence_of_even (void)
{
  const float far = 1000.0f;
  g_autofree FettleHistogram *histogram = g_new0 (FettleHistogram, 1);
  g_autofree FettleHistogram *single = g_new0 (FettleHistogram, 1);

  for (guint i = 0; i < 2048; i++)
    {
      const float value = ((float)i + 0.5f) / 2048.0f;

      fettle_histogram_add (histogram, &value, 1);
    }
  g_assert_cmpfloat (fettle_histogram_find_least_divergence (histogram).maximum, ==,
                     histogram->maximum);
  fettle_histogram_add (single, &far, 1);
  g_assert_cmpfloat (fettle_histogram_find_least_divergence (single).maximum, ==, far);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tuner/histogram/order", test_order);
  g_test_add_func ("/tuner/histogram/counts", test_counts);
  g_test_add_func ("/tuner/histogram/percentile", test_percentile);
  g_test_add_func ("/tuner/histogram/percentile-of-nothing", test_percentile_of_nothing);
  g_test_add_func ("/tuner/histogram/least-error", test_least_error);
  g_test_add_func ("/tuner/histogram/least-error-of-even", test_least_error_of_even);
  g_test_add_func ("/tuner/histogram/octav-exponential", test_octav_of_exponential);
  g_test_add_func ("/tuner/histogram/octav-even", test_octav_of_even);
  g_test_add_func ("/tuner/histogram/octav-beside-grid", test_octav_beside_grid);
  g_test_add_func ("/tuner/histogram/octav-one-value", test_octav_of_one_value);
  g_test_add_func ("/tuner/histogram/divergence", test_divergence);
  g_test_add_func ("/tuner/histogram/divergence-even", test_divergence_of_even);
  return g_test_run ();
}
