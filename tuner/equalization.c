/* SPDX-License-Identifier: GPL-3.0-or-later */
/* equalization.c: the factors by which scale moves between layers. */
#include "config.h"
#include "tuner/equalization.h"

#include <float.h>
#include <math.h>

#define CONVERGED  1e-4 /* largest |log s| of a sweep */
#define MAX_SWEEPS 500

/* A channel whose range is below this part of its layer's largest holds nothing worth a scale. */
#define NEGLIGIBLE 0x1p-24

static void
link_clear (gpointer data)
{
  FettleEqualizationLink *link = data;

  g_free (link->activation);
  g_free (link->total);
}

void
fettle_equalization_init (FettleEqualization *self, FettleGraph *graph)
{
  guint n_layers = fettle_graph_get_n_operators (graph);
  g_autoptr (GArray) pairs = fettle_layer_pairs_find (graph, &self->n_clamped);

  self->graph = graph;
  self->weights = g_new0 (FettleLayerWeights *, n_layers);
  for (guint i = 0; i < n_layers; i++)
    self->weights[i] = fettle_layer_weights_new (graph, i);
  self->links = g_array_new (FALSE, FALSE, sizeof (FettleEqualizationLink));
  g_array_set_clear_func (self->links, link_clear);
  for (guint i = 0; i < pairs->len; i++)
    {
      FettleEqualizationLink link = { .pair = g_array_index (pairs, FettleLayerPair, i) };

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

void
fettle_equalization_clear (FettleEqualization *self)
{
  for (guint i = 0; i < fettle_graph_get_n_operators (self->graph); i++)
    if (self->weights[i] != NULL)
      fettle_layer_weights_free (self->weights[i]);
  g_free (self->weights);
  g_array_unref (self->links);
}

/* The channel of LINK that weight INDEX of its second layer reads. */
static guint
channel_read (const FettleEqualizationLink *link, gsize index)
{
  return fettle_layer_weights_get_input (link->second, index) % link->pair.n_channels;
}

static void
measure_first (const FettleEqualizationLink *link, double *ranges)
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
find_references (const FettleEqualizationLink *link)
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
measure_second (const FettleEqualizationLink *link, double *ranges)
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
scale (FettleEqualizationLink *link, const double *factors)
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
equalize_link (FettleEqualizationLink *link)
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
sweep (FettleEqualization *self, GCancellable *cancellable, GError **error)
{
  double change = INFINITY;

  for (guint i = 0; i < MAX_SWEEPS && change >= CONVERGED; i++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      change = 0.0;
      for (guint k = 0; k < self->links->len; k++)
        {
          double link_change =
              equalize_link (&g_array_index (self->links, FettleEqualizationLink, k));

          change = MAX (change, link_change);
        }
    }
  return TRUE;
}

/* How far apart the factors of LINK's channels are: the largest over the least. */
static double
find_spread (const FettleEqualizationLink *link)
{
  double least = INFINITY, largest = 0.0;

  for (guint c = 0; c < link->pair.n_channels; c++)
    {
      /* A channel that holds nothing has taken no part. */
      if (link->total[c] == 1.0)
        continue;
      least = MIN (least, link->total[c]);
      largest = MAX (largest, link->total[c]);
    }
  return largest > 0.0 ? largest / least : 1.0;
}

static void
leave_balanced (FettleEqualization *self, double spread)
{
  for (guint i = self->links->len; i-- > 0;)
    {
      FettleEqualizationLink *link =
          &g_array_index (self->links, FettleEqualizationLink, i);
      g_autofree double *inverse = NULL;

      if (find_spread (link) >= spread)
        continue;
      inverse = g_new (double, link->pair.n_channels);
      for (guint c = 0; c < link->pair.n_channels; c++)
        inverse[c] = 1.0 / link->total[c];
      scale (link, inverse);
      g_array_remove_index (self->links, i);
      self->n_balanced++;
    }
}

gboolean
fettle_equalization_run (FettleEqualization *self, double spread,
                         GCancellable *cancellable, GError **error)
{
  if (!sweep (self, cancellable, error))
    return FALSE;
  leave_balanced (self, spread);
  return self->n_balanced == 0 || sweep (self, cancellable, error);
}
