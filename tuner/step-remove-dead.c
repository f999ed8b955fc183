/* SPDX-License-Identifier: GPL-3.0-or-later */
/* step-remove-dead.c: channels and layers that make no difference are taken out.
 *
 * Interval analysis over all possible inputs; no data, and no error. Reading from the source forward, a
 * channel that can hold only one value is a constant; reading from the outputs back, a channel for which
 * all weights are zero is not used. What one pass takes out lets the next one see more. */
#include "config.h"
#include "tuner/graph-edit.h"
#include "tuner/identity-layers.h"
#include "tuner/remove-channels.h"
#include "tuner/step-kinds.h"

#include <glib/gi18n.h>

/* What a model costs by its shapes. */
typedef struct
{
  guint64 macs, weight_bytes;
} Cost;

static Cost
measure (FettleGraph *graph)
{
  Cost cost = { 0, 0 };

  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      cost.macs += fettle_graph_count_macs (graph, i);
      cost.weight_bytes += fettle_graph_count_weight_bytes (graph, i);
    }
  return cost;
}

static gboolean
remove_once (FettleGraph *graph, guint multiple)
{
  gboolean changes = fettle_graph_remove_unread_layers (graph) > 0;
  g_autoptr (FettleChannelTies) ties = NULL;
  g_autoptr (GArray) readers = NULL;

  changes |= fettle_remove_identity_layers (graph) > 0;
  fettle_graph_drop_unused_tensors (graph);
  ties = fettle_removable_channels_find (graph, multiple, &readers);
  changes |= fettle_remove_channels (graph, ties, readers);
  fettle_graph_drop_unused_tensors (graph);
  return changes;
}

static const FettleOperator *
find_layer (FettleGraph *graph, const char *name)
{
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);

      if (g_str_equal (operator_->name, name))
        return operator_;
    }
  return NULL;
}

static gint32
get_n_channels (FettleGraph *graph, const FettleOperator *operator_)
{
  const FettleTensor *output = fettle_graph_get_operator_output (graph, operator_, 0);

  return output->rank > 0 ? output->shape[output->rank - 1] : 1;
}

static void
report_layers (FettleTuning *tuning, FettleGraph *after)
{
  for (guint i = 0; i < fettle_graph_get_n_operators (tuning->graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (tuning->graph, i);
      const FettleOperator *left = find_layer (after, operator_->name);
      gint32 n = get_n_channels (tuning->graph, operator_), n_left;

      if (left == NULL)
        {
          fettle_tuning_report (tuning, operator_->name,
                                _ ("Removed: it makes no difference."));
          continue;
        }
      n_left = get_n_channels (after, left);
      if (n_left < n)
        fettle_tuning_report (tuning, operator_->name,
                              _ ("Removed %d of %d channels: they make no difference."),
                              n - n_left, n);
    }
}

static void
report (FettleTuning *tuning, FettleGraph *after)
{
  Cost before = measure (tuning->graph), left = measure (after);

  report_layers (tuning, after);
  fettle_tuning_report (tuning, NULL,
                        _ ("Left are %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                           " MACs and %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                           " bytes of weights."),
                        left.macs, before.macs, left.weight_bytes, before.weight_bytes);
}

static gboolean
apply (FettleTuning *tuning, const FettleStep *step, GError **error)
{
  guint multiple = (guint)fettle_step_get_number (step, "multiple");
  g_autoptr (FettleGraph) graph = fettle_graph_copy (tuning->graph);
  gboolean changes = FALSE, is_news;

  fettle_graph_drop_unused_tensors (graph);
  do
    {
      if (g_cancellable_set_error_if_cancelled (tuning->cancellable, error))
        return FALSE;
      is_news = remove_once (graph, multiple);
      changes |= is_news;
    }
  while (is_news);
  if (!changes)
    {
      fettle_tuning_report (tuning, NULL, _ ("Every channel makes a difference."));
      return TRUE;
    }
  if (!fettle_graph_validate (graph, error))
    return FALSE;
  report (tuning, graph);
  /* Tensor numbers have changed: the ranges belong to the old graph. */
  g_clear_pointer (&tuning->ranges, g_array_unref);
  g_set_object (&tuning->graph, graph);
  return TRUE;
}

static const FettleParameter parameters[] = {
  { .name = "multiple",
    .type = FETTLE_PARAMETER_NUMBER,
    .description = N_ ("Number that must divide how many channels are left"),
    .minimum = 1,
    .maximum = 64,
    .default_number = 1 },
};

const FettleStepKind fettle_step_remove_dead = {
  .name = "remove-dead",
  .description = N_ ("Remove channels that make no difference"),
  .parameters = parameters,
  .n_parameters = G_N_ELEMENTS (parameters),
  .apply = apply,
};
