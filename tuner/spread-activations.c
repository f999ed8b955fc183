/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spread-activations.c: how activations are spread, in float and as integers.
 *
 * Two passes over the samples: what the first finds decides the bins in which the second counts. */
#include "config.h"
#include "tuner/parallel.h"
#include "tuner/tensor-spread.h"
#include "tuner/trial.h"

#include <string.h>

/* The samples are cut into so many parts, each with sums of its own, which are added in order. */
#define N_PARTS 8

/* An activation that is measured. */
typedef struct
{
  FettleTensorSpread *spread;
  gint32 tensors[2]; /* by FettleSide */
  gsize n;           /* elements */
  gsize first;       /* its first channel among those of all */
} Target;

/* What one thread works with. */
typedef struct
{
  FettleProbe *probes[2];  /* by FettleSide */
  const float **values[2]; /* per target: what it holds after a run */
  float *sample;           /* a model input */
  float *channel[2];       /* values of one channel, one after the other */
} Worker;

typedef struct
{
  const FettleLayerMatch *match;
  FettleTrialSamples samples;
  GArray *targets;  /* Target */
  gsize n_channels; /* of all targets */
  guint n_parts;
  FettleValueSpread *parts[N_PARTS]; /* per channel */
  guint n_workers;
  Worker *workers;
  GMutex lock; /* guards the histograms; counts may come in any order */
  FettleParallelProgress progress;
  gpointer user_data;
  double passes_done;
} Measurement;

static Target *
get_target (const Measurement *measurement, guint index)
{
  return &g_array_index (measurement->targets, Target, index);
}

static void
add_target (Measurement *measurement, FettleTensorSpread *spread)
{
  const FettleLayerMatch *match = measurement->match;
  gint32 pair = fettle_layer_match_get_pair (match, spread->layer);
  Target target = { .spread = spread, .first = measurement->n_channels };

  memcpy (target.tensors,
          g_array_index (match->tensor_pairs, FettleTensorPair, pair).tensors,
          sizeof target.tensors);
  target.n = fettle_tensor_get_n_elements (
      fettle_layer_match_get_tensor (match, FETTLE_SIDE_QUANTIZED, pair));
  measurement->n_channels += spread->n_channels;
  g_array_append_val (measurement->targets, target);
}

/* --- running --- */

static gboolean
worker_prepare (Worker *worker, const Measurement *measurement, GError **error)
{
  guint n_targets = measurement->targets->len;
  gsize largest = 0;

  worker->sample = g_new (float, fettle_samples_get_size (measurement->samples.samples));
  for (FettleSide side = FETTLE_SIDE_FLOAT; side <= FETTLE_SIDE_QUANTIZED; side++)
    {
      worker->probes[side] = fettle_probe_new (measurement->match->graphs[side], error);
      if (worker->probes[side] == NULL)
        return FALSE;
      worker->values[side] = g_new (const float *, n_targets);
      for (guint i = 0; i < n_targets; i++)
        worker->values[side][i] = fettle_probe_watch (
            worker->probes[side], get_target (measurement, i)->tensors[side]);
    }
  for (guint i = 0; i < n_targets; i++)
    largest = MAX (largest, get_target (measurement, i)->n);
  for (FettleSide side = FETTLE_SIDE_FLOAT; side <= FETTLE_SIDE_QUANTIZED; side++)
    worker->channel[side] = g_new (float, largest);
  return TRUE;
}

static void
worker_clear (Worker *worker)
{
  for (FettleSide side = FETTLE_SIDE_FLOAT; side <= FETTLE_SIDE_QUANTIZED; side++)
    {
      fettle_probe_free (worker->probes[side]);
      g_free (worker->values[side]);
      g_free (worker->channel[side]);
    }
  g_free (worker->sample);
}

/* Runs both graphs on the I-th of the samples. */
static gboolean
run_sample (Worker *worker, const Measurement *measurement, guint i, GError **error)
{
  const FettleTrialSamples *samples = &measurement->samples;
  gsize size = fettle_samples_get_size (samples->samples);
  guint sample = fettle_spread (i, samples->n, fettle_samples_get_n (samples->samples));

  fettle_samples_read (samples->samples, sample, worker->sample);
  if (!fettle_samples_check_finite (samples->samples, sample, worker->sample, error))
    return FALSE;
  for (FettleSide side = FETTLE_SIDE_FLOAT; side <= FETTLE_SIDE_QUANTIZED; side++)
    if (!fettle_probe_run (worker->probes[side], worker->sample, size,
                           samples->cancellable, error))
      return FALSE;
  return TRUE;
}

static void
report_pass (double fraction, gpointer user_data)
{
  const Measurement *measurement = user_data;

  measurement->progress ((measurement->passes_done + fraction) / 2.0,
                         measurement->user_data);
}

static gboolean
run_pass (Measurement *measurement, guint n_items, FettleParallelFunc func,
          GError **error)
{
  gboolean is_complete = fettle_parallel_run (
      n_items, MIN (measurement->n_workers, n_items), func, measurement,
      measurement->progress != NULL ? report_pass : NULL, measurement,
      measurement->samples.cancellable, error);

  measurement->passes_done++;
  return is_complete;
}

