/* SPDX-License-Identifier: GPL-3.0-or-later */
/* histogram.c: how often values occur, in memory that does not grow. */
#include "config.h"
#include "tuner/histogram.h"
#include "tuner/quantize-activations.h"

#include <math.h>
#include <string.h>

/* Finer bins than this no float needs. */
#define SMALLEST_EXPONENT (-160)

/* Bins are counted from 0; beyond this many, finer ones would tell nothing. */
#define FARTHEST_BIN 0x1p40

#define GRID_STEPS 40
#define GRID_STEP  0.02

static guint64 *
count_of (FettleHistogram *histogram, gint64 bin)
{
  return &histogram->counts[(guint64)bin % FETTLE_HISTOGRAM_N_BINS];
}

guint64
fettle_histogram_get_count (const FettleHistogram *histogram, gint64 bin)
{
  return histogram->counts[(guint64)bin % FETTLE_HISTOGRAM_N_BINS];
}

static gint64
divide_down (gint64 value, gint64 divisor)
{
  return value >= 0 ? value / divisor : -((divisor - 1 - value) / divisor);
}

static gboolean
fits (double minimum, double maximum, int exponent)
{
  double first = floor (ldexp (minimum, -exponent));
  double last = floor (ldexp (maximum, -exponent));

  return last - first < FETTLE_HISTOGRAM_N_BINS && first > -FARTHEST_BIN
         && last < FARTHEST_BIN;
}

static void
set_exponent (FettleHistogram *histogram, int exponent)
{
  /* Twice as far as the farthest bin, all are in bin 0 or -1. */
  int shift = MIN (exponent - histogram->exponent, 41);
  FettleHistogram old = *histogram;

  histogram->exponent = exponent;
  if (shift == 0 || old.n_values == 0)
    return;
  memset (histogram->counts, 0, sizeof histogram->counts);
  for (gint64 bin = old.first; bin <= old.last; bin++)
    *count_of (histogram, divide_down (bin, G_GINT64_CONSTANT (1) << shift)) +=
        fettle_histogram_get_count (&old, bin);
  histogram->first = divide_down (old.first, G_GINT64_CONSTANT (1) << shift);
  histogram->last = divide_down (old.last, G_GINT64_CONSTANT (1) << shift);
}

/* Makes room for MINIMUM and MAXIMUM in bins of at least 2^EXPONENT. */
static void
widen (FettleHistogram *histogram, float minimum, float maximum, int exponent)
{
  if (histogram->n_values == 0)
    {
      histogram->minimum = minimum;
      histogram->maximum = maximum;
      histogram->exponent = exponent;
    }
  histogram->minimum = MIN (histogram->minimum, minimum);
  histogram->maximum = MAX (histogram->maximum, maximum);
  exponent = MAX (exponent, histogram->exponent);
  while (!fits ((double)histogram->minimum, (double)histogram->maximum, exponent))
    exponent++;
  set_exponent (histogram, exponent);
  histogram->first = (gint64)floor (ldexp ((double)histogram->minimum, -exponent));
  histogram->last = (gint64)floor (ldexp ((double)histogram->maximum, -exponent));
}

void
fettle_histogram_add (FettleHistogram *histogram, const float *values, gsize n)
{
  float minimum = INFINITY, maximum = -INFINITY;
  double bins_per_unit;

  for (gsize i = 0; i < n; i++)
    if (isfinite (values[i]))
      {
        minimum = MIN (minimum, values[i]);
        maximum = MAX (maximum, values[i]);
      }
  if (minimum > maximum)
    return;
  widen (histogram, minimum, maximum, SMALLEST_EXPONENT);
  bins_per_unit = ldexp (1.0, -histogram->exponent);
  for (gsize i = 0; i < n; i++)
    if (isfinite (values[i]))
      {
        ++*count_of (histogram, (gint64)floor ((double)values[i] * bins_per_unit));
        histogram->n_values++;
      }
}

void
fettle_histogram_merge (FettleHistogram *histogram, const FettleHistogram *other)
{
  FettleHistogram coarse = *other;

  if (other->n_values == 0)
    return;
  widen (histogram, other->minimum, other->maximum, other->exponent);
  set_exponent (&coarse, histogram->exponent);
  for (gint64 bin = coarse.first; bin <= coarse.last; bin++)
    *count_of (histogram, bin) += fettle_histogram_get_count (&coarse, bin);
  histogram->n_values += other->n_values;
}

FettleRange
fettle_histogram_find_percentile (const FettleHistogram *histogram, double outliers)
{
  double limit = (double)histogram->n_values * outliers / 2.0;
  FettleRange range = { histogram->minimum, histogram->maximum };
  gint64 first = histogram->first, last = histogram->last;
  guint64 below = fettle_histogram_get_count (histogram, first),
          above = fettle_histogram_get_count (histogram, last);

  while (first < last && (double)below <= limit)
    below += fettle_histogram_get_count (histogram, ++first);
  while (last > first && (double)above <= limit)
    above += fettle_histogram_get_count (histogram, --last);
  range.minimum = MAX (range.minimum, (float)ldexp ((double)first, histogram->exponent));
  range.maximum =
      MIN (range.maximum, (float)ldexp ((double)(last + 1), histogram->exponent));
  return range;
}

/* Of all values together, not of their mean. */
static double
find_error (const FettleHistogram *histogram, double minimum, double maximum)
{
  FettleActivationParameters parameters = { .minimum = minimum,
                                            .maximum = maximum,
                                            .form = { .type = FETTLE_TYPE_INT8 } };
  double width = ldexp (1.0, histogram->exponent);
  double error = 0.0;

  fettle_activation_parameters_fit (&parameters, 0.0);
  for (gint64 bin = histogram->first; bin <= histogram->last; bin++)
    {
      guint64 count = fettle_histogram_get_count (histogram, bin);
      double value = ((double)bin + 0.5) * width;
      double steps =
          value / (double)parameters.form.scale + (double)parameters.form.zero_point;
      double difference;

      if (count == 0)
        continue;
      steps = CLAMP (floor (steps + 0.5), G_MININT8, G_MAXINT8);
      difference =
          value
          - (steps - (double)parameters.form.zero_point) * (double)parameters.form.scale;
      error += (double)count * difference * difference;
    }
  return error;
}

FettleRange
fettle_histogram_find_least_error (const FettleHistogram *histogram)
{
  FettleRange range = { histogram->minimum, histogram->maximum };
  double minimum = MIN (0.0, (double)histogram->minimum);
  double maximum = MAX (0.0, (double)histogram->maximum);
  double least = INFINITY;

  /* From the full range on, so that of equal errors the widest range wins. */
  for (guint i = 0; i <= (minimum < 0.0 ? GRID_STEPS : 0); i++)
    for (guint k = 0; k <= (maximum > 0.0 ? GRID_STEPS : 0); k++)
      {
        double low = minimum * (1.0 - GRID_STEP * i);
        double high = maximum * (1.0 - GRID_STEP * k);
        double error = find_error (histogram, low, high);

        if (error < least)
          {
            least = error;
            range.minimum = (float)low;
            range.maximum = (float)high;
          }
      }
  return range;
}
