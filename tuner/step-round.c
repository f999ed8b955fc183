/* SPDX-License-Identifier: GPL-3.0-or-later */
/* step-round.c: the steps of integer weights chosen for the least error of each layer's output. */
#include "config.h"
#include "tuner/change-layers.h"
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
  else if (!result->is_whole)
    fettle_tuning_report (tuning, layer,
                          _ ("Error of the output on unseen samples %.1f dB less than "
                             "before; %u of %u channels changed, in blocks."),
                          to_decibels (result->error_before, result->error_after),
                          n_channels - result->n_kept, n_channels);
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
             const FettleLayerTarget *target, gpointer user_data, GError **error)
{
  const FettleRoundingMethod *method = user_data;
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
  g_autoptr (FettleIntegerWeights) weights = NULL;
  FettleRoundingResult result;

  if (*method == FETTLE_ROUNDING_NEAREST)
    return TRUE;
  weights = fettle_integer_weights_new (graph, layer);
  if (weights == NULL)
    return TRUE;
  if (!fettle_round_layer (tuning, walk, (guint)fettle_operator_get_input (operator_, 0),
                           target, *method, weights, &result, error))
    return FALSE;
  fettle_integer_weights_store (weights, graph, layer);
  report_layer (tuning, operator_->name,
                fettle_layer_columns_count_channels (&target->columns), &result);
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
  const char *name = fettle_step_get_choice (step, "method");
  FettleRoundingMethod method = FETTLE_ROUNDING_AUTO;

  while (!g_str_equal (methods[method], name))
    method++;
  return fettle_change_layers (tuning, step, FETTLE_TARGET_SUMS, round_layer, &method,
                               error);
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
