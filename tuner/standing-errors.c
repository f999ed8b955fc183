/* SPDX-License-Identifier: GPL-3.0-or-later */
/* standing-errors.c: the errors of a graph as it stands, all layers quantized. */
#include "config.h"
#include "tuner/standing-errors.h"
#include "tuner/parallel.h"

/* The samples are cut into so many parts, each with sums of its own, which are added in order. */
#define N_PARTS 16

typedef struct
{
  FettleProbe *reference;
  FettleTrial *trial;
} Part;

typedef struct
{
  const FettleLayerMatch *match;
  const FettleMixedGraph *quantized;
  const FettleTrialSamples *samples;
  guint n_parts;
  Part parts[N_PARTS];
} Standing;

static FettleMixedGraph *
take_all_quantized (const FettleLayerMatch *match, GError **error)
{
  guint n_pairs = match->tensor_pairs->len;
  g_autofree FettleSide *sides = g_new (FettleSide, n_pairs);

  for (guint i = 0; i < n_pairs; i++)
    sides[i] = FETTLE_SIDE_QUANTIZED;
  return fettle_mixed_graph_new (match, sides, error);
}

static gboolean
prepare (Part *part, const Standing *standing, GError **error)
{
  const FettleLayerMatch *match = standing->match;

  part->reference = fettle_probe_new (match->graphs[FETTLE_SIDE_FLOAT], error);
  if (part->reference == NULL)
    return FALSE;
  part->trial = fettle_trial_new (match, standing->quantized, part->reference, error);
  if (part->trial == NULL)
    return FALSE;
  for (guint i = 0; i < match->tensor_pairs->len; i++)
    fettle_trial_compare (part->trial, standing->quantized, part->reference, (gint32)i);
  return TRUE;
}

static gboolean
run_part (guint worker, guint item, gpointer user_data, GError **error)
{
  Standing *standing = user_data;
  Part *part = &standing->parts[item];
  FettleTrialSamples samples = *standing->samples;
  guint n = samples.last - samples.first;

  samples.first = standing->samples->first + item * n / standing->n_parts;
  samples.last = standing->samples->first + (item + 1) * n / standing->n_parts;
  if (!prepare (part, standing, error)
      || !fettle_trials_run (&part->trial, 1, part->reference, &samples, error))
    return FALSE;
  /* Its sums are all that is needed from now on. */
  g_clear_pointer (&part->reference, fettle_probe_free);
  g_clear_pointer (&part->trial->probe, fettle_probe_free);
  return TRUE;
}

static void
merge_parts (Standing *standing)
{
  FettleTrial *whole = standing->parts[0].trial;

  for (guint i = 1; i < standing->n_parts; i++)
    {
      const FettleTrial *trial = standing->parts[i].trial;

      fettle_output_sums_merge (&whole->output_sums, &trial->output_sums);
      for (guint k = 0; k < whole->comparisons->len; k++)
        fettle_error_sums_merge (
            &g_array_index (whole->comparisons, FettleComparison, k).sums,
            &g_array_index (trial->comparisons, FettleComparison, k).sums);
    }
}

static GArray *
finish (Standing *standing, FettleOutputFigures *output)
{
  FettleTrial *whole = standing->parts[0].trial;
  guint n_layers =
      fettle_graph_get_n_operators (standing->match->graphs[FETTLE_SIDE_QUANTIZED]);
  GArray *errors =
      g_array_sized_new (FALSE, TRUE, sizeof (FettleStandingError), n_layers);

  merge_parts (standing);
  for (guint i = 0; i < n_layers; i++)
    {
      gint32 pair = fettle_layer_match_get_pair (standing->match, i);
      FettleStandingError error = { .is_known = pair >= 0 };

      if (pair >= 0)
        error.figures = fettle_error_sums_finish (
            &g_array_index (whole->comparisons, FettleComparison, pair).sums);
      g_array_append_val (errors, error);
    }
  if (output != NULL)
    *output = fettle_output_sums_finish (&whole->output_sums, whole->kind);
  return errors;
}

GArray *
fettle_measure_standing (const FettleLayerMatch *match, const FettleTrialSamples *samples,
                         FettleOutputFigures *output, GError **error)
{
  g_autoptr (FettleMixedGraph) quantized = take_all_quantized (match, error);
  Standing standing = { .match = match, .quantized = quantized, .samples = samples };
  GArray *errors = NULL;

  if (quantized == NULL)
    return NULL;
  g_assert (samples->last > samples->first);
  standing.n_parts = MIN (N_PARTS, samples->last - samples->first);
  if (fettle_parallel_run (standing.n_parts,
                           fettle_parallel_count_workers (standing.n_parts), run_part,
                           &standing, NULL, NULL, samples->cancellable, error))
    errors = finish (&standing, output);
  for (guint i = 0; i < standing.n_parts; i++)
    {
      g_clear_pointer (&standing.parts[i].trial, fettle_trial_free);
      g_clear_pointer (&standing.parts[i].reference, fettle_probe_free);
    }
  return errors;
}
