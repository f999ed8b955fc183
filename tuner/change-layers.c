/* SPDX-License-Identifier: GPL-3.0-or-later */
/* change-layers.c: the constants of a quantized graph's layers, changed one layer after the other. */
#include "config.h"
#include "tuner/change-layers.h"
#include "tuner/integer-weights.h"
#include "tuner/step-effort.h"
#include "tuner/step-kinds.h"

#include <glib/gi18n.h>

/* What the float network's run and each layer of the walk have to do. */
typedef struct
{
  double reference;
  double walk;
  double *layers;
} Efforts;

static void
estimate (Efforts *efforts, FettleGraph *graph, guint n_items, FettleTargetKind kind)
{
  *efforts = (Efforts){ .reference = 0.0 };
  efforts->layers = g_new (double, fettle_graph_get_n_operators (graph));
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleTensor *weights = fettle_graph_get_operator_input (
          graph, fettle_graph_get_operator (graph, i), 1);
      gboolean is_int4 = weights != NULL && weights->type == FETTLE_TYPE_INT4;
      double run = fettle_layer_estimate_run (graph, i, n_items);

      /* Means of sums cost as much as the layer itself. */
      efforts->layers[i] =
          run
          + (kind == FETTLE_TARGET_SUMS
                 ? fettle_layer_estimate_rounding (graph, i, n_items, is_int4)
                 : run);
      efforts->reference += kind == FETTLE_TARGET_SUMS ? run : 2.0 * run;
      efforts->walk += efforts->layers[i];
    }
}

static gboolean
walk_layers (FettleTuning *tuning, FettleLayerWalk *walk, FettleGraph *graph,
             GPtrArray *targets, const Efforts *efforts, FettleChangeLayerFunc func,
             gpointer user_data, GError **error)
{
  double done = efforts->reference, total = efforts->reference + efforts->walk;

  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleLayerTarget *target = g_ptr_array_index (targets, i);
      FettleStepPhase phase;

      fettle_step_phase_begin (&phase, tuning, done / total,
                               (done + efforts->layers[i]) / total);
      if (target != NULL
          && (!fettle_layer_walk_prepare (walk, i, error)
              || !func (&phase.tuning, walk, graph, i, target, user_data, error)))
        return FALSE;
      if (!fettle_layer_walk_run (walk, i, error))
        return FALSE;
      fettle_step_phase_report (&phase, 1.0);
      done += efforts->layers[i];
    }
  return TRUE;
}

/* Changes the layers of GRAPH by what N_ITEMS samples say. */
static gboolean
change_layers (FettleTuning *tuning, FettleGraph *graph, guint n_items,
               FettleTargetKind kind, FettleChangeLayerFunc func, gpointer user_data,
               GError **error)
{
  g_autoptr (GPtrArray) targets = NULL;
  g_autoptr (FettleLayerWalk) walk = NULL;
  g_autofree double *layers = NULL;
  Efforts efforts;
  FettleStepPhase phase;

  estimate (&efforts, graph, n_items, kind);
  layers = efforts.layers;
  fettle_step_phase_begin (&phase, tuning, 0.0,
                           efforts.reference / (efforts.reference + efforts.walk));
  targets = fettle_layer_targets_new (&phase.tuning, graph, n_items, kind, error);
  walk = targets != NULL ? fettle_layer_walk_new (tuning, graph, n_items, error) : NULL;
  return walk != NULL
         && walk_layers (tuning, walk, graph, targets, &efforts, func, user_data, error);
}

gboolean
fettle_change_layers (FettleTuning *tuning, const FettleStep *step, FettleTargetKind kind,
                      FettleChangeLayerFunc func, gpointer user_data, GError **error)
{
  g_autoptr (FettleGraph) graph = NULL;
  guint n_items;

  if (!fettle_step_require_reference (tuning, step, error))
    return FALSE;
  if (tuning->samples == NULL)
    {
      fettle_tuning_report (tuning, NULL,
                            _ ("Warning: without calibration data, step “%s” changes "
                               "nothing."),
                            step->kind->name);
      return TRUE;
    }
  graph = fettle_graph_copy (tuning->graph);
  fettle_integer_weights_separate (graph);
  n_items = fettle_layer_walk_count_items (tuning, graph, error);
  if (n_items == 0
      || !change_layers (tuning, graph, n_items, kind, func, user_data, error))
    return FALSE;
  g_set_object (&tuning->graph, graph);
  return TRUE;
}
