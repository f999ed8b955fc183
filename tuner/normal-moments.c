/* SPDX-License-Identifier: GPL-3.0-or-later */
/* normal-moments.c: mean and variance of a normally distributed value, before and after a clamp.
 *
 * The C library's exp and erf differ in the last bit from machine to machine, and biases are made of this. */
#include "config.h"
#include "tuner/normal-moments.h"

#include <math.h>

#define LN2              0.69314718055994530942
#define ROOT_OF_TWICE_PI 2.50662827463100050242

/* Of its Taylor series around 0, up to ln 2 / 2, what comes after these is below double's last bit. */
#define N_TERMS 15

/* Beyond so many deviations nothing is left. */
#define FARTHEST 30.0

static double
find_exponential (double x)
{
  double n = floor (x / LN2 + 0.5);
  double rest = x - n * LN2, sum = 1.0;

  for (int k = N_TERMS; k > 0; k--)
    sum = 1.0 + rest / k * sum;
  return ldexp (sum, (int)n);
}

static double
find_density (double z)
{
  return fabs (z) < FARTHEST ? find_exponential (-z * z / 2.0) / ROOT_OF_TWICE_PI : 0.0;
}

/* Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.17. */
double
fettle_normal_distribution (double z)
{
  static const double factors[] = { 0.319381530, -0.356563782, 1.781477937, -1.821255978,
                                    1.330274429 };
  double t = 1.0 / (1.0 + 0.2316419 * MIN (fabs (z), FARTHEST)), sum = 0.0;

  for (guint i = G_N_ELEMENTS (factors); i-- > 0;)
    sum = t * (factors[i] + sum);
  sum *= find_density (z);
  return z < 0.0 ? sum : 1.0 - sum;
}

FettleMoments
fettle_normal_clamp (FettleMoments moments, double lower, double upper)
{
  double deviation = sqrt (moments.variance), mean = moments.mean;
  double below, above, within, density_below, density_above, sum, squares;
  gboolean has_lower = isfinite (lower), has_upper = isfinite (upper);

  if (!(deviation > 0.0))
    return (FettleMoments){ CLAMP (mean, lower, upper), 0.0 };
  below = has_lower ? fettle_normal_distribution ((lower - mean) / deviation) : 0.0;
  above = has_upper ? fettle_normal_distribution ((mean - upper) / deviation) : 0.0;
  density_below = has_lower ? find_density ((lower - mean) / deviation) : 0.0;
  density_above = has_upper ? find_density ((upper - mean) / deviation) : 0.0;
  within = 1.0 - below - above;
  sum = mean * within + deviation * (density_below - density_above);
  squares = (mean * mean + moments.variance) * within;
  if (has_lower)
    {
      sum += lower * below;
      squares += lower * lower * below + deviation * (lower + mean) * density_below;
    }
  if (has_upper)
    {
      sum += upper * above;
      squares += upper * upper * above - deviation * (upper + mean) * density_above;
    }
  return (FettleMoments){ sum, MAX (squares - sum * sum, 0.0) };
}
