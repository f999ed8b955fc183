/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tensor-spread.c: how one tensor's values are spread. */
#include "config.h"
#include "tuner/tensor-spread.h"

#include <math.h>

FettleTensorSpread *
fettle_tensor_spread_new (FettleSpreadKind kind, guint layer, const FettleTensor *tensor,
                          guint n_channels)
{
  FettleTensorSpread *spread = g_new0 (FettleTensorSpread, 1);

  spread->kind = kind;
  spread->layer = layer;
  spread->name = g_strdup (tensor->name);
  spread->type = tensor->type;
  spread->n_channels = n_channels <= FETTLE_SPREAD_MAX_CHANNELS ? MAX (n_channels, 1) : 1;
  spread->channels = g_new (FettleValueSpread, spread->n_channels);
  for (guint i = 0; i < spread->n_channels; i++)
    {
      FettleLevels levels = fettle_levels_new (tensor, i);

      fettle_value_spread_init (&spread->channels[i], &levels);
    }
  return spread;
}

void
fettle_tensor_spread_free (FettleTensorSpread *spread)
{
  if (spread == NULL)
    return;
  g_free (spread->name);
  g_free (spread->channels);
  g_free (spread->channel_histograms);
  g_free (spread);
}

static gboolean
have_same_levels (const FettleLevels *a, const FettleLevels *b)
{
  return a->scale == b->scale && a->zero_point == b->zero_point;
}

void
fettle_tensor_spread_summarize (FettleTensorSpread *spread, gboolean has_channels)
{
  FettleValueSpread *whole = &spread->whole;
  gboolean is_uniform = TRUE;

  *whole = spread->channels[0];
  for (guint i = 1; i < spread->n_channels; i++)
    {
      is_uniform =
          is_uniform && have_same_levels (&whole->levels, &spread->channels[i].levels);
      fettle_value_spread_merge (whole, &spread->channels[i]);
    }
  if (!is_uniform)
    whole->levels = (FettleLevels){ .scale = 0.0 };
  fettle_value_histogram_init (&spread->histogram, whole);
  if (!has_channels)
    return;
  spread->channel_histograms = g_new (FettleValueHistogram, spread->n_channels);
  for (guint i = 0; i < spread->n_channels; i++)
    fettle_value_histogram_init (&spread->channel_histograms[i], &spread->channels[i]);
}

void
fettle_tensor_spread_count (FettleTensorSpread *spread, FettleSide side,
                            const float *values, gsize n, gsize run)
{
  for (gsize i = 0; i < n; i++)
    {
      fettle_value_histogram_add (&spread->histogram, side, values[i]);
      if (spread->channel_histograms != NULL)
        fettle_value_histogram_add (
            &spread->channel_histograms[i / run % spread->n_channels], side, values[i]);
    }
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  const double *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

double
fettle_tensor_spread_get_imbalance (const FettleTensorSpread *spread)
{
  g_autofree double *ranges = NULL;
  guint n = 0;

  g_return_val_if_fail (spread != NULL, NAN);

  ranges = g_new (double, spread->n_channels);
  for (guint i = 0; i < spread->n_channels; i++)
    {
      const FettleValueSpread *channel = &spread->channels[i];
      double range = (double)MAX (channel->maximum[FETTLE_SIDE_FLOAT],
                                  -channel->minimum[FETTLE_SIDE_FLOAT]);

      if (range > 0.0 && isfinite (range))
        ranges[n++] = range;
    }
  if (n < 2)
    return NAN;
  qsort (ranges, n, sizeof *ranges, compare_doubles);
  return ranges[n - 1] / ranges[n / 2];
}
