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
#include "tuner/layer-pairs.h"
#include "tuner/layer-weights.h"
#include "tuner/observe.h"
#include "tuner/step-kinds.h"

#include <float.h>
#include <glib/gi18n.h>
#include <math.h>

#define CONVERGED  1e-4 /* largest |log s| of a sweep */
#define MAX_SWEEPS 500

/* A channel whose range is below this part of its layer's largest holds nothing worth a scale. */
#define NEGLIGIBLE 0x1p-24

typedef struct
{
  FettleLayerPair pair;
  FettleLayerWeights *first, *second; /* borrowed */
  double
      *activation; /* range per channel on the calibration data; NULL: not to be used */
  double *total;   /* product of all s per channel */
} Link;

typedef struct
{
  FettleGraph *graph;
  GArray *links;                /* Link, in execution order */
  FettleLayerWeights **weights; /* per layer, or NULL */
  guint n_clamped;
  guint n_sweeps;
} Equalization;

static void
link_clear (gpointer data)
{
  Link *link = data;

  g_free (link->activation);
  g_free (link->total);
}

static void
equalization_init (Equalization *self, FettleGraph *graph)
{
  guint n_layers = fettle_graph_get_n_operators (graph);
  g_autoptr (GArray) pairs = fettle_layer_pairs_find (graph, &self->n_clamped);

  self->graph = graph;
  self->weights = g_new0 (FettleLayerWeights *, n_layers);
  for (guint i = 0; i < n_layers; i++)
    self->weights[i] = fettle_layer_weights_new (graph, i);
  self->links = g_array_new (FALSE, FALSE, sizeof (Link));
  g_array_set_clear_func (self->links, link_clear);
  for (guint i = 0; i < pairs->len; i++)
    {
      Link link = { .pair = g_array_index (pairs, FettleLayerPair, i) };

      link.first = self->weights[link.pair.first];
      link.second = self->weights[link.pair.second];
      if (link.first == NULL || link.second == NULL
          || link.second->n_inputs % link.pair.n_channels != 0)
        continue;
      link.total = g_new (double, link.pair.n_channels);
      for (guint c = 0; c < link.pair.n_channels; c++)
        link.total[c] = 1.0;
      g_array_append_val (self->links, link);
    }
}

static void
equalization_clear (Equalization *self)
{
  for (guint i = 0; i < fettle_graph_get_n_operators (self->graph); i++)
    if (self->weights[i] != NULL)
      fettle_layer_weights_free (self->weights[i]);
  g_free (self->weights);
  g_array_unref (self->links);
}

/* The channel of LINK that weight INDEX of its second layer reads. */
static guint
channel_read (const Link *link, gsize index)
{
  return fettle_layer_weights_get_input (link->second, index) % link->pair.n_channels;
}

static void
measure_first (const Link *link, double *ranges)
{
  for (guint c = 0; c < link->pair.n_channels; c++)
    ranges[c] = link->activation != NULL ? link->activation[c] : 0.0;
  for (gsize i = 0; i < link->first->n && link->activation == NULL; i++)
    {
      double *range = &ranges[fettle_layer_weights_get_output (link->first, i)];

      *range = MAX (*range, fabs (link->first->values[i]));
    }
}

/* Beside activations, a weight counts as a part of the largest in its row: that is what decides its
 * resolution if each output channel has a scale of its own. Else the first layer's weights would be
 * compared with something that the second one's scales undo. */
static double *
find_references (const Link *link)
{
  const FettleLayerWeights *second = link->second;
  double *references = g_new (double, second->n_outputs);

  for (guint c = 0; c < second->n_outputs; c++)
    references[c] = link->activation != NULL ? DBL_MIN : 1.0;
  for (gsize i = 0; i < second->n && link->activation != NULL; i++)
    {
      double *reference = &references[fettle_layer_weights_get_output (second, i)];

      *reference = MAX (*reference, fabs (second->values[i]));
    }
  return references;
}

