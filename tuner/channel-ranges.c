/* SPDX-License-Identifier: GPL-3.0-or-later */
/* channel-ranges.c: how large each channel of an activation becomes. */
#include "config.h"
#include "tuner/channel-ranges.h"
#include "tuner/observe.h"

#include <math.h>

#define NOT_MEASURED (-1)

typedef struct
{
  const gint
      *offsets; /* per tensor: where its channels begin in a worker's part, or none */
  const guint *n_channels; /* per tensor */
  gsize n_all;             /* channels */
  FettleRange *ranges;     /* per worker, per channel */
} Measurement;

static void
clear_ranges (gpointer data)
{
  FettleChannelRanges *ranges = data;

  g_free (ranges->ranges);
  g_free (ranges->minima);
  g_free (ranges->maxima);
}

GArray *
fettle_channel_ranges_new (void)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (FettleChannelRanges));

  g_array_set_clear_func (all, clear_ranges);
  return all;
}

void
fettle_channel_ranges_add (GArray *all, guint tensor, guint n_channels)
{
  FettleChannelRanges ranges = { tensor, n_channels, g_new0 (double, n_channels),
                                 g_new0 (double, n_channels),
                                 g_new0 (double, n_channels) };

  g_array_append_val (all, ranges);
}

static void
observe (guint worker, guint item, guint tensor, const float *values, gsize n,
         gpointer user_data)
{
  Measurement *measurement = user_data;
  FettleRange *ranges;

  if (measurement->offsets[tensor] == NOT_MEASURED)
    return;
  ranges =
      &measurement
           ->ranges[worker * measurement->n_all + (gsize)measurement->offsets[tensor]];
  for (gsize i = 0; i < n; i++)
    {
      FettleRange *range = &ranges[i % measurement->n_channels[tensor]];

      range->minimum = MIN (range->minimum, values[i]);
      range->maximum = MAX (range->maximum, values[i]);
    }
}

static void
merge (const Measurement *measurement, FettleChannelRanges *ranges, guint n_workers)
{
  for (guint c = 0; c < ranges->n_channels; c++)
    {
      FettleRange merged = { INFINITY, -INFINITY };

      for (guint worker = 0; worker < n_workers; worker++)
        {
          const FettleRange *range =
              &measurement->ranges[worker * measurement->n_all
                                   + (gsize)measurement->offsets[ranges->tensor] + c];

          merged.minimum = MIN (merged.minimum, range->minimum);
          merged.maximum = MAX (merged.maximum, range->maximum);
        }
      ranges->minima[c] = (double)merged.minimum;
      ranges->maxima[c] = (double)merged.maximum;
      ranges->ranges[c] = (double)MAX (fabsf (merged.minimum), fabsf (merged.maximum));
    }
}

gboolean
fettle_channel_ranges_measure (GArray *all, const FettleTuning *tuning,
                               FettleGraph *graph, GError **error)
{
  guint n_tensors = fettle_graph_get_n_tensors (graph);
  guint n_workers = fettle_observe_count_workers (tuning);
  g_autofree gint *offsets = g_new (gint, n_tensors);
  g_autofree guint *n_channels = g_new0 (guint, n_tensors);
  g_autofree FettleRange *ranges = NULL;
  Measurement measurement = { .offsets = offsets, .n_channels = n_channels };

  for (guint i = 0; i < n_tensors; i++)
    offsets[i] = NOT_MEASURED;
  for (guint i = 0; i < all->len; i++)
    {
      const FettleChannelRanges *one = &g_array_index (all, FettleChannelRanges, i);

      offsets[one->tensor] = (gint)measurement.n_all;
      n_channels[one->tensor] = one->n_channels;
      measurement.n_all += one->n_channels;
    }
  measurement.ranges = ranges = g_new (FettleRange, n_workers * measurement.n_all);
  for (gsize i = 0; i < n_workers * measurement.n_all; i++)
    ranges[i] = (FettleRange){ INFINITY, -INFINITY };
  if (!fettle_observe (tuning, graph, observe, &measurement, error))
    return FALSE;
  for (guint i = 0; i < all->len; i++)
    merge (&measurement, &g_array_index (all, FettleChannelRanges, i), n_workers);
  return TRUE;
}
