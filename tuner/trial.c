/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial.c: a graph run beside the float graph that it stands for. */
#include "config.h"
#include "tuner/trial.h"

static gint32
get_output_pair (const FettleLayerMatch *match)
{
  FettleGraph *reference = match->graphs[FETTLE_SIDE_FLOAT];

  return match->pairs[FETTLE_SIDE_FLOAT][fettle_graph_get_output (reference, 0)];
}

static FettleComparison
make_comparison (const FettleLayerMatch *match, const FettleMixedGraph *mixed,
                 FettleProbe *probe, FettleProbe *reference, gint32 pair)
{
  const FettleTensorPair *tensors =
      &g_array_index (match->tensor_pairs, FettleTensorPair, pair);
  const FettleTensor *tensor =
      fettle_graph_get_tensor (mixed->graph, (guint)mixed->tensors[pair]);
  FettleComparison comparison = {
    .pair = pair,
    .expected = fettle_probe_watch (reference, tensors->tensors[FETTLE_SIDE_FLOAT]),
    .actual = fettle_probe_watch (probe, mixed->tensors[pair]),
    .n = fettle_tensor_get_n_elements (tensor),
  };

  fettle_tensor_find_limits (tensor, &comparison.lowest, &comparison.highest);
  return comparison;
}

FettleTrial *
fettle_trial_new (const FettleLayerMatch *match, const FettleMixedGraph *mixed,
                  FettleProbe *reference, GError **error)
{
  g_autoptr (FettleTrial) trial = g_new0 (FettleTrial, 1);
  const FettleTensor *output;

  trial->match = match;
  trial->kind = fettle_output_get_kind (match->graphs[FETTLE_SIDE_FLOAT]);
  trial->comparisons = g_array_new (FALSE, FALSE, sizeof (FettleComparison));
  trial->probe = fettle_probe_new (mixed->graph, error);
  if (trial->probe == NULL)
    return NULL;
  trial->output =
      make_comparison (match, mixed, trial->probe, reference, get_output_pair (match));
  output = fettle_layer_match_get_tensor (match, FETTLE_SIDE_FLOAT, trial->output.pair);
  trial->output_width = output->rank > 0 ? (gsize)output->shape[output->rank - 1] : 1;
  return g_steal_pointer (&trial);
}

void
fettle_trial_free (FettleTrial *trial)
{
  if (trial == NULL)
    return;
  g_clear_pointer (&trial->probe, fettle_probe_free);
  g_array_unref (trial->comparisons);
  g_free (trial);
}

guint
fettle_trial_compare (FettleTrial *trial, const FettleMixedGraph *mixed,
                      FettleProbe *reference, gint32 pair)
{
  FettleComparison comparison =
      make_comparison (trial->match, mixed, trial->probe, reference, pair);

  g_array_append_val (trial->comparisons, comparison);
  return trial->comparisons->len - 1;
}

static gboolean
run (FettleTrial *trial, const float *values, gsize n, GCancellable *cancellable,
     GError **error)
{
  const FettleComparison *output = &trial->output;

  if (!fettle_probe_run (trial->probe, values, n, cancellable, error))
    return FALSE;
  for (guint i = 0; i < trial->comparisons->len; i++)
    {
      FettleComparison *comparison =
          &g_array_index (trial->comparisons, FettleComparison, i);

      fettle_error_sums_add (&comparison->sums, comparison->expected, comparison->actual,
                             comparison->n, comparison->lowest, comparison->highest);
    }
  fettle_output_sums_add (&trial->output_sums, trial->kind, output->expected,
                          output->actual, output->n, trial->output_width, output->lowest,
                          output->highest);
  return TRUE;
}

gboolean
fettle_trials_run (FettleTrial *const *trials, guint n_trials, FettleProbe *reference,
                   const FettleTrialSamples *samples, GError **error)
{
  gsize size = fettle_samples_get_size (samples->samples);
  g_autofree float *values = g_new (float, size);

  for (guint i = samples->first; i < samples->last; i++)
    {
      guint sample =
          fettle_spread (i, samples->n, fettle_samples_get_n (samples->samples));

      fettle_samples_read (samples->samples, sample, values);
      if (!fettle_samples_check_finite (samples->samples, sample, values, error)
          || !fettle_probe_run (reference, values, size, samples->cancellable, error))
        return FALSE;
      for (guint k = 0; k < n_trials; k++)
        if (!run (trials[k], values, size, samples->cancellable, error))
          return FALSE;
    }
  return TRUE;
}
