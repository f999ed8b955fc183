/* SPDX-License-Identifier: GPL-3.0-or-later */
/* change-layers.c: the constants of a quantized graph's layers, changed one layer after the other. */
#include "config.h"
#include "tuner/change-layers.h"
#include "tuner/integer-weights.h"
#include "tuner/step-kinds.h"

#include <glib/gi18n.h>

/* Share of the progress that the float network's run takes. */
#define FLOAT_SHARE 0.2

static gboolean
walk_layers (FettleTuning *tuning, FettleLayerWalk *walk, FettleGraph *graph,
             GPtrArray *targets, FettleChangeLayerFunc func, gpointer user_data,
             GError **error)
{
  guint n_layers = fettle_graph_get_n_operators (graph);
  FettleStepPhase phase;

  fettle_step_phase_begin (&phase, tuning, FLOAT_SHARE, 1.0);
  for (guint i = 0; i < n_layers; i++)
    {
      const FettleLayerTarget *target = g_ptr_array_index (targets, i);

      if ((target != NULL && !func (tuning, walk, graph, i, target, user_data, error))
          || !fettle_layer_walk_run (walk, i, error))
        return FALSE;
      fettle_step_phase_report (&phase, (i + 1.0) / n_layers);
    }
  return TRUE;
}

/* Then no layer can be run by itself. */
static gboolean
hands_on_state (FettleGraph *graph)
{
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      FettleOpcode opcode = fettle_graph_get_operator (graph, i)->opcode;

      if (opcode == FETTLE_OPCODE_READ_VARIABLE
          || opcode == FETTLE_OPCODE_ASSIGN_VARIABLE)
        return TRUE;
    }
  return FALSE;
}

gboolean
fettle_change_layers (FettleTuning *tuning, const FettleStep *step, FettleTargetKind kind,
                      FettleChangeLayerFunc func, gpointer user_data, GError **error)
{
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (GPtrArray) targets = NULL;
  g_autoptr (FettleLayerWalk) walk = NULL;
  FettleStepPhase phase;
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
  if (hands_on_state (tuning->graph))
    {
      fettle_tuning_report (tuning, NULL,
                            _ ("Step “%s” changes nothing: the model's layers hand state "
                               "to each other between runs."),
                            step->kind->name);
      return TRUE;
    }
  graph = fettle_graph_copy (tuning->graph);
  fettle_integer_weights_separate (graph);
  n_items = fettle_layer_walk_count_items (tuning, graph, error);
  if (n_items == 0)
    return FALSE;
  fettle_step_phase_begin (&phase, tuning, 0.0, FLOAT_SHARE);
  targets = fettle_layer_targets_new (&phase.tuning, graph, n_items, kind, error);
  walk = targets != NULL ? fettle_layer_walk_new (tuning, graph, n_items, error) : NULL;
  if (walk == NULL || !walk_layers (tuning, walk, graph, targets, func, user_data, error))
    return FALSE;
  g_set_object (&tuning->graph, graph);
  return TRUE;
}
