/* SPDX-License-Identifier: GPL-3.0-or-later */
/* relax-clamps.c: RELU6 to RELU, where nothing reaches 6. */
#include "config.h"
#include "tuner/relax-clamps.h"
#include "tuner/channel-ranges.h"
#include "tuner/layer-pairs.h"

#include <glib/gi18n.h>

#define LIMIT 6.0

static gboolean
is_relu6 (const FettleOperator *operator_)
{
  return operator_->opcode == FETTLE_OPCODE_RELU6
         || operator_->options.activation == FETTLE_ACTIVATION_RELU6;
}

/* Numbers of the layers that clamp from PAIR's first to before its second. */
static GArray *
list_clamps (FettleGraph *graph, const FettleLayerPair *pair)
{
  GArray *clamps = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint layer = pair->first; layer != pair->second;
       layer = fettle_layer_pair_get_next (graph, layer))
    if (is_relu6 (fettle_graph_get_operator (graph, layer)))
      g_array_append_val (clamps, layer);
  return clamps;
}

static guint
get_output (FettleGraph *graph, guint layer)
{
  return (guint)fettle_operator_get_output (fettle_graph_get_operator (graph, layer), 0);
}

/* Whether all of CLAMPS stay below the limit; the next of MEASURED are theirs. */
static gboolean
stay_below (const GArray *clamps, const GArray *measured, guint *next)
{
  gboolean below = TRUE;

  for (guint i = 0; i < clamps->len; i++)
    below &= g_array_index (measured, FettleChannelRanges, (*next)++).ranges[0] < LIMIT;
  return below;
}

static void
relax (FettleTuning *tuning, FettleGraph *graph, const GArray *clamps)
{
  for (guint i = 0; i < clamps->len; i++)
    {
      FettleOperator *operator_ =
          fettle_graph_get_operator (graph, g_array_index (clamps, guint, i));

      if (operator_->opcode == FETTLE_OPCODE_RELU6)
        operator_->opcode = FETTLE_OPCODE_RELU;
      else
        operator_->options.activation = FETTLE_ACTIVATION_RELU;
      fettle_tuning_report (tuning, operator_->name,
                            _ ("Its RELU6 is a RELU now: no sample reaches 6."));
    }
}

gboolean
fettle_relax_clamps (FettleTuning *tuning, FettleGraph *graph, GError **error)
{
  g_autoptr (GArray) pairs = fettle_layer_pairs_find_clamped (graph);
  g_autoptr (GPtrArray) clamps =
      g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);
  g_autoptr (GArray) measured = fettle_channel_ranges_new ();
  guint next = 0;

  for (guint i = 0; i < pairs->len; i++)
    {
      GArray *layers = list_clamps (graph, &g_array_index (pairs, FettleLayerPair, i));

      g_ptr_array_add (clamps, layers);
      for (guint k = 0; k < layers->len; k++)
        fettle_channel_ranges_add (
            measured, get_output (graph, g_array_index (layers, guint, k)), 1);
    }
  if (measured->len == 0)
    return TRUE;
  if (!fettle_channel_ranges_measure (measured, tuning, graph, error))
    return FALSE;
  for (guint i = 0; i < clamps->len; i++)
    if (stay_below (clamps->pdata[i], measured, &next))
      relax (tuning, graph, clamps->pdata[i]);
  return TRUE;
}
