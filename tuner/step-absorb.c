/* SPDX-License-Identifier: GPL-3.0-or-later */
/* step-absorb.c: high-bias absorption: what is always there moves into the next layer's bias.
 *
 * A channel that never falls below c > 0 spends its range on c. Taken from the bias of its layer, and added
 * as weights times c to that of the next, c costs nothing. Behind a ReLU this holds for inputs that
 * do not fall below it either: max (x, 0) - c = max (x - c, 0) only if x >= c. It never holds at padding, which
 * is zero and not c; such pairs of layers are left alone.
 * Nagel et al., "Data-Free Quantization", arXiv:1906.04721, section 4.1.3; c is measured, or as there three deviations
 * below the mean. */
#include "config.h"
#include "tuner/channel-ranges.h"
#include "tuner/graph-moments.h"
#include "tuner/layer-pairs.h"
#include "tuner/layer-weights.h"
#include "tuner/step-kinds.h"
#include "tuner/stored-weights.h"

#include <glib/gi18n.h>
#include <math.h>

/* TRUE if a value reaches every weight of the second layer wherever it is used. */
static gboolean
is_free_of_padding (FettleGraph *graph, const FettleLayerPair *pair)
{
  g_autoptr (FettleStoredWeights) weights =
      fettle_stored_weights_new (graph, pair->second);

  for (guint layer = pair->first; layer != pair->second;
       layer = fettle_layer_pair_get_next (graph, layer))
    if (fettle_graph_get_operator (graph, layer)->opcode == FETTLE_OPCODE_PAD)
      return FALSE;
  for (guint tap = 0; weights != NULL && tap < weights->n_taps; tap++)
    if (weights->is_padded[tap])
      return FALSE;
  return weights != NULL;
}

/* What can be taken from a channel: its least value, if that is above 0. */
static double
find_constant (const FettleChannelRanges *ranges, guint c)
{
  return isfinite (ranges->minima[c]) ? MAX (ranges->minima[c], 0.0) : 0.0;
}

static gboolean
absorb_pair (FettleTuning *tuning, FettleGraph *graph, const FettleLayerPair *pair,
             const FettleChannelRanges *ranges)
{
  g_autoptr (FettleLayerWeights) first = fettle_layer_weights_new (graph, pair->first);
  g_autoptr (FettleLayerWeights) second = fettle_layer_weights_new (graph, pair->second);
  guint n_absorbed = 0;

  if (first == NULL || second == NULL || second->n_inputs % pair->n_channels != 0
      || !is_free_of_padding (graph, pair))
    return FALSE;
  for (guint c = 0; c < pair->n_channels; c++)
    n_absorbed += find_constant (ranges, c) != 0.0;
  if (n_absorbed == 0)
    return FALSE;
  fettle_layer_weights_add_bias (first);
  fettle_layer_weights_add_bias (second);
  for (guint c = 0; c < pair->n_channels; c++)
    first->bias[c] -= find_constant (ranges, c);
  for (gsize i = 0; i < second->n; i++)
    second->bias[fettle_layer_weights_get_output (second, i)] +=
        second->values[i]
        * find_constant (ranges,
                         fettle_layer_weights_get_input (second, i) % pair->n_channels);
  fettle_layer_weights_store (first, graph, pair->first);
  fettle_layer_weights_store (second, graph, pair->second);
  fettle_layer_pair_rename (pair, graph, "/absorbed");
  fettle_tuning_report (tuning, fettle_graph_get_operator (graph, pair->first)->name,
                        _ ("Moved what %u of %u channels always hold to the bias of %s."),
                        n_absorbed, pair->n_channels,
                        fettle_graph_get_operator (graph, pair->second)->name);
  return TRUE;
}

/* Deviations below the mean that a channel is taken not to fall below. */
#define DEVIATIONS 3.0

static void
find_minima (FettleChannelRanges *ranges, const FettleTensorMoments *moments)
{
  for (guint c = 0; c < ranges->n_channels; c++)
    ranges->minima[c] = moments->n > 0 ? INFINITY : 0.0;
  for (gsize i = 0; i < moments->n; i++)
    {
      double *minimum = &ranges->minima[i % ranges->n_channels];
      double least =
          (double)moments->means[i] - DEVIATIONS * sqrt ((double)moments->variances[i]);

      *minimum = MIN (*minimum, least);
    }
}

