/* SPDX-License-Identifier: GPL-3.0-or-later */
/* step-fold.c: layers that can be had for nothing are taken out. */
#include "config.h"
#include "tuner/fold.h"
#include "tuner/fuse-activations.h"
#include "tuner/graph-edit.h"
#include "tuner/step-kinds.h"

#include <glib/gi18n.h>

static guint
fold_once (FettleTuning *tuning, FettleGraph *graph)
{
  guint n = fettle_fold_constants (tuning, graph);

  n += fettle_fold_reshapes (tuning, graph);
  n += fettle_fold_copies (tuning, graph);
  n += fettle_fold_normalization (tuning, graph);
  n += fettle_fold_padding (tuning, graph);
  n += fettle_fuse_activations (tuning, graph);
  return n + fettle_graph_remove_unread_layers (graph);
}

static gboolean
apply (FettleTuning *tuning, const FettleStep *step, GError **error)
{
  g_autoptr (FettleGraph) graph = fettle_graph_copy (tuning->graph);
  guint n_layers = fettle_graph_get_n_operators (graph);
  guint n_folded = 0, n;

  /* One thing folded lets another be folded. */
  do
    {
      if (g_cancellable_set_error_if_cancelled (tuning->cancellable, error))
        return FALSE;
      n = fold_once (tuning, graph);
      n_folded += n;
    }
  while (n > 0);
  if (n_folded == 0)
    {
      fettle_tuning_report (tuning, NULL, _ ("There is nothing to fold."));
      return TRUE;
    }
  fettle_graph_drop_unused_tensors (graph);
  if (!fettle_graph_validate (graph, error))
    return FALSE;
  fettle_tuning_report (tuning, NULL, _ ("Folded %u layers into %u."), n_layers,
                        fettle_graph_get_n_operators (graph));
  /* Tensor numbers have changed: the ranges belong to the old graph. */
  g_clear_pointer (&tuning->ranges, g_array_unref);
  g_set_object (&tuning->graph, graph);
  return TRUE;
}

const FettleStepKind fettle_step_fold = {
  .name = "fold",
  .description = N_ ("Fold constants, copies, normalization, padding and activations"),
  .apply = apply,
};
