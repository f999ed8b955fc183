/* SPDX-License-Identifier: GPL-3.0-or-later */
/* step-round.c: the steps of integer weights chosen for the least error of each layer's output. */
#include "config.h"
#include "tuner/round-layer.h"
#include "tuner/step-kinds.h"

#include <glib/gi18n.h>
#include <math.h>

/* How far errors lie below the signal; at most 99.9, at which there are none. */
static double
to_decibels (double signal, double error)
{
  return error > 0.0 ? MIN (10.0 * log10 (signal / error), 99.9) : 99.9;
}

static void
report_layer (FettleTuning *tuning, const char *layer, guint n_channels,
              const FettleRoundingResult *result)
{
  if (result->n_kept == n_channels)
    fettle_tuning_report (tuning, layer, _ ("Stays as it is: nothing better was found."));
  else
    fettle_tuning_report (
        tuning, layer,
        _ ("Output SQNR on unseen samples %.1f dB, before %.1f dB; loss %.3g, before "
           "%.3g; %u of %u channels changed."),
        to_decibels (result->signal, result->error_after),
        to_decibels (result->signal, result->error_before), result->loss_after,
        result->loss_before, n_channels - result->n_kept, n_channels);
}

static gboolean
round_layer (FettleTuning *tuning, FettleLayerWalk *walk, FettleGraph *graph, guint layer,
             const FettleLayerTarget *target, FettleRoundingMethod method, GError **error)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
  g_autoptr (FettleIntegerWeights) weights = NULL;
  FettleRoundingResult result;

  if (target == NULL || method == FETTLE_ROUNDING_NEAREST)
    return TRUE;
  weights = fettle_integer_weights_new (graph, layer);
  if (weights == NULL)
    return TRUE;
  if (!fettle_round_layer (tuning, walk, (guint)fettle_operator_get_input (operator_, 0),
                           target, method, weights, &result, error))
    return FALSE;
  fettle_integer_weights_store (weights, graph, layer);
  report_layer (tuning, operator_->name,
                fettle_layer_columns_count_channels (&target->columns), &result);
  return TRUE;
}

static gboolean
round_layers (FettleTuning *tuning, FettleGraph *graph, guint n_items,
              FettleRoundingMethod method, GError **error)
{
  guint n_layers = fettle_graph_get_n_operators (graph);
  FettleStepPhase phase;
  g_autoptr (GPtrArray) targets = NULL;
  g_autoptr (FettleLayerWalk) walk = NULL;

  /* The float network runs once, without what rounding takes. */
  fettle_step_phase_begin (&phase, tuning, 0.0, 0.2);
  targets =
      fettle_layer_targets_new (&phase.tuning, graph, n_items, FETTLE_TARGET_SUMS, error);
  if (targets == NULL)
    return FALSE;
  walk = fettle_layer_walk_new (tuning, graph, n_items, error);
  if (walk == NULL)
    return FALSE;
  fettle_step_phase_begin (&phase, tuning, 0.2, 1.0);
  for (guint i = 0; i < n_layers; i++)
    {
      if (!round_layer (tuning, walk, graph, i, g_ptr_array_index (targets, i), method,
                        error)
          || !fettle_layer_walk_run (walk, i, error))
        return FALSE;
      fettle_step_phase_report (&phase, (i + 1.0) / n_layers);
    }
  return TRUE;
}

static const char *const methods[] = {
  [FETTLE_ROUNDING_AUTO] = "auto",       [FETTLE_ROUNDING_DESCENT] = "coordinate-descent",
  [FETTLE_ROUNDING_GPTQ] = "gptq",       [FETTLE_ROUNDING_EXACT] = "exact",
  [FETTLE_ROUNDING_NEAREST] = "nearest", [FETTLE_ROUNDING_NEAREST + 1] = NULL,
};

static gboolean
apply (FettleTuning *tuning, const FettleStep *step, GError **error)
{
  const char *method = fettle_step_get_choice (step, "method");
  g_autoptr (FettleGraph) graph = NULL;
  FettleRoundingMethod number = FETTLE_ROUNDING_AUTO;
  guint n_items;

  if (!fettle_step_require_samples (tuning, step, error)
      || !fettle_step_require_reference (tuning, step, error))
    return FALSE;
  while (!g_str_equal (methods[number], method))
    number++;
  graph = fettle_graph_copy (tuning->graph);
  fettle_integer_weights_separate (graph);
  n_items = fettle_layer_walk_count_items (tuning, graph, error);
  if (n_items == 0 || !round_layers (tuning, graph, n_items, number, error))
    return FALSE;
  g_set_object (&tuning->graph, graph);
  return TRUE;
}

static const FettleParameter parameters[] = {
  { .name = "method",
    .type = FETTLE_PARAMETER_CHOICE,
    .description = N_ ("How the integers are chosen"),
    .choices = methods },
};

const FettleStepKind fettle_step_round = {
  .name = "round",
  .description = N_ ("Choose integer weights for the least error of each layer's output"),
  .parameters = parameters,
  .n_parameters = G_N_ELEMENTS (parameters),
  .apply = apply,
};