/* --- first pass: ranges and errors --- */

static void
add_values (Worker *worker, const Target *target, guint index, FettleValueSpread *spreads)
{
  guint n_channels = target->spread->n_channels;
  gsize n = target->n / n_channels;

  for (guint c = 0; c < n_channels; c++)
    {
      for (gsize k = 0; k < n; k++)
        {
          worker->channel[0][k] = worker->values[0][index][k * n_channels + c];
          worker->channel[1][k] = worker->values[1][index][k * n_channels + c];
        }
      fettle_value_spread_add (&spreads[c], worker->channel[0], worker->channel[1], n);
    }
}

static gboolean
measure_part (guint worker, guint item, gpointer user_data, GError **error)
{
  Measurement *measurement = user_data;
  guint n = measurement->samples.n, n_parts = measurement->n_parts;
  FettleValueSpread *spreads = g_new (FettleValueSpread, measurement->n_channels);

  measurement->parts[item] = spreads;
  for (guint i = 0; i < measurement->targets->len; i++)
    {
      const Target *target = get_target (measurement, i);

      memcpy (spreads + target->first, target->spread->channels,
              target->spread->n_channels * sizeof *spreads);
    }
  for (guint i = item * n / n_parts; i < (item + 1) * n / n_parts; i++)
    {
      if (!run_sample (&measurement->workers[worker], measurement, i, error))
        return FALSE;
      for (guint k = 0; k < measurement->targets->len; k++)
        {
          const Target *target = get_target (measurement, k);

          add_values (&measurement->workers[worker], target, k, spreads + target->first);
        }
    }
  return TRUE;
}

static void
merge_parts (Measurement *measurement, gsize *n_histograms)
{
  for (guint i = 0; i < measurement->targets->len; i++)
    {
      const Target *target = get_target (measurement, i);
      FettleTensorSpread *spread = target->spread;
      gboolean has_channels =
          *n_histograms + spread->n_channels <= FETTLE_SPREAD_MAX_HISTOGRAMS;

      for (guint part = 0; part < measurement->n_parts; part++)
        for (guint c = 0; c < spread->n_channels; c++)
          fettle_value_spread_merge (&spread->channels[c],
                                     &measurement->parts[part][target->first + c]);
      fettle_tensor_spread_summarize (spread, has_channels);
      *n_histograms += has_channels ? spread->n_channels : 0;
    }
}

/* --- second pass: counts --- */

static gboolean
count_sample (guint worker, guint item, gpointer user_data, GError **error)
{
  Measurement *measurement = user_data;
  Worker *own = &measurement->workers[worker];

  if (!run_sample (own, measurement, item, error))
    return FALSE;
  g_mutex_lock (&measurement->lock);
  for (guint i = 0; i < measurement->targets->len; i++)
    {
      const Target *target = get_target (measurement, i);

      for (FettleSide side = FETTLE_SIDE_FLOAT; side <= FETTLE_SIDE_QUANTIZED; side++)
        fettle_tensor_spread_count (target->spread, side, own->values[side][i], target->n,
                                    1);
    }
  g_mutex_unlock (&measurement->lock);
  return TRUE;
}

static gboolean
measure (Measurement *measurement, gsize *n_histograms, GError **error)
{
  for (guint i = 0; i < measurement->n_workers; i++)
    if (!worker_prepare (&measurement->workers[i], measurement, error))
      return FALSE;
  if (!run_pass (measurement, measurement->n_parts, measure_part, error))
    return FALSE;
  merge_parts (measurement, n_histograms);
  return run_pass (measurement, measurement->samples.n, count_sample, error);
}

gboolean
fettle_spread_activations (const FettleLayerMatch *match, GPtrArray *spreads,
                           FettleSamples *samples, guint n_samples, gsize *n_histograms,
                           void (*progress) (double fraction, gpointer user_data),
                           gpointer user_data, GCancellable *cancellable, GError **error)
{
  guint n = MIN (n_samples, fettle_samples_get_n (samples));
  Measurement measurement = {
    .match = match,
    .samples = { .samples = samples, .n = n, .last = n, .cancellable = cancellable },
    .targets = g_array_new (FALSE, FALSE, sizeof (Target)),
    .n_parts = MIN (N_PARTS, n),
    .n_workers = fettle_parallel_count_workers (n),
    .progress = progress,
    .user_data = user_data,
  };
  gboolean is_complete;

  for (guint i = 0; i < spreads->len; i++)
    add_target (&measurement, g_ptr_array_index (spreads, i));
  measurement.workers = g_new0 (Worker, measurement.n_workers);
  g_mutex_init (&measurement.lock);
  is_complete = measure (&measurement, n_histograms, error);
  for (guint i = 0; i < measurement.n_workers; i++)
    worker_clear (&measurement.workers[i]);
  for (guint i = 0; i < measurement.n_parts; i++)
    g_free (measurement.parts[i]);
  g_free (measurement.workers);
  g_mutex_clear (&measurement.lock);
  g_array_unref (measurement.targets);
  return is_complete;
}