static void
measure_second (const Link *link, double *ranges)
{
  const FettleLayerWeights *second = link->second;
  g_autofree double *references = find_references (link);

  for (guint c = 0; c < link->pair.n_channels; c++)
    ranges[c] = 0.0;
  for (gsize i = 0; i < second->n; i++)
    {
      double *range = &ranges[channel_read (link, i)];
      double reference = references[fettle_layer_weights_get_output (second, i)];

      *range = MAX (*range, fabs (second->values[i]) / reference);
    }
}

static double
find_largest (const double *values, guint n)
{
  double largest = 0.0;

  for (guint i = 0; i < n; i++)
    largest = MAX (largest, values[i]);
  return largest;
}

static void
scale (Link *link, const double *factors)
{
  for (gsize i = 0; i < link->first->n; i++)
    link->first->values[i] /= factors[fettle_layer_weights_get_output (link->first, i)];
  for (gsize i = 0; i < link->second->n; i++)
    link->second->values[i] *= factors[channel_read (link, i)];
  for (guint c = 0; c < link->pair.n_channels; c++)
    {
      if (link->first->bias != NULL)
        link->first->bias[c] /= factors[c];
      if (link->activation != NULL)
        link->activation[c] /= factors[c];
      link->total[c] *= factors[c];
    }
}

/* Returns the largest |log s|. */
static double
equalize_link (Link *link)
{
  guint n = link->pair.n_channels;
  g_autofree double *first = g_new (double, n);
  g_autofree double *second = g_new (double, n);
  double change = 0.0, least_first, least_second;

  measure_first (link, first);
  measure_second (link, second);
  least_first = NEGLIGIBLE * find_largest (first, n);
  least_second = NEGLIGIBLE * find_largest (second, n);
  for (guint c = 0; c < n; c++)
    {
      double factor = 1.0;

      if (first[c] > least_first && second[c] > least_second)
        factor = sqrt (first[c] / second[c]);
      change = MAX (change, fabs (log (factor)));
      first[c] = factor;
    }
  scale (link, first);
  return change;
}

static gboolean
sweep (Equalization *self, GCancellable *cancellable, GError **error)
{
  double change = INFINITY;

  for (self->n_sweeps = 0; self->n_sweeps < MAX_SWEEPS && change >= CONVERGED;
       self->n_sweeps++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      change = 0.0;
      for (guint i = 0; i < self->links->len; i++)
        {
          double link_change = equalize_link (&g_array_index (self->links, Link, i));

          change = MAX (change, link_change);
        }
    }
  return TRUE;
}

typedef struct
{
  const gint
      *offsets; /* per tensor: where its channels begin in a worker's part; -1: nowhere */
  const guint *n_channels; /* per tensor */
  gsize n_all;             /* channels */
  float *ranges;           /* per worker, per channel */
} Measurement;

static void
observe (guint worker, guint item, guint tensor, const float *values, gsize n,
         gpointer user_data)
{
  Measurement *measurement = user_data;
  float *ranges;

  if (measurement->offsets[tensor] < 0)
    return;
  ranges =
      &measurement
           ->ranges[worker * measurement->n_all + (gsize)measurement->offsets[tensor]];
  for (gsize i = 0; i < n; i++)
    {
      float *range = &ranges[i % measurement->n_channels[tensor]];

      *range = MAX (*range, fabsf (values[i]));
    }
}

static double *
merge_ranges (const Measurement *measurement, guint tensor, guint n_workers)
{
  double *merged = g_new0 (double, measurement->n_channels[tensor]);

  for (guint worker = 0; worker < n_workers; worker++)
    for (guint c = 0; c < measurement->n_channels[tensor]; c++)
      {
        gsize place =
            worker * measurement->n_all + (gsize)measurement->offsets[tensor] + c;

        merged[c] = MAX (merged[c], (double)measurement->ranges[place]);
      }
  return merged;
}

