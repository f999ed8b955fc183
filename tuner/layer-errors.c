/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-errors.c: what each layer's quantization costs, measured both ways on the runtime. */
#include "config.h"
#include "tuner/layer-errors.h"
#include "tuner/parallel.h"
#include "tuner/standing-errors.h"

#include <glib/gi18n.h>

typedef struct
{
  const FettleLayerMatch *match;
  FettleTrialSamples samples;
  FettleErrorReport *report;
} Measurement;

/* What layer LAYER of the quantized graph writes comes from INSIDE, all else from the other side. */
static FettleMixedGraph *
mix_layer (const FettleLayerMatch *match, guint layer, FettleSide inside, GError **error)
{
  guint n_pairs = match->tensor_pairs->len;
  const FettleOperator *operator_ =
      fettle_graph_get_operator (match->graphs[FETTLE_SIDE_QUANTIZED], layer);
  g_autofree FettleSide *sides = g_new (FettleSide, n_pairs);

  for (guint i = 0; i < n_pairs; i++)
    sides[i] = inside == FETTLE_SIDE_FLOAT ? FETTLE_SIDE_QUANTIZED : FETTLE_SIDE_FLOAT;
  for (guint k = 0; k < operator_->outputs->len; k++)
    {
      gint32 pair =
          match->pairs[FETTLE_SIDE_QUANTIZED][fettle_operator_get_output (operator_, k)];

      if (pair >= 0)
        sides[pair] = inside;
    }
  return fettle_mixed_graph_new (match, sides, error);
}

static FettleTrial *
make_trial (const FettleLayerMatch *match, guint layer, FettleSide inside,
            FettleProbe *reference, GError **error)
{
  g_autoptr (FettleMixedGraph) mixed = mix_layer (match, layer, inside, error);
  FettleTrial *trial =
      mixed != NULL ? fettle_trial_new (match, mixed, reference, error) : NULL;

  if (trial != NULL)
    fettle_trial_compare (trial, mixed, reference,
                          fettle_layer_match_get_pair (match, layer));
  return trial;
}

static FettleMixedErrors
finish (const FettleTrial *trial)
{
  return (FettleMixedErrors){
    .layer = fettle_error_sums_finish (
        &g_array_index (trial->comparisons, FettleComparison, 0).sums),
    .output = fettle_output_sums_finish (&trial->output_sums, trial->kind),
  };
}

static gboolean
measure_both_ways (const Measurement *measurement, guint layer, FettleLayerErrors *errors,
                   GError **error)
{
  const FettleLayerMatch *match = measurement->match;
  g_autoptr (FettleProbe) reference =
      fettle_probe_new (match->graphs[FETTLE_SIDE_FLOAT], error);
  g_autoptr (FettleTrial) only = NULL;
  g_autoptr (FettleTrial) all_but = NULL;
  FettleTrial *trials[2];

  if (reference == NULL)
    return FALSE;
  trials[0] = only = make_trial (match, layer, FETTLE_SIDE_QUANTIZED, reference, error);
  if (only == NULL)
    return FALSE;
  trials[1] = all_but = make_trial (match, layer, FETTLE_SIDE_FLOAT, reference, error);
  if (all_but == NULL
      || !fettle_trials_run (trials, G_N_ELEMENTS (trials), reference,
                             &measurement->samples, error))
    return FALSE;
  errors->only = finish (only);
  errors->all_but = finish (all_but);
  return TRUE;
}

static gboolean
measure_layer (guint worker, guint item, gpointer user_data, GError **error)
{
  const Measurement *measurement = user_data;
  FettleLayerErrors *errors =
      &g_array_index (measurement->report->layers, FettleLayerErrors, item);

  if (!errors->is_known || measure_both_ways (measurement, item, errors, error))
    return TRUE;
  g_prefix_error (error, _ ("Layer %u cannot be measured: "), item);
  return FALSE;
}

static gboolean
measure (Measurement *measurement, FettleParallelProgress progress, gpointer user_data,
         GError **error)
{
  guint n_layers = measurement->report->layers->len;
  g_autoptr (GArray) standing = fettle_measure_standing (
      measurement->match, &measurement->samples, &measurement->report->output, error);

  if (standing == NULL)
    return FALSE;
  for (guint i = 0; i < n_layers; i++)
    {
      const FettleStandingError *found =
          &g_array_index (standing, FettleStandingError, i);
      FettleLayerErrors *errors =
          &g_array_index (measurement->report->layers, FettleLayerErrors, i);

      errors->is_known = found->is_known;
      errors->standing = found->figures;
    }
  return fettle_parallel_run (n_layers, fettle_parallel_count_workers (n_layers),
                              measure_layer, measurement, progress, user_data,
                              measurement->samples.cancellable, error);
}

FettleErrorReport *
fettle_measure_layer_errors (FettleGraph *reference, FettleGraph *quantized,
                             FettleSamples *samples, guint n_samples,
                             void (*progress) (double fraction, gpointer user_data),
                             gpointer user_data, GCancellable *cancellable,
                             GError **error)
{
  g_autoptr (FettleLayerMatch) match = NULL;
  g_autoptr (FettleErrorReport) report = NULL;
  guint n = MIN (n_samples, fettle_samples_get_n (samples));
  Measurement measurement = {
    .samples = { .samples = samples, .n = n, .last = n, .cancellable = cancellable },
  };

  g_return_val_if_fail (n_samples > 0, NULL);

  measurement.match = match = fettle_layer_match_new (reference, quantized, error);
  if (match == NULL)
    return NULL;
  measurement.report = report = g_new0 (FettleErrorReport, 1);
  report->n_samples = n;
  report->kind = fettle_output_get_kind (reference);
  report->layers = g_array_new (FALSE, TRUE, sizeof (FettleLayerErrors));
  g_array_set_size (report->layers, fettle_graph_get_n_operators (quantized));
  if (!measure (&measurement, progress, user_data, error))
    return NULL;
  return g_steal_pointer (&report);
}

void
fettle_error_report_free (FettleErrorReport *report)
{
  if (report == NULL)
    return;
  g_array_unref (report->layers);
  g_free (report);
}
