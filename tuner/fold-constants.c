/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fold-constants.c: layers whose inputs are all constants. */
#include "config.h"
#include "tuner/fold.h"
#include "tuner/graph-edit.h"
#include "tuner/layer-runner.h"

#include <glib/gi18n.h>

static gboolean
is_constant (FettleGraph *graph, const FettleOperator *operator_)
{
  for (guint k = 0; k < operator_->inputs->len; k++)
    {
      const FettleTensor *input = fettle_graph_get_operator_input (graph, operator_, k);

      if (input != NULL && input->data == NULL)
        return FALSE;
    }
  /* An output of the model must be computed. */
  for (guint k = 0; k < operator_->outputs->len; k++)
    if (fettle_graph_is_output (graph, fettle_operator_get_output (operator_, k)))
      return FALSE;
  return TRUE;
}

static gboolean
compute (FettleGraph *graph, guint layer)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
  /* What the runtime cannot compute stays a layer, and lowering will say what is wrong with it. */
  g_autoptr (FettleLayerRunner) runner = fettle_layer_runner_new (graph, layer, NULL);

  if (runner == NULL)
    return FALSE;
  fettle_layer_runner_run (runner);
  for (guint k = 0; k < operator_->outputs->len; k++)
    {
      gsize size;
      gconstpointer values = fettle_layer_runner_get_output (runner, k, &size);

      fettle_graph_get_operator_output (graph, operator_, k)->data =
          g_bytes_new (values, size);
    }
  return TRUE;
}

guint
fettle_fold_constants (FettleTuning *tuning, FettleGraph *graph)
{
  guint n_folded = 0;

  /* In execution order, so that one constant leads to the next. */
  for (guint i = 0; i < fettle_graph_get_n_operators (graph);)
    if (is_constant (graph, fettle_graph_get_operator (graph, i)) && compute (graph, i))
      {
        fettle_tuning_report (tuning, fettle_graph_get_operator (graph, i)->name,
                              _ ("Computed: everything it reads is constant."));
        fettle_graph_remove_operator (graph, i);
        n_folded++;
      }
    else
      i++;
  return n_folded;
}