static gboolean
measure_activations (Equalization *self, const FettleTuning *tuning, GError **error)
{
  guint n_tensors = fettle_graph_get_n_tensors (self->graph);
  guint n_workers = fettle_observe_count_workers (tuning);
  g_autofree gint *offsets = g_new (gint, n_tensors);
  g_autofree guint *n_channels = g_new0 (guint, n_tensors);
  g_autofree float *ranges = NULL;
  Measurement measurement = { .offsets = offsets, .n_channels = n_channels };

  for (guint i = 0; i < n_tensors; i++)
    offsets[i] = -1;
  for (guint i = 0; i < self->links->len; i++)
    {
      const FettleLayerPair *pair = &g_array_index (self->links, Link, i).pair;

      offsets[pair->activation] = (gint)measurement.n_all;
      n_channels[pair->activation] = pair->n_channels;
      measurement.n_all += pair->n_channels;
    }
  measurement.ranges = ranges = g_new0 (float, n_workers *measurement.n_all);
  if (!fettle_observe (tuning, self->graph, observe, &measurement, error))
    return FALSE;
  for (guint i = 0; i < self->links->len; i++)
    {
      Link *link = &g_array_index (self->links, Link, i);

      link->activation = merge_ranges (&measurement, link->pair.activation, n_workers);
    }
  return TRUE;
}

/* The values between the two layers are others than in the source now: under their old names they would
 * be compared with those. */
static void
rename_activations (const Link *link, FettleGraph *graph)
{
  for (guint layer = link->pair.first; layer != link->pair.second;)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
      gint32 output = fettle_operator_get_output (operator_, 0);
      FettleTensor *tensor = fettle_graph_get_tensor (graph, (guint)output);
      char *name = g_strconcat (tensor->name, "/equalized", NULL);

      g_free (tensor->name);
      tensor->name = name;
      /* Nothing but the next layer of the chain reads it. */
      while (fettle_operator_get_input (fettle_graph_get_operator (graph, layer), 0)
             != output)
        layer++;
    }
}

static void
report_link (FettleTuning *tuning, const Link *link, FettleGraph *graph)
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
report (FettleTuning *tuning, const Equalization *self)
{
  for (guint i = 0; i < self->links->len; i++)
    report_link (tuning, &g_array_index (self->links, Link, i), self->graph);
  if (self->links->len == 0)
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

static gboolean
equalize (Equalization *self, FettleTuning *tuning, const FettleStep *step,
          GError **error)
{
  if (g_str_equal (fettle_step_get_choice (step, "method"), "activations")
      && !(fettle_step_require_samples (tuning, step, error)
           && measure_activations (self, tuning, error)))
    return FALSE;
  if (!sweep (self, tuning->cancellable, error))
    return FALSE;
  for (guint i = 0; i < fettle_graph_get_n_operators (self->graph); i++)
    if (self->weights[i] != NULL)
      fettle_layer_weights_store (self->weights[i], self->graph, i);
  for (guint i = 0; i < self->links->len; i++)
    rename_activations (&g_array_index (self->links, Link, i), self->graph);
  report (tuning, self);
  fettle_graph_drop_unused_tensors (self->graph);
  return fettle_graph_validate (self->graph, error);
}

static gboolean
apply (FettleTuning *tuning, const FettleStep *step, GError **error)
{
  g_autoptr (FettleGraph) graph = NULL;
  Equalization equalization = { NULL };
  gboolean is_complete;

  if (!fettle_step_require_float (tuning->graph, error))
    return FALSE;
  graph = fettle_graph_copy (tuning->graph);
  equalization_init (&equalization, graph);
  is_complete = equalize (&equalization, tuning, step, error);
  equalization_clear (&equalization);
  if (!is_complete)
    return FALSE;
  /* The activations have other ranges now. */
  g_clear_pointer (&tuning->ranges, g_array_unref);
  g_set_object (&tuning->graph, graph);
  return TRUE;
}

static const char *const methods[] = { "weights", "activations", NULL };

static const FettleParameter parameters[] = {
  { .name = "method",
    .type = FETTLE_PARAMETER_CHOICE,
    .description = N_ ("What is balanced against the weights of the next layer"),
    .choices = methods },
};

const FettleStepKind fettle_step_equalize = {
  .name = "equalize",
  .description = N_ ("Balance the channels between layers"),
  .parameters = parameters,
  .n_parameters = G_N_ELEMENTS (parameters),
  .apply = apply,
};
