/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-number-format.c: numbers as people read them. */
#include "widgets/number-format.h"

#include <locale.h>
#include <math.h>

/* Takes TEXT. */
static void
assert_text (char *text, const char *expected)
{
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

static void
test_count (void)
{
  assert_text (fettle_format_count (0), "0");
  assert_text (fettle_format_count (999), "999");
  assert_text (fettle_format_count (1000), "1\u202f000");
  assert_text (fettle_format_count (12345678), "12\u202f345\u202f678");
  assert_text (fettle_format_count (-1234), "\u22121\u202f234");
  assert_text (fettle_format_count (G_MININT64),
               "\u22129\u202f223\u202f372\u202f036\u202f854\u202f775\u202f808");
}

static void
test_count_short (void)
{
  assert_text (fettle_format_count_short (0), "0");
  assert_text (fettle_format_count_short (987), "987");
  assert_text (fettle_format_count_short (0.25), "0.25");
  assert_text (fettle_format_count_short (1000), "1.00\u00a0k");
  assert_text (fettle_format_count_short (12345), "12.3\u00a0k");
  assert_text (fettle_format_count_short (999499), "999\u00a0k");
  assert_text (fettle_format_count_short (999500), "1.00\u00a0M");
  assert_text (fettle_format_count_short (-4560000), "\u22124.56\u00a0M");
  assert_text (fettle_format_count_short (NAN), "\u2013");
  assert_text (fettle_format_count_short (INFINITY), "\u2013");
}

static void
test_bytes (void)
{
  assert_text (fettle_format_bytes (0), "0\u00a0B");
  assert_text (fettle_format_bytes (1023), "1023\u00a0B");
  assert_text (fettle_format_bytes (1024), "1.00\u00a0KiB");
  assert_text (fettle_format_bytes (22528), "22.0\u00a0KiB");
  assert_text (fettle_format_bytes (1023.6 * 1024), "1.00\u00a0MiB");
  assert_text (fettle_format_bytes (1.5 * 1024 * 1024), "1.50\u00a0MiB");
}

static void
test_decibel_and_percent (void)
{
  assert_text (fettle_format_decibel (38.24), "38.2\u00a0dB");
  assert_text (fettle_format_decibel (-3), "\u22123.0\u00a0dB");
  assert_text (fettle_format_decibel (-0.01), "0.0\u00a0dB");
  assert_text (fettle_format_decibel (NAN), "\u2013");
  assert_text (fettle_format_percent (0.125), "12.5\u00a0%");
  assert_text (fettle_format_percent (1), "100.0\u00a0%");
}

static void
test_real (void)
{
  assert_text (fettle_format_real (0), "0");
  assert_text (fettle_format_real (-0.12345), "\u22120.123");
  assert_text (fettle_format_real (0.00123), "0.00123");
  assert_text (fettle_format_real (999.4), "999");
  assert_text (fettle_format_real (123456), "123456");
  assert_text (fettle_format_real (1234567), "1.23e+06");
  assert_text (fettle_format_real (1.234e-7), "1.23e-07");
  assert_text (fettle_format_real (INFINITY), "\u2013");
}

static void
test_tick (void)
{
  assert_text (fettle_format_tick (FETTLE_NUMBER_COUNT, 0), "0");
  assert_text (fettle_format_tick (FETTLE_NUMBER_COUNT, 500000), "500\u00a0k");
  assert_text (fettle_format_tick (FETTLE_NUMBER_COUNT, 1500000), "1.5\u00a0M");
  assert_text (fettle_format_tick (FETTLE_NUMBER_COUNT, 20000000), "20\u00a0M");
  assert_text (fettle_format_tick (FETTLE_NUMBER_BYTES, 8192), "8\u00a0KiB");
  assert_text (fettle_format_tick (FETTLE_NUMBER_DECIBEL, -10), "\u221210");
  assert_text (fettle_format_tick (FETTLE_NUMBER_PERCENT, 0.2), "20\u00a0%");
  assert_text (fettle_format_tick (FETTLE_NUMBER_PERCENT, 0.00001), "0.001\u00a0%");
  assert_text (fettle_format_tick (FETTLE_NUMBER_REAL, -0.5), "\u22120.5");
}

static void
test_locale (void)
{
  if (setlocale (LC_NUMERIC, "de_DE.UTF-8") == NULL)
    {
      g_test_skip ("the locale de_DE.UTF-8 is not installed");
      return;
    }
  assert_text (fettle_format_decibel (38.24), "38,2\u00a0dB");
  assert_text (fettle_format_tick (FETTLE_NUMBER_COUNT, 1500000), "1,5\u00a0M");
  setlocale (LC_NUMERIC, "C");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/widgets/number-format/count", test_count);
  g_test_add_func ("/widgets/number-format/count-short", test_count_short);
  g_test_add_func ("/widgets/number-format/bytes", test_bytes);
  g_test_add_func ("/widgets/number-format/decibel-percent", test_decibel_and_percent);
  g_test_add_func ("/widgets/number-format/real", test_real);
  g_test_add_func ("/widgets/number-format/tick", test_tick);
  g_test_add_func ("/widgets/number-format/locale", test_locale);
  return g_test_run ();
}
