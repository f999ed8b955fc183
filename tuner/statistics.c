/* SPDX-License-Identifier: GPL-3.0-or-later */
/* statistics.c: what can be concluded from a limited number of samples. */
#include "config.h"
#include "tuner/statistics.h"

#include <math.h>
#include <string.h>

/* The normal distribution has 95 % of its mass within so many standard deviations. */
#define DEVIATIONS 1.959963984540054

FettleEstimate
fettle_estimate_share (guint correct, guint n)
{
  double share = (double)correct / n;
  double square = DEVIATIONS * DEVIATIONS;
  double centre = (share + square / (2.0 * n)) / (1.0 + square / n);
  double half =
      DEVIATIONS / (1.0 + square / n)
      * sqrt (share * (1.0 - share) / n + square / (4.0 * (double)n * (double)n));

  g_return_val_if_fail (n > 0 && correct <= n, ((FettleEstimate){ 0 }));
  return (FettleEstimate){
    .value = share,
    /* Exactly so at the ends, where rounding would leave a trace. */
    .low = correct == 0 ? 0.0 : centre - half,
    .high = correct == n ? 1.0 : centre + half,
  };
}

static int
compare (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const double *values = user_data;
  double first = values[*(const guint *)a], second = values[*(const guint *)b];

  return (first > second) - (first < second);
}

/* The rank from 1 of each of N values; equal ones share the mean of theirs. Free with g_free. */
static double *
find_midranks (const double *values, guint n)
{
  g_autofree guint *order = g_new (guint, n);
  double *ranks = g_new (double, n);

  for (guint i = 0; i < n; i++)
    order[i] = i;
  g_qsort_with_data (order, (gint)n, sizeof *order, compare, (gpointer)values);
  for (guint i = 0; i < n;)
    {
      guint end = i + 1;

      while (end < n && !(values[order[end]] > values[order[i]]))
        end++;
      for (guint k = i; k < end; k++)
        ranks[order[k]] = 0.5 * (i + 1 + end);
      i = end;
    }
  return ranks;
}

/* The variance over N samples of one side of the share of the other side, N_OTHER samples, that each is
 * above: that share is the difference of its ranks among all and among its own. */
static double
find_variance (const double *values, const double *ranks, guint n, guint n_other,
               double *mean)
{
  g_autofree double *own = find_midranks (values, n);
  double sum = 0.0, squares = 0.0;

  for (guint i = 0; i < n; i++)
    sum += (ranks[i] - own[i]) / n_other;
  *mean = sum / n;
  for (guint i = 0; i < n; i++)
    {
      double difference = (ranks[i] - own[i]) / n_other - *mean;

      squares += difference * difference;
    }
  return n > 1 ? squares / (n - 1) : 0.0;
}

FettleEstimate
fettle_estimate_auc (const double *positive, guint n_positive, const double *negative,
                     guint n_negative)
{
  guint n = n_positive + n_negative;
  g_autofree double *all = g_new (double, n);
  g_autofree double *ranks = NULL;
  double auc, below, variance, half;

  g_return_val_if_fail (n_positive > 0 && n_negative > 0, ((FettleEstimate){ 0 }));

  memcpy (all, positive, n_positive * sizeof *all);
  memcpy (all + n_positive, negative, n_negative * sizeof *all);
  ranks = find_midranks (all, n);
  variance = find_variance (positive, ranks, n_positive, n_negative, &auc) / n_positive;
  variance += find_variance (negative, ranks + n_positive, n_negative, n_positive, &below)
              / n_negative;
  half = DEVIATIONS * sqrt (variance);
  return (FettleEstimate){ .value = auc,
                           .low = MAX (auc - half, 0.0),
                           .high = MIN (auc + half, 1.0) };
}

double
fettle_mcnemar_test (guint first_only, guint second_only)
{
  guint n = first_only + second_only, fewer = MIN (first_only, second_only);
  double tail = 0.0;

  /* The binomial distribution of N tosses of a fair coin, by logarithms: its terms get very small. */
  for (guint i = 0; i <= fewer; i++)
    tail +=
        exp (lgamma (n + 1.0) - lgamma (i + 1.0) - lgamma (n - i + 1.0) - n * log (2.0));
  return MIN (2.0 * tail, 1.0);
}
