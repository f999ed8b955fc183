/* SPDX-License-Identifier: GPL-3.0-or-later */
/* number-format.c: numbers as people read them, in the locale's notation. */
#include "widgets/number-format.h"

#include <math.h>
#include <string.h>

#define MINUS                 "\u2212"
#define NO_BREAK_SPACE        "\u00a0"
#define NARROW_NO_BREAK_SPACE "\u202f"
#define DASH                  "\u2013"

/* Three significant digits of a magnitude below 1000; "1000" never appears, because the caller has
 * rounded to three digits before it chose the prefix. */
static char *
format_digits (double value)
{
  const char *sign = value < 0 ? MINUS : "";
  double magnitude = fabs (value);
  int decimals = magnitude < 9.995 ? 2 : magnitude < 99.95 ? 1 : 0;

  return g_strdup_printf ("%s%.*f", sign, decimals, magnitude);
}

char *
fettle_format_count (gint64 count)
{
  /* Not the locale's own grouping: it is missing in the C locale, and a comma or a point there
   * reads as a decimal sign to half of the world. */
  g_autofree char *digits = g_strdup_printf ("%" G_GINT64_FORMAT, count);
  const char *first = digits + (count < 0);
  gsize length = strlen (first);
  GString *out = g_string_new (count < 0 ? MINUS : NULL);

  for (gsize i = 0; i < length; i++)
    {
      if (i > 0 && (length - i) % 3 == 0)
        g_string_append (out, NARROW_NO_BREAK_SPACE);
      g_string_append_c (out, first[i]);
    }
  return g_string_free (out, FALSE);
}

char *
fettle_format_count_short (double count)
{
  static const char *const prefixes[] = { "", "k", "M", "G", "T", "P" };
  double scaled = count;
  guint prefix = 0;
  g_autofree char *digits = NULL;

  if (!isfinite (count))
    return g_strdup (DASH);
  if (fabs (count) < 1000 && count == floor (count))
    return fettle_format_count ((gint64)count);
  while (fabs (scaled) >= 999.5 && prefix < G_N_ELEMENTS (prefixes) - 1)
    {
      scaled /= 1000;
      prefix++;
    }
  digits = format_digits (scaled);
  if (prefix == 0)
    return g_steal_pointer (&digits);
  return g_strconcat (digits, NO_BREAK_SPACE, prefixes[prefix], NULL);
}

char *
fettle_format_bytes (double bytes)
{
  static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB" };
  double scaled = bytes;
  guint unit = 0;
  g_autofree char *digits = NULL;

  if (!isfinite (bytes))
    return g_strdup (DASH);
  if (fabs (bytes) < 1023.5)
    return g_strdup_printf ("%s%.0f" NO_BREAK_SPACE "B", bytes <= -0.5 ? MINUS : "",
                            fabs (bytes));
  while (fabs (scaled) >= 1023.5 && unit < G_N_ELEMENTS (units) - 1)
    {
      scaled /= 1024;
      unit++;
    }
  digits = format_digits (scaled);
  return g_strconcat (digits, NO_BREAK_SPACE, units[unit], NULL);
}

/* One digit after the point; never "−0.0". */
static char *
format_tenths (double value, const char *unit)
{
  double tenths = round (value * 10) / 10;

  if (!isfinite (value))
    return g_strdup (DASH);
  return g_strdup_printf ("%s%.1f" NO_BREAK_SPACE "%s", tenths < 0 ? MINUS : "",
                          fabs (tenths), unit);
}

char *
fettle_format_decibel (double decibel)
{
  return format_tenths (decibel, "dB");
}

char *
fettle_format_percent (double fraction)
{
  return format_tenths (fraction * 100, "%");
}

char *
fettle_format_real (double value)
{
  g_autofree char *digits = NULL;

  if (!isfinite (value))
    return g_strdup (DASH);
  if (value != 0 && fabs (value) >= 1e6)
    return g_strdup_printf ("%s%.2e", value < 0 ? MINUS : "", fabs (value));
  digits = g_strdup_printf ("%.3g", fabs (value));
  /* From a thousand on %g would write a power of ten. */
  if (fabs (value) >= 999.5)
    {
      g_free (digits);
      digits = g_strdup_printf ("%.0f", fabs (value));
    }
  return g_strconcat (value < 0 ? MINUS : "", digits, NULL);
}

char *
fettle_format_number (FettleNumberFormat format, double value)
{
  switch (format)
    {
    case FETTLE_NUMBER_COUNT:
      return fettle_format_count_short (value);
    case FETTLE_NUMBER_BYTES:
      return fettle_format_bytes (value);
    case FETTLE_NUMBER_DECIBEL:
      return fettle_format_decibel (value);
    case FETTLE_NUMBER_PERCENT:
      return fettle_format_percent (value);
    case FETTLE_NUMBER_REAL:
      return fettle_format_real (value);
    default:
      g_return_val_if_reached (g_strdup (DASH));
    }
}

/* "1.50 M" to "1.5 M", "20.0 %" to "20 %". The decimal sign is the locale's. */
static char *
drop_trailing_zeros (const char *number)
{
  gsize start = strcspn (number, ".,");
  gsize stop = start + strspn (number + start, ".,0123456789");
  gsize end = stop;

  while (end > start && number[end - 1] == '0')
    end--;
  if (end == start + 1)
    end = start;
  return g_strdup_printf ("%.*s%s", (int)end, number, number + stop);
}

char *
fettle_format_tick (FettleNumberFormat format, double value)
{
  g_autofree char *number = NULL;

  if (format == FETTLE_NUMBER_DECIBEL)
    number = fettle_format_count_short (value);
  else if (format == FETTLE_NUMBER_REAL)
    return fettle_format_real (value);
  else if (format == FETTLE_NUMBER_PERCENT && value != 0 && fabs (value) < 0.001)
    number = g_strdup_printf ("%.3g" NO_BREAK_SPACE "%%", 100 * value);
  else
    number = fettle_format_number (format, value);
  return drop_trailing_zeros (number);
}
