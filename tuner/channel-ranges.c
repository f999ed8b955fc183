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
  float *ranges;           /* per worker, per channel */
} Measurement;

static void
clear_ranges (gpointer data)
{
  FettleChannelRanges *ranges = data;

  g_free (ranges->ranges);
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
  FettleChannelRanges ranges = { tensor, n_channels, g_new0 (double, n_channels) };

  g_array_append_val (all, ranges);
}

static void
observe (guint worker, guint item, guint tensor, const float *values, gsize n,
         gpointer user_data)
{
  Measurement *measurement = user_data;
  float *ranges;

  if (measurement->offsets[tensor] == NOT_MEASURED)
    return;
  ranges =
      &measurement
           ->ranges[worker * measurement->n_all + (gsize)measurement->offsets[tensor]];
  for (gsize i = 0; i < n; i++)
    {
      float *range = &ranges[i % measurement->n_channels[tensor]];

      *range = MAX (*range, fabsf (values[i]));
    }
}

static void
merge (const Measurement *measurement, FettleChannelRanges *ranges, guint n_workers)
{
  for (guint worker = 0; worker < n_workers; worker++)
    for (guint c = 0; c < ranges->n_channels; c++)
      {
        gsize place =
            worker * measurement->n_all + (gsize)measurement->offsets[ranges->tensor] + c;

        ranges->ranges[c] = MAX (ranges->ranges[c], (double)measurement->ranges[place]);
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
  g_autofree float *ranges = NULL;
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
  measurement.ranges = ranges = g_new0 (float, n_workers *measurement.n_all);
  if (!fettle_observe (tuning, graph, observe, &measurement, error))
    return FALSE;
  for (guint i = 0; i < all->len; i++)
    merge (&measurement, &g_array_index (all, FettleChannelRanges, i), n_workers);
  return TRUE;
}
