/* SPDX-License-Identifier: GPL-3.0-or-later */
/* value-histogram.c: how often values occur on both sides of quantizing, in bins that both share. */
#include "config.h"
#include "tuner/value-histogram.h"

#include <math.h>

#define MAX_BINS FETTLE_VALUE_HISTOGRAM_MAX_BINS

FettleLevels
fettle_levels_new (const FettleTensor *tensor, guint channel)
{
  const FettleQuantization *quantization = &tensor->quantization;
  guint place = quantization->n_channels > 1 ? channel : 0;
  FettleLevels levels = { .scale = 0.0 };

  switch (tensor->type)
    {
    case FETTLE_TYPE_INT4:
      /* Weights do without the lowest level, so that the range is the same on both sides. */
      levels.first = -7;
      levels.last = 7;
      break;
    case FETTLE_TYPE_INT8:
      levels.first = G_MININT8;
      levels.last = G_MAXINT8;
      break;
    case FETTLE_TYPE_UINT8:
      levels.last = G_MAXUINT8;
      break;
    case FETTLE_TYPE_INT16:
      levels.first = G_MININT16;
      levels.last = G_MAXINT16;
      break;
    default:
      return levels;
    }
  if (quantization->n_channels == 0)
    return levels;
  levels.scale = (double)quantization->scales[place];
  levels.zero_point = quantization->zero_points[place];
  return levels;
}

void
fettle_levels_get_limits (const FettleLevels *levels, double *lowest, double *highest)
{
  *lowest = -INFINITY;
  *highest = INFINITY;
  if (!(levels->scale > 0.0))
    return;
  *lowest = levels->scale * ((double)levels->first - levels->zero_point - 0.5);
  *highest = levels->scale * ((double)levels->last - levels->zero_point + 0.5);
}

void
fettle_value_spread_init (FettleValueSpread *spread, const FettleLevels *levels)
{
  *spread = (FettleValueSpread){ .levels = *levels,
                                 .minimum = { INFINITY, INFINITY },
                                 .maximum = { -INFINITY, -INFINITY } };
  fettle_levels_get_limits (levels, &spread->lowest, &spread->highest);
}

static void
widen (FettleValueSpread *spread, FettleSide side, float minimum, float maximum)
{
  spread->minimum[side] = MIN (spread->minimum[side], minimum);
  spread->maximum[side] = MAX (spread->maximum[side], maximum);
}

void
fettle_value_spread_add (FettleValueSpread *spread, const float *expected,
                         const float *actual, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      widen (spread, FETTLE_SIDE_FLOAT, expected[i], expected[i]);
      widen (spread, FETTLE_SIDE_QUANTIZED, actual[i], actual[i]);
    }
  fettle_error_sums_add (&spread->errors, expected, actual, n, spread->lowest,
                         spread->highest);
}

void
fettle_value_spread_merge (FettleValueSpread *spread, const FettleValueSpread *other)
{
  for (FettleSide side = FETTLE_SIDE_FLOAT; side <= FETTLE_SIDE_QUANTIZED; side++)
    widen (spread, side, other->minimum[side], other->maximum[side]);
  spread->lowest = MIN (spread->lowest, other->lowest);
  spread->highest = MAX (spread->highest, other->highest);
  fettle_error_sums_merge (&spread->errors, &other->errors);
}

/* Bins of equal width from MINIMUM to MAXIMUM. */
static void
divide_range (FettleValueHistogram *histogram, double minimum, double maximum)
{
  if (maximum > minimum)
    {
      histogram->start = minimum;
      histogram->width = (maximum - minimum) / MAX_BINS;
      histogram->n_bins = MAX_BINS;
      return;
    }
  /* All the same: one bin around it. */
  histogram->width = minimum != 0.0 ? fabs (minimum) : 1.0;
  histogram->start = minimum - histogram->width / 2.0;
  histogram->n_bins = 1;
}

/* Bins of so many levels each that they suffice; the zero point begins one. */
static void
divide_levels (FettleValueHistogram *histogram, const FettleLevels *levels,
               double minimum, double maximum)
{
  double first = floor (minimum / levels->scale + 0.5);
  double last = floor (maximum / levels->scale + 0.5);
  double n_levels = MAX (ceil ((last - first + 1.0) / MAX_BINS), 1.0);

  while (floor (last / n_levels) - floor (first / n_levels) >= MAX_BINS)
    n_levels++;
  histogram->width = n_levels * levels->scale;
  histogram->start = (floor (first / n_levels) * n_levels - 0.5) * levels->scale;
  histogram->n_bins = (guint)(floor (last / n_levels) - floor (first / n_levels)) + 1;
}

void
fettle_value_histogram_init (FettleValueHistogram *histogram,
                             const FettleValueSpread *spread)
{
  const FettleLevels *levels = &spread->levels;
  double minimum = (double)MIN (spread->minimum[0], spread->minimum[1]);
  double maximum = (double)MAX (spread->maximum[0], spread->maximum[1]);

  *histogram = (FettleValueHistogram){ .n_bins = 0 };
  if (!isfinite (minimum) || !isfinite (maximum))
    return;
  /* Beyond 2^40 levels a float could not tell one from the next. */
  if (levels->scale > 0.0
      && MAX (fabs (minimum), fabs (maximum)) < ldexp (levels->scale, 40))
    divide_levels (histogram, levels, minimum, maximum);
  else
    divide_range (histogram, minimum, maximum);
}

void
fettle_value_histogram_add (FettleValueHistogram *histogram, FettleSide side, float value)
{
  double bin = floor (((double)value - histogram->start) / histogram->width);

  if (histogram->n_bins == 0)
    return;
  /* What is not a number goes to the first. */
  histogram->counts[side][bin > 0.0 ? (guint)MIN (bin, histogram->n_bins - 1.0) : 0]++;
}
