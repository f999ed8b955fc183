/* SPDX-License-Identifier: GPL-3.0-or-later */
/* series.h: statistics of any number of durations in memory that does not grow with them.
 *
 * The first FETTLE_SERIES_EXACT values are kept. What follows is counted in buckets, 256 to each power of
 * two, as an HDR histogram has them: minimum, maximum and number stay exact, and the median is a value
 * that was measured and lies at most 1/256 from the exact one. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FETTLE_SERIES_EXACT 1024

typedef struct _FettleSeries FettleSeries;

FettleSeries *fettle_series_new (void);
void fettle_series_free (FettleSeries *series);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleSeries, fettle_series_free)

void fettle_series_add (FettleSeries *series, guint64 value);

/* 0 without any values. */
guint64 fettle_series_get_n (const FettleSeries *series);
guint64 fettle_series_get_minimum (const FettleSeries *series);
guint64 fettle_series_get_maximum (const FettleSeries *series);
guint64 fettle_series_get_latest (const FettleSeries *series);
/* Of an even number of values the lower of the two in the middle. */
guint64 fettle_series_get_median (const FettleSeries *series);
/* The value below which SHARE, 0 to 1, of the values lies: 0 is the minimum, 0.5 the median, 1 the maximum. */
guint64 fettle_series_get_quantile (const FettleSeries *series, double share);

G_END_DECLS
