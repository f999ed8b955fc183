/* SPDX-License-Identifier: GPL-3.0-or-later */
/* series.h: numbers that come one after the other, with the range of any stretch of them at hand. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _FettleSeries FettleSeries;

FettleSeries *fettle_series_new (void);
void fettle_series_free (FettleSeries *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleSeries, fettle_series_free)

/* Constant time on average. */
void fettle_series_append (FettleSeries *self, double value);
void fettle_series_clear (FettleSeries *self);

guint64 fettle_series_get_n (const FettleSeries *self);
double fettle_series_get (const FettleSeries *self, guint64 index);

/* The least and the greatest of the values from FIRST to END - 1; FALSE if there is none. Takes logarithmic
 * time: a tree of sixteens keeps the ranges of all whole stretches. */
gboolean fettle_series_get_range (const FettleSeries *self, guint64 first, guint64 end,
                                  double *minimum, double *maximum);

G_END_DECLS
