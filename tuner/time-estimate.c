/* SPDX-License-Identifier: GPL-3.0-or-later */
/* time-estimate.c: how long work will still take, from how far it is. */
#include "config.h"
#include "tuner/time-estimate.h"

#include <glib/gi18n.h>
#include <math.h>

/* The first moments say little: threads start, files are read. */
#define LEAST_ELAPSED  0.5
#define LEAST_FRACTION 0.01
/* Seconds after which a new speed has mostly taken the place of an old one. */
#define SMOOTHING 2.0

void
fettle_time_estimate_update (FettleTimeEstimate *estimate, double fraction, gint64 now)
{
  double elapsed, passed, measured, share;

  g_return_if_fail (estimate != NULL);

  if (estimate->start == 0 || fraction < estimate->fraction)
    *estimate = (FettleTimeEstimate){ .start = now, .last = now, .seconds_left = -1.0 };
  elapsed = (double)(now - estimate->start) / G_USEC_PER_SEC;
  passed = (double)(now - estimate->last) / G_USEC_PER_SEC;
  estimate->fraction = fraction;
  estimate->last = now;
  if (elapsed < LEAST_ELAPSED || fraction < LEAST_FRACTION)
    return;
  measured = elapsed * (1.0 - fraction) / fraction;
  if (estimate->seconds_left < 0.0)
    {
      estimate->seconds_left = measured;
      return;
    }
  /* What was said before counts down by itself and drifts to what is measured now. */
  share = 1.0 - exp (-passed / SMOOTHING);
  estimate->seconds_left = MAX (estimate->seconds_left - passed, 0.0);
  estimate->seconds_left += share * (measured - estimate->seconds_left);
}

/* Up to 10 exact, then in steps of about a tenth. */
static guint
round_coarsely (double value)
{
  static const guint steps[] = { 1, 5, 10, 60, 300, 600 };
  guint step = 1;

  for (gsize i = 0; i < G_N_ELEMENTS (steps) && steps[i] * 8.0 <= value; i++)
    step = steps[i];
  return (guint)(ceil (value / step) * step);
}

char *
fettle_time_estimate_format (const FettleTimeEstimate *estimate)
{
  guint seconds;

  g_return_val_if_fail (estimate != NULL, NULL);

  if (estimate->start == 0 || estimate->seconds_left < 0.0)
    return NULL;
  seconds = round_coarsely (MIN (estimate->seconds_left, 1e6));
  if (seconds < 2)
    return g_strdup (_ ("about 1 s left"));
  if (seconds < 120)
    return g_strdup_printf (_ ("about %u s left"), seconds);
  if (seconds < 2 * 3600)
    return g_strdup_printf (_ ("about %u min left"), (seconds + 30) / 60);
  return g_strdup_printf (_ ("about %u h left"), (seconds + 1800) / 3600);
}
