/* SPDX-License-Identifier: GPL-3.0-or-later */
/* step-equalize.c: cross-layer equalization: scale moved between layers, channel by channel.
 *
 * For a layer, a ReLU or nothing, and a next layer, dividing channel i of the first one's weights and
 * bias by s_i and multiplying the second one's weights for it by s_i changes nothing, for s_i > 0.
 * Chosen well, no channel is small beside the others with which it shares a scale.
 * Nagel et al., "Data-Free Quantization", arXiv:1906.04721; with activations in place of the first
 * layer's weights it is SmoothQuant's migration, arXiv:2211.10438. A depthwise layer between two
 * others needs no formula of its own: the sweeps over pairs end where the three ranges are equal. */
#include "config.h"
#include "tuner/channel-ranges.h"
#include "tuner/equalization.h"
#include "tuner/relax-clamps.h"
#include "tuner/step-kinds.h"

#include <glib/gi18n.h>
#include <math.h>

static gboolean
measure_activations (FettleEqualization *self, const FettleTuning *tuning, GError **error)
{
  g_autoptr (GArray) all = fettle_channel_ranges_new ();

  for (guint i = 0; i < self->links->len; i++)
    {
      const FettleLayerPair *pair =
          &g_array_index (self->links, FettleEqualizationLink, i).pair;

      fettle_channel_ranges_add (all, pair->activation, pair->n_channels);
    }
  if (!fettle_channel_ranges_measure (all, tuning, self->graph, error))
    return FALSE;
  for (guint i = 0; i < self->links->len; i++)
    g_array_index (self->links, FettleEqualizationLink, i).activation =
        g_steal_pointer (&g_array_index (all, FettleChannelRanges, i).ranges);
  return TRUE;
}

static void
report_link (FettleTuning *tuning, const FettleEqualizationLink *link, FettleGraph *graph)
{
  double least = INFINITY, largest = 0.0;

  for (guint c = 0; c < link->pair.n_channels; c++)
    {
      least = MIN (least, link->total[c]);
      largest = MAX (largest, link->total[c]);
    }
  fettle_tuning_report (
      tuning, NULL,
      _ ("Equalized %u channels from layer %u (%s) to layer %u (%s): "
         "factors from %.3g to %.3g."),
      link->pair.n_channels, link->pair.first,
      fettle_graph_get_operator (graph, link->pair.first)->name, link->pair.second,
      fettle_graph_get_operator (graph, link->pair.second)->name, least, largest);
}

static void
report (FettleTuning *tuning, const FettleEqualization *self)
{
  for (guint i = 0; i < self->links->len; i++)
    report_link (tuning, &g_array_index (self->links, FettleEqualizationLink, i),
                 self->graph);
  if (self->n_balanced > 0)
    fettle_tuning_report (tuning, NULL,
                          ngettext ("Left %u pair of layers as it is: its channels are "
                                    "balanced well enough.",
                                    "Left %u pairs of layers as they are: their "
                                    "channels are balanced well enough.",
                                    self->n_balanced),
                          self->n_balanced);
  if (self->links->len + self->n_balanced == 0)
    fettle_tuning_report (tuning, NULL,
                          _ ("Equalized nothing: no two layers with weights follow "
                             "each other with only a ReLU, pooling or the like "
                             "between them."));
  if (self->n_clamped > 0)
    fettle_tuning_report (tuning, NULL,
                          ngettext ("Left %u pair of layers as it is: a ReLU6 between "
                                    "them does not let scale pass.",
                                    "Left %u pairs of layers as they are: a ReLU6 "
                                    "between them does not let scale pass.",
                                    self->n_clamped),
                          self->n_clamped);
}

/* What the activations are without data, nobody knows; the weights' ranges are then used instead. */
static gboolean
use_activations (FettleTuning *tuning, const FettleStep *step)
{
  if (!g_str_equal (fettle_step_get_choice (step, "method"), "activations"))
    return FALSE;
  if (tuning->samples == NULL)
    fettle_tuning_report (tuning, NULL,
                          _ ("Warning: without calibration data, channels are equalized "
                             "by their weights instead of their activations."));
  return tuning->samples != NULL;
}

static gboolean
equalize (FettleEqualization *self, FettleTuning *tuning, const FettleStep *step,
          GError **error)
{
  if (use_activations (tuning, step) && !measure_activations (self, tuning, error))
    return FALSE;
  if (!fettle_equalization_run (self, fettle_step_get_number (step, "spread"),
                                tuning->cancellable, error))
    return FALSE;
  for (guint i = 0; i < fettle_graph_get_n_operators (self->graph); i++)
    if (self->weights[i] != NULL)
      fettle_layer_weights_store (self->weights[i], self->graph, i);
  for (guint i = 0; i < self->links->len; i++)
    fettle_layer_pair_rename (
        &g_array_index (self->links, FettleEqualizationLink, i).pair, self->graph,
        "/equalized");
  report (tuning, self);
  fettle_graph_drop_unused_tensors (self->graph);
  return fettle_graph_validate (self->graph, error);
}

static gboolean
apply (FettleTuning *tuning, const FettleStep *step, GError **error)
{
  g_autoptr (FettleGraph) graph = NULL;
  FettleEqualization equalization = { NULL };
  gboolean is_complete;

  if (!fettle_step_require_float (tuning->graph, error))
    return FALSE;
  graph = fettle_graph_copy (tuning->graph);
  if (tuning->samples != NULL
      && g_str_equal (fettle_step_get_choice (step, "relu6"), "replace")
      && !fettle_relax_clamps (tuning, graph, error))
    return FALSE;
  fettle_equalization_init (&equalization, graph);
  is_complete = equalize (&equalization, tuning, step, error);
  fettle_equalization_clear (&equalization);
  if (!is_complete)
    return FALSE;
  /* The activations have other ranges now. */
  g_clear_pointer (&tuning->ranges, g_array_unref);
  g_set_object (&tuning->graph, graph);
  return TRUE;
}

static const char *const methods[] = { "weights", "activations", NULL };

static const char *const clamps[] = { "replace", "keep", NULL };

static const FettleParameter parameters[] = {
  { .name = "method",
    .type = FETTLE_PARAMETER_CHOICE,
    .description = N_ ("What is balanced against the weights of the next layer"),
    .choices = methods },
  { .name = "relu6",
    .type = FETTLE_PARAMETER_CHOICE,
    .description = N_ ("Whether a RELU6 that no sample makes clamp at 6 becomes a RELU"),
    .choices = clamps },
  { .name = "spread",
    .type = FETTLE_PARAMETER_NUMBER,
    .description = N_ ("How far apart the factors of a pair's channels must be, the "
                       "largest over the least, for the pair to be balanced"),
    .minimum = 1.0,
    .maximum = 1e6,
    .default_number = 1.0 },
};

const FettleStepKind fettle_step_equalize = {
  .name = "equalize",
  .description = N_ ("Balance the channels between layers"),
  .parameters = parameters,
  .n_parameters = G_N_ELEMENTS (parameters),
  .apply = apply,
};