/* Of normal inputs, without data. */
static gboolean
estimate_minima (GArray *all, const FettleTuning *tuning, const FettleStep *step,
                 FettleGraph *graph, GError **error)
{
  double deviation = fettle_step_get_number (step, "deviation");
  const FettleMoments inputs = { fettle_step_get_number (step, "mean"),
                                 deviation * deviation };
  const FettleRange unknown = { -INFINITY, INFINITY };
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (FettleRange));
  g_autoptr (GArray) moments = NULL;

  for (guint i = 0; i < fettle_graph_get_n_tensors (graph); i++)
    g_array_append_val (ranges, unknown);
  moments = fettle_graph_moments_new (graph, ranges, &inputs, tuning->cancellable, error);
  if (moments == NULL)
    return FALSE;
  for (guint i = 0; i < all->len; i++)
    {
      FettleChannelRanges *one = &g_array_index (all, FettleChannelRanges, i);

      find_minima (one, &g_array_index (moments, FettleTensorMoments, one->tensor));
    }
  return TRUE;
}

static gboolean
find_ranges (GArray *ranges, FettleTuning *tuning, const FettleStep *step,
             FettleGraph *graph, GError **error)
{
  if (ranges->len == 0)
    return TRUE;
  return g_str_equal (fettle_step_get_choice (step, "method"), "analytic")
             ? estimate_minima (ranges, tuning, step, graph, error)
             : fettle_channel_ranges_measure (ranges, tuning, graph, error);
}

static gboolean
absorb (FettleTuning *tuning, const FettleStep *step, FettleGraph *graph, GError **error)
{
  guint n_clamped, n_changed = 0;
  g_autoptr (GArray) pairs = fettle_layer_pairs_find (graph, &n_clamped);
  g_autoptr (GArray) ranges = fettle_channel_ranges_new ();

  for (guint i = 0; i < pairs->len; i++)
    {
      const FettleLayerPair *pair = &g_array_index (pairs, FettleLayerPair, i);

      fettle_channel_ranges_add (ranges, pair->activation, pair->n_channels);
    }
  if (!find_ranges (ranges, tuning, step, graph, error))
    return FALSE;
  for (guint i = 0; i < pairs->len; i++)
    n_changed += absorb_pair (tuning, graph, &g_array_index (pairs, FettleLayerPair, i),
                              &g_array_index (ranges, FettleChannelRanges, i));
  if (n_changed == 0)
    fettle_tuning_report (tuning, NULL,
                          _ ("Absorbed nothing: no channel stays above 0 before a "
                             "layer without padding."));
  else if (g_str_equal (fettle_step_get_choice (step, "method"), "analytic"))
    fettle_tuning_report (
        tuning, NULL,
        _ ("Absorbing is exact for inputs whose channels stay within three deviations of "
           "their means, as estimated for normal inputs."));
  else
    fettle_tuning_report (
        tuning, NULL,
        _ ("Absorbing is exact for inputs whose channels stay within the "
           "range of the calibration data."));
  return TRUE;
}

static gboolean
apply (FettleTuning *tuning, const FettleStep *step, GError **error)
{
  g_autoptr (FettleGraph) graph = NULL;

  if (!fettle_step_require_float (tuning->graph, error)
      || (g_str_equal (fettle_step_get_choice (step, "method"), "empirical")
          && !fettle_step_require_samples (tuning, step, error)))
    return FALSE;
  graph = fettle_graph_copy (tuning->graph);
  if (!absorb (tuning, step, graph, error))
    return FALSE;
  fettle_graph_drop_unused_tensors (graph);
  if (!fettle_graph_validate (graph, error))
    return FALSE;
  /* The activations have other ranges now. */
  g_clear_pointer (&tuning->ranges, g_array_unref);
  g_set_object (&tuning->graph, graph);
  return TRUE;
}

static const char *const methods[] = { "empirical", "analytic", NULL };

static const FettleParameter parameters[] = {
  { .name = "method",
    .type = FETTLE_PARAMETER_CHOICE,
    .description =
        N_ ("Whether what channels hold is measured on the calibration data, or "
            "follows from an assumption, without data"),
    .choices = methods },
  { .name = "mean",
    .type = FETTLE_PARAMETER_NUMBER,
    .description = N_ ("With “analytic”: the mean of the inputs"),
    .minimum = -1e9,
    .maximum = 1e9 },
  { .name = "deviation",
    .type = FETTLE_PARAMETER_NUMBER,
    .description = N_ ("And their standard deviation"),
    .maximum = 1e9,
    .default_number = 1.0 },
};

const FettleStepKind fettle_step_absorb = {
  .name = "absorb",
  .description = N_ ("Move what channels always hold into the next layer's bias"),
  .parameters = parameters,
  .n_parameters = G_N_ELEMENTS (parameters),
  .apply = apply,
};
