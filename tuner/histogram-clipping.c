/* SPDX-License-Identifier: GPL-3.0-or-later */
/* histogram-clipping.c: ranges that clip, by entropy and by OCTAV. */
#include "config.h"
#include "tuner/histogram.h"

#include <math.h>

#define LEVELS_PER_SIDE 128

/* --- entropy --- */

/* The natural logarithm of a positive VALUE, to 1e-15 or so. That of the C library may differ in the last
 * digit from one CPU to another, and a recipe must give the same bytes on all. */
static double
find_logarithm (double value)
{
  int exponent;
  double fraction = frexp (value, &exponent);
  double ratio = (fraction - M_SQRT1_2) / (fraction + M_SQRT1_2);
  double square = ratio * ratio, sum = 0.0;

  /* The inverse hyperbolic tangent; |ratio| is at most 0.172. */
  for (int i = 21; i >= 1; i -= 2)
    sum = sum * square + 1.0 / i;
  return 2.0 * ratio * sum + (exponent - 0.5) * M_LN2;
}

/* How often values are as far from 0 as each of so many bins, both signs together. */
typedef struct
{
  double counts[FETTLE_HISTOGRAM_N_BINS];
  guint n;
  double width; /* of a bin */
} Magnitudes;

static guint64
find_distance (gint64 bin)
{
  return (guint64)(bin >= 0 ? bin : -1 - bin);
}

static void
fill_magnitudes (Magnitudes *magnitudes, const FettleHistogram *histogram)
{
  guint64 farthest =
      MAX (find_distance (histogram->first), find_distance (histogram->last));
  int shift = 0;

  while ((farthest >> shift) >= FETTLE_HISTOGRAM_N_BINS)
    shift++;
  magnitudes->n = (guint)(farthest >> shift) + 1;
  magnitudes->width = ldexp (1.0, histogram->exponent + shift);
  for (gint64 bin = histogram->first; bin <= histogram->last; bin++)
    magnitudes->counts[find_distance (bin) >> shift] +=
        (double)fettle_histogram_get_count (histogram, bin);
}

/* The divergence of the first N bins, what lies beyond put into the last of them, from themselves with only
 * LEVELS different heights. Infinite if what is beyond would fall on a height of 0. */
static double
find_divergence (const Magnitudes *magnitudes, guint n, guint levels, double beyond)
{
  double total, inside = 0.0, divergence = 0.0;

  for (guint i = 0; i < n; i++)
    inside += magnitudes->counts[i];
  total = inside + beyond;
  for (guint level = 0; level < levels; level++)
    {
      guint start = level * n / levels, end = (level + 1) * n / levels;
      double sum = 0.0;
      guint n_filled = 0;

      for (guint i = start; i < end; i++)
        {
          sum += magnitudes->counts[i];
          n_filled += magnitudes->counts[i] > 0.0;
        }
      for (guint i = start; i < end; i++)
        {
          double p = magnitudes->counts[i] + (i + 1 == n ? beyond : 0.0);

          if (p <= 0.0)
            continue;
          if (magnitudes->counts[i] <= 0.0)
            return INFINITY;
          divergence += p / total * find_logarithm (p / total * inside * n_filled / sum);
        }
    }
  return divergence;
}

FettleRange
fettle_histogram_find_least_divergence (const FettleHistogram *histogram)
{
  g_autofree Magnitudes *magnitudes = g_new0 (Magnitudes, 1);
  FettleRange range = { histogram->minimum, histogram->maximum };
  guint levels = LEVELS_PER_SIDE, best;
  double least = INFINITY, beyond = 0.0, limit;

  if (histogram->minimum >= 0.0f || histogram->maximum <= 0.0f)
    levels *= 2;
  fill_magnitudes (magnitudes, histogram);
  best = magnitudes->n;
  /* From the full range on, so that of equal divergences the widest range wins. */
  for (guint n = magnitudes->n; n >= levels; n--)
    {
      double divergence = find_divergence (magnitudes, n, levels, beyond);

      if (divergence < least)
        {
          least = divergence;
          best = n;
        }
      beyond += magnitudes->counts[n - 1];
    }
  limit = best * magnitudes->width;
  range.minimum = MAX (range.minimum, (float)-limit);
  range.maximum = MIN (range.maximum, (float)limit);
  return range;
}

/* --- OCTAV --- */

#define MAX_ITERATIONS 100
#define CONVERGED      1e-7

/* The values on one side of a limit. */
typedef struct
{
  double count;
  double sum;
} Side;

static double
get_centre (const FettleHistogram *histogram, gint64 bin)
{
  return ldexp ((double)bin + 0.5, histogram->exponent);
}

/* The values above LIMIT, or below it. */
static Side
collect (const FettleHistogram *histogram, double limit, gboolean is_above)
{
  Side side = { 0.0, 0.0 };

  for (gint64 bin = histogram->first; bin <= histogram->last; bin++)
    {
      double centre = get_centre (histogram, bin);
      double count = (double)fettle_histogram_get_count (histogram, bin);

      if (is_above ? centre > limit : centre < limit)
        {
          side.count += count;
          side.sum += count * centre;
        }
    }
  return side;
}

FettleRange
fettle_histogram_find_octav (const FettleHistogram *histogram)
{
  /* The square of a step of int8 over 12, for a range of 1: what rounding costs each value. */
  const double rounding = 0x1p-16 / 12.0;
  double total = (double)histogram->n_values;
  double minimum = MIN (0.0, (double)histogram->minimum);
  double maximum = MAX (0.0, (double)histogram->maximum);
  Side above = collect (histogram, 0.0, TRUE), below = collect (histogram, 0.0, FALSE);
  double high = above.count > 0.0 ? MIN (above.sum / above.count, maximum) : 0.0;
  double low = below.count > 0.0 ? MAX (below.sum / below.count, minimum) : 0.0;

  for (guint i = 0; i < MAX_ITERATIONS; i++)
    {
      double old_high = high, old_low = low, inside;

      above = collect (histogram, high, TRUE);
      below = collect (histogram, low, FALSE);
      inside = rounding * (total - above.count - below.count);
      if (inside + above.count > 0.0)
        high =
            CLAMP ((above.sum + inside * old_low) / (inside + above.count), 0.0, maximum);
      if (inside + below.count > 0.0)
        low = CLAMP ((below.sum + inside * old_high) / (inside + below.count), minimum,
                     0.0);
      if (fabs (high - old_high) + fabs (low - old_low) <= CONVERGED * (high - low))
        break;
    }
  return (FettleRange){ MAX ((float)low, histogram->minimum),
                        MIN ((float)high, histogram->maximum) };
}
