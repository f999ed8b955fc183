/* SPDX-License-Identifier: GPL-3.0-or-later */
/* series.c: statistics of any number of durations in memory that does not grow with them. */
#include "profiler/series.h"

#define BITS_PER_OCTAVE    8
#define BUCKETS_PER_OCTAVE (1u << BITS_PER_OCTAVE)
/* The first holds all values below BUCKETS_PER_OCTAVE, one to a bucket. */
#define N_OCTAVES (64 - BITS_PER_OCTAVE + 1)

typedef struct
{
  guint64 value; /* the latest that fell into it */
  guint64 count;
} Bucket;

struct _FettleSeries
{
  guint64 n, minimum, maximum, latest;
  GArray *exact;              /* guint64; NULL: counted in buckets */
  Bucket *octaves[N_OCTAVES]; /* NULL: empty */
};

FettleSeries *
fettle_series_new (void)
{
  FettleSeries *series = g_new0 (FettleSeries, 1);

  series->exact = g_array_new (FALSE, FALSE, sizeof (guint64));
  return series;
}

void
fettle_series_free (FettleSeries *series)
{
  g_return_if_fail (series != NULL);
  g_clear_pointer (&series->exact, g_array_unref);
  for (guint i = 0; i < N_OCTAVES; i++)
    g_free (series->octaves[i]);
  g_free (series);
}

static void
count (FettleSeries *series, guint64 value)
{
  guint octave = 0, shift = 0;
  Bucket *bucket;

  while (value >> shift >= 2 * BUCKETS_PER_OCTAVE)
    shift++;
  if (value >= BUCKETS_PER_OCTAVE)
    octave = shift + 1;
  if (series->octaves[octave] == NULL)
    series->octaves[octave] = g_new0 (Bucket, BUCKETS_PER_OCTAVE);
  bucket = &series->octaves[octave][(value >> shift) % BUCKETS_PER_OCTAVE];
  bucket->value = value;
  bucket->count++;
}

void
fettle_series_add (FettleSeries *series, guint64 value)
{
  g_return_if_fail (series != NULL);
  series->minimum = series->n == 0 ? value : MIN (series->minimum, value);
  series->maximum = MAX (series->maximum, value);
  series->latest = value;
  series->n++;
  if (series->exact != NULL && series->exact->len < FETTLE_SERIES_EXACT)
    {
      g_array_append_val (series->exact, value);
      return;
    }
  for (guint i = 0; series->exact != NULL && i < series->exact->len; i++)
    count (series, g_array_index (series->exact, guint64, i));
  g_clear_pointer (&series->exact, g_array_unref);
  count (series, value);
}

guint64
fettle_series_get_n (const FettleSeries *series)
{
  g_return_val_if_fail (series != NULL, 0);
  return series->n;
}

guint64
fettle_series_get_minimum (const FettleSeries *series)
{
  g_return_val_if_fail (series != NULL, 0);
  return series->minimum;
}

guint64
fettle_series_get_maximum (const FettleSeries *series)
{
  g_return_val_if_fail (series != NULL, 0);
  return series->maximum;
}

guint64
fettle_series_get_latest (const FettleSeries *series)
{
  g_return_val_if_fail (series != NULL, 0);
  return series->latest;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  guint64 first = *(const guint64 *)a, second = *(const guint64 *)b;

  return (first > second) - (first < second);
}

static guint64
bucket_of_rank (const FettleSeries *series, guint64 rank)
{
  for (guint octave = 0; octave < N_OCTAVES; octave++)
    for (guint i = 0; series->octaves[octave] != NULL && i < BUCKETS_PER_OCTAVE; i++)
      {
        const Bucket *bucket = &series->octaves[octave][i];

        if (rank < bucket->count)
          return bucket->value;
        rank -= bucket->count;
      }
  g_return_val_if_reached (0);
}

static guint64
value_of_rank (const FettleSeries *series, guint64 rank)
{
  g_autoptr (GArray) sorted = NULL;

  if (series->exact == NULL)
    return bucket_of_rank (series, rank);
  sorted = g_array_copy (series->exact);
  g_array_sort (sorted, compare);
  return g_array_index (sorted, guint64, rank);
}

guint64
fettle_series_get_median (const FettleSeries *series)
{
  g_return_val_if_fail (series != NULL, 0);
  return series->n > 0 ? value_of_rank (series, (series->n - 1) / 2) : 0;
}

guint64
fettle_series_get_quantile (const FettleSeries *series, double share)
{
  g_return_val_if_fail (series != NULL, 0);
  g_return_val_if_fail (share >= 0 && share <= 1, 0);
  if (series->n == 0 || share == 0)
    return series->minimum;
  if (share == 1)
    return series->maximum;
  return value_of_rank (series, (guint64)(share * (double)(series->n - 1)));
}
