/* SPDX-License-Identifier: GPL-3.0-or-later */
/* error-sums.c: how far values are from those that they stand for. */
#include "config.h"
#include "tuner/error-sums.h"

#include <math.h>

void
fettle_error_sums_add (FettleErrorSums *sums, const float *expected, const float *actual,
                       gsize n, double lowest, double highest)
{
  for (gsize i = 0; i < n; i++)
    {
      double wanted = (double)expected[i], found = (double)actual[i];
      double difference = fabs (found - wanted);

      sums->signal += wanted * wanted;
      sums->power += found * found;
      sums->product += wanted * found;
      sums->error += difference * difference;
      sums->maximum_error = MAX (sums->maximum_error, difference);
      sums->n_clipped += wanted < lowest || wanted > highest;
    }
  sums->n += n;
}

void
fettle_error_sums_merge (FettleErrorSums *sums, const FettleErrorSums *other)
{
  sums->signal += other->signal;
  sums->power += other->power;
  sums->product += other->product;
  sums->error += other->error;
  sums->maximum_error = MAX (sums->maximum_error, other->maximum_error);
  sums->n_clipped += other->n_clipped;
  sums->n += other->n;
}

void
fettle_tensor_find_limits (const FettleTensor *tensor, double *lowest, double *highest)
{
  double least, most;
  float scale;
  gint32 zero_point;

  *lowest = -INFINITY;
  *highest = INFINITY;
  fettle_tensor_get_scale (tensor, &scale, &zero_point);
  switch (tensor->type)
    {
    case FETTLE_TYPE_INT8:
      least = G_MININT8;
      most = G_MAXINT8;
      break;
    case FETTLE_TYPE_UINT8:
      least = 0;
      most = G_MAXUINT8;
      break;
    case FETTLE_TYPE_INT16:
      least = G_MININT16;
      most = G_MAXINT16;
      break;
    default:
      return;
    }
  *lowest = (double)scale * (least - zero_point - 0.5);
  *highest = (double)scale * (most - zero_point + 0.5);
}

static double
find_cosine (const FettleErrorSums *sums)
{
  if (sums->signal > 0.0 && sums->power > 0.0)
    return CLAMP (sums->product / (sqrt (sums->signal) * sqrt (sums->power)), -1.0, 1.0);
  return sums->signal > 0.0 || sums->power > 0.0 ? 0.0 : 1.0;
}

FettleErrorFigures
fettle_error_sums_finish (const FettleErrorSums *sums)
{
  g_assert (sums->n > 0);

  return (FettleErrorFigures){
    .sqnr_db = sums->error > 0.0 ? 10.0 * log10 (sums->signal / sums->error) : INFINITY,
    .mean_square_error = sums->error / (double)sums->n,
    .cosine = find_cosine (sums),
    .maximum_error = sums->maximum_error,
    .clipped_share = (double)sums->n_clipped / (double)sums->n,
  };
}
