/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tensor-histograms.c: how weights and activations are spread, in float and as integers. */
#include "config.h"
#include "tuner/tensor-histograms.h"
#include "tuner/tensor-spread.h"

static void
free_spread (gpointer data)
{
  fettle_tensor_spread_free (data);
}

/* Weights complete, activations still empty; the latter also go to ACTIVATIONS. */
static void
add_layer (FettleSpreadReport *report, const FettleLayerMatch *match, guint layer,
           gboolean has_samples, GPtrArray *activations, gsize *n_histograms)
{
  gint32 pair = fettle_layer_match_get_pair (match, layer);
  const FettleTensor *tensor;
  FettleTensorSpread *spread;

  fettle_spread_weights (match, layer, report->tensors, n_histograms);
  if (!has_samples || pair < 0)
    return;
  tensor = fettle_layer_match_get_tensor (match, FETTLE_SIDE_QUANTIZED, pair);
  spread = fettle_tensor_spread_new (
      FETTLE_SPREAD_ACTIVATIONS, layer, tensor,
      tensor->rank > 0 ? (guint)tensor->shape[tensor->rank - 1] : 1);
  g_ptr_array_add (report->tensors, spread);
  g_ptr_array_add (activations, spread);
}

FettleSpreadReport *
fettle_measure_spread (FettleGraph *reference, FettleGraph *quantized,
                       FettleSamples *samples, guint n_samples, int layer,
                       void (*progress) (double fraction, gpointer user_data),
                       gpointer user_data, GCancellable *cancellable, GError **error)
{
  g_autoptr (FettleLayerMatch) match = NULL;
  g_autoptr (FettleSpreadReport) report = NULL;
  g_autoptr (GPtrArray) activations = g_ptr_array_new ();
  gsize n_histograms = 0;

  g_return_val_if_fail (samples == NULL || n_samples > 0, NULL);
  g_return_val_if_fail (layer < (int)fettle_graph_get_n_operators (quantized), NULL);

  match = fettle_layer_match_new (reference, quantized, error);
  if (match == NULL)
    return NULL;
  report = g_new0 (FettleSpreadReport, 1);
  report->tensors = g_ptr_array_new_with_free_func (free_spread);
  report->n_samples =
      samples != NULL ? MIN (n_samples, fettle_samples_get_n (samples)) : 0;
  for (guint i = 0; i < fettle_graph_get_n_operators (quantized); i++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      if (layer < 0 || (guint)layer == i)
        add_layer (report, match, i, samples != NULL, activations, &n_histograms);
    }
  if (activations->len > 0
      && !fettle_spread_activations (match, activations, samples, n_samples,
                                     &n_histograms, progress, user_data, cancellable,
                                     error))
    return NULL;
  return g_steal_pointer (&report);
}

void
fettle_spread_report_free (FettleSpreadReport *report)
{
  if (report == NULL)
    return;
  g_ptr_array_unref (report->tensors);
  g_free (report);
}

const FettleTensorSpread *
fettle_spread_report_find (const FettleSpreadReport *report, guint layer,
                           FettleSpreadKind kind)
{
  g_return_val_if_fail (report != NULL, NULL);

  for (guint i = 0; i < report->tensors->len; i++)
    {
      const FettleTensorSpread *spread = g_ptr_array_index (report->tensors, i);

      if (spread->layer == layer && spread->kind == kind)
        return spread;
    }
  return NULL;
}
