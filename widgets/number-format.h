/* SPDX-License-Identifier: GPL-3.0-or-later */
/* number-format.h: numbers as people read them, in the locale's notation. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  FETTLE_NUMBER_COUNT,   /* MACs, cycles, instructions */
  FETTLE_NUMBER_BYTES,   /* IEC: B, KiB, MiB, GiB */
  FETTLE_NUMBER_DECIBEL, /* the value is in dB already */
  FETTLE_NUMBER_PERCENT, /* the value is a fraction: 0.125 is 12.5 % */
  FETTLE_NUMBER_REAL,    /* weights, activations: of any size */
} FettleNumberFormat;

/* All strings are UTF-8 and belong to the caller (g_free). A value that is not finite gives "–". */

/* Every digit, grouped in threes by narrow no-break spaces: "12 345 678". */
char *fettle_format_count (gint64 count);

/* Three significant digits and a prefix: "987", "12.3 k", "4.56 M", "7.89 G". */
char *fettle_format_count_short (double count);

/* Up to 1023 exact, then three significant digits: "640 B", "22.0 KiB", "1.50 MiB". */
char *fettle_format_bytes (double bytes);

/* One digit after the point, a true minus: "38.2 dB", "−3.0 dB". */
char *fettle_format_decibel (double decibel);

/* "12.5 %"; the value is a fraction. */
char *fettle_format_percent (double fraction);

/* Three significant digits, no prefix: "0.00123", "−4.56", "123000"; "1.23e-05" where that would be long. */
char *fettle_format_real (double value);

/* Any of the above but the first. */
char *fettle_format_number (FettleNumberFormat format, double value);

/* A number on an axis: no trailing zeros ("1.5 MiB"), no "dB", which the axis' title says. */
char *fettle_format_tick (FettleNumberFormat format, double value);

G_END_DECLS
