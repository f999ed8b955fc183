/* SPDX-License-Identifier: GPL-3.0-or-later */
/* time-estimate.h: how long work will still take, from how far it is. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* All 0 before the first update. */
typedef struct
{
  gint64 start, last; /* of the clock that updates are given, in microseconds */
  double fraction;
  double seconds_left; /* smoothed; negative while nothing can be said */
} FettleTimeEstimate;

/* FRACTION, 0 to 1, is done at time NOW, in microseconds of a clock that never goes back. A fraction that is less than
 * the last one begins new work. */
void fettle_time_estimate_update (FettleTimeEstimate *estimate, double fraction,
                                  gint64 now);

/* "about 12 s left", in steps that do not tremble; NULL while nothing can be said. Free with g_free. */
char *fettle_time_estimate_format (const FettleTimeEstimate *estimate);

G_END_DECLS
