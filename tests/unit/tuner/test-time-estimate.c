/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-time-estimate.c: how long work will still take. The clock is made up. */
#include "config.h"
#include "tuner/time-estimate.h"

#define SECOND G_USEC_PER_SEC
#define START  (1000 * (gint64)SECOND)

static void
assert_left (const FettleTimeEstimate *estimate, const char *expected)
{
  g_autofree char *text = fettle_time_estimate_format (estimate);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_steady (void)
{
  FettleTimeEstimate estimate = { 0 };

  assert_left (&estimate, NULL);
  for (guint i = 0; i <= 20; i++)
    {
      fettle_time_estimate_update (&estimate, i / 20.0, START + i * SECOND);
      if (i == 0)
        assert_left (&estimate, NULL);
      else
        g_assert_cmpfloat_with_epsilon (estimate.seconds_left, 20.0 - i, 1e-9);
    }
  assert_left (&estimate, "about 1 s left");
}

/* Soon after the start, or if hardly anything is done, nothing can be said. */
static void
test_silence (void)
{
  FettleTimeEstimate estimate = { 0 };

  fettle_time_estimate_update (&estimate, 0.0, START);
  fettle_time_estimate_update (&estimate, 0.5, START + SECOND / 10);
  assert_left (&estimate, NULL);
  estimate = (FettleTimeEstimate){ 0 };
  fettle_time_estimate_update (&estimate, 0.0, START);
  fettle_time_estimate_update (&estimate, 0.001, START + 5 * SECOND);
  assert_left (&estimate, NULL);
}

/* A jump of what is measured moves what is said little by little, and it gets there. */
static void
test_smoothing (void)
{
  FettleTimeEstimate estimate = { 0 };

  fettle_time_estimate_update (&estimate, 0.0, START);
  fettle_time_estimate_update (&estimate, 0.1, START + 10 * SECOND);
  g_assert_cmpfloat_with_epsilon (estimate.seconds_left, 90.0, 1e-9);
  /* Half of all at once, then at the same mean speed. */
  fettle_time_estimate_update (&estimate, 0.6, START + 11 * SECOND);
  g_assert_cmpfloat (estimate.seconds_left, <, 60.0);
  g_assert_cmpfloat (estimate.seconds_left, >, 11.0 * 0.4 / 0.6);
  for (guint i = 1; i <= 60; i++)
    fettle_time_estimate_update (&estimate, 0.6 * (1.0 + i / 110.0),
                                 START + 11 * SECOND + i * SECOND / 10);
  g_assert_cmpfloat_with_epsilon (estimate.seconds_left, 11.0 / 0.6 - 17.0, 3.0);
}

/* Work that begins again, such as the comparison after tuning, begins a new estimate. */
static void
test_new_work (void)
{
  FettleTimeEstimate estimate = { 0 };

  fettle_time_estimate_update (&estimate, 0.0, START);
  fettle_time_estimate_update (&estimate, 0.9, START + 9 * SECOND);
  fettle_time_estimate_update (&estimate, 0.0, START + 10 * SECOND);
  assert_left (&estimate, NULL);
  fettle_time_estimate_update (&estimate, 0.5, START + 11 * SECOND);
  assert_left (&estimate, "about 1 s left");
}

static void
test_format (void)
{
  static const struct
  {
    double seconds;
    const char *text;
  } cases[] = { { 0.0, "about 1 s left" },     { 4.2, "about 5 s left" },
                { 43.0, "about 45 s left" },   { 84.0, "about 90 s left" },
                { 125.0, "about 2 min left" }, { 590.0, "about 10 min left" },
                { 7000.0, "about 2 h left" },  { 1e9, "about 278 h left" } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const FettleTimeEstimate estimate = { .start = 1,
                                            .seconds_left = cases[i].seconds };

      assert_left (&estimate, cases[i].text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/time-estimate/steady", test_steady);
  g_test_add_func ("/time-estimate/silence", test_silence);
  g_test_add_func ("/time-estimate/smoothing", test_smoothing);
  g_test_add_func ("/time-estimate/new-work", test_new_work);
  g_test_add_func ("/time-estimate/format", test_format);
  return g_test_run ();
}
