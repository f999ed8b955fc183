/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quantization-error.c: how far a tuned graph is from its float source, layer by layer. */
#include "config.h"
#include "model/runner.h"
#include "tuner/quantization-error.h"

#include <math.h>

/* Sums over all samples for one layer of the quantized graph. */
typedef struct
{
  gint32 source_layer; /* -1: none */
  double signal;
  double error;
  double maximum_error;
  guint64 n_clipped;
  guint64 n;
} LayerSums;

typedef struct
{
  FettleGraph *source;
  FettleGraph *quantized;
  FettleRunner *source_runner;
  FettleRunner *quantized_runner;
  float **references; /* per layer of SOURCE: its output for the current sample */
  LayerSums *sums;    /* per layer of QUANTIZED */
} Comparison;

static const FettleTensor *
get_output (FettleGraph *graph, guint layer)
{
  gint32 output =
      fettle_operator_get_output (fettle_graph_get_operator (graph, layer), 0);

  return fettle_graph_get_tensor (graph, (guint)output);
}

static void
match_layers (Comparison *comparison)
{
  g_autoptr (GHashTable) layers = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < fettle_graph_get_n_operators (comparison->source); i++)
    {
      const FettleTensor *tensor = get_output (comparison->source, i);

      comparison->references[i] = g_new (float, fettle_tensor_get_n_elements (tensor));
      g_hash_table_insert (layers, tensor->name, GUINT_TO_POINTER (i));
    }
  for (guint i = 0; i < fettle_graph_get_n_operators (comparison->quantized); i++)
    {
      const FettleTensor *tensor = get_output (comparison->quantized, i);
      gpointer layer;
      gboolean is_known =
          g_hash_table_lookup_extended (layers, tensor->name, NULL, &layer)
          && fettle_tensor_get_n_elements (
                 get_output (comparison->source, GPOINTER_TO_UINT (layer)))
                 == fettle_tensor_get_n_elements (tensor);

      comparison->sums[i].source_layer = is_known ? (gint32)GPOINTER_TO_UINT (layer) : -1;
    }
}

static void
keep_reference (guint layer, gconstpointer output, gsize size, gpointer user_data)
{
  Comparison *comparison = user_data;
  const FettleTensor *tensor = get_output (comparison->source, layer);

  fettle_tensor_decode (tensor, output, comparison->references[layer],
                        fettle_tensor_get_n_elements (tensor));
}

/* Real values more than half a step beyond these cannot be represented. */
static void
find_limits (const FettleTensor *tensor, double *lowest, double *highest)
{
  float scale;
  gint32 zero_point;

  *lowest = -INFINITY;
  *highest = INFINITY;
  if (tensor->type != FETTLE_TYPE_INT8)
    return;
  fettle_tensor_get_scale (tensor, &scale, &zero_point);
  *lowest = (double)scale * (G_MININT8 - zero_point - 0.5);
  *highest = (double)scale * (G_MAXINT8 - zero_point + 0.5);
}

static void
compare_layer (guint layer, gconstpointer output, gsize size, gpointer user_data)
{
  Comparison *comparison = user_data;
  const FettleTensor *tensor = get_output (comparison->quantized, layer);
  gsize n = fettle_tensor_get_n_elements (tensor);
  LayerSums *sums = &comparison->sums[layer];
  g_autofree float *values = NULL;
  const float *reference;
  double lowest, highest;

  if (sums->source_layer < 0)
    return;
  reference = comparison->references[sums->source_layer];
  values = g_new (float, n);
  fettle_tensor_decode (tensor, output, values, n);
  find_limits (tensor, &lowest, &highest);
  for (gsize i = 0; i < n; i++)
    {
      double expected = (double)reference[i];
      double error = fabs ((double)values[i] - expected);

      sums->signal += expected * expected;
      sums->error += error * error;
      sums->maximum_error = MAX (sums->maximum_error, error);
      sums->n_clipped += expected < lowest || expected > highest;
    }
  sums->n += n;
}

static gboolean
run_graph (FettleRunner *runner, FettleGraph *graph, const float *values, gsize n,
           FettleLayerFunc func, Comparison *comparison, GCancellable *cancellable,
           GError **error)
{
  const FettleTensor *input =
      fettle_graph_get_tensor (graph, fettle_graph_get_input (graph, 0));
  gsize size;

  fettle_runner_reset (runner);
  fettle_tensor_encode (input, values, fettle_runner_get_input (runner, 0, &size), n);
  return fettle_runner_run (runner, func, comparison, cancellable, error);
}

static gboolean
compare_samples (Comparison *comparison, FettleSamples *samples, guint n_samples,
                 GCancellable *cancellable, GError **error)
{
  gsize size = fettle_samples_get_size (samples);
  g_autofree float *values = g_new (float, size);

  for (guint i = 0; i < MIN (n_samples, fettle_samples_get_n (samples)); i++)
    {
      fettle_samples_read (samples, i, values);
      if (!fettle_samples_check_finite (samples, i, values, error)
          || !run_graph (comparison->source_runner, comparison->source, values, size,
                         keep_reference, comparison, cancellable, error)
          || !run_graph (comparison->quantized_runner, comparison->quantized, values,
                         size, compare_layer, comparison, cancellable, error))
        return FALSE;
    }
  return TRUE;
}

static FettleLayerError
summarize (const LayerSums *sums)
{
  FettleLayerError layer = { .is_known = sums->n > 0 };

  if (!layer.is_known)
    return layer;
  layer.sqnr_db =
      sums->error > 0.0 ? 10.0 * log10 (sums->signal / sums->error) : INFINITY;
  layer.mean_square_error = sums->error / (double)sums->n;
  layer.maximum_error = sums->maximum_error;
  layer.clipped_share = (double)sums->n_clipped / (double)sums->n;
  return layer;
}

static FettleRunner *
make_runner (FettleGraph *graph, GError **error)
{
  g_autoptr (FettleLowered) lowered = fettle_lower (graph, NULL, error);

  return lowered != NULL ? fettle_runner_new (lowered->image, error) : NULL;
}

GArray *
fettle_quantization_error (FettleGraph *source, FettleGraph *quantized,
                           FettleSamples *samples, guint n_samples,
                           GCancellable *cancellable, GError **error)
{
  g_autoptr (FettleRunner) source_runner = NULL;
  g_autoptr (FettleRunner) quantized_runner = NULL;
  guint n_source, n_quantized;
  Comparison comparison;
  GArray *errors = NULL;

  g_return_val_if_fail (FETTLE_IS_GRAPH (source) && FETTLE_IS_GRAPH (quantized), NULL);
  g_return_val_if_fail (samples != NULL, NULL);

  source_runner = make_runner (source, error);
  quantized_runner = source_runner != NULL ? make_runner (quantized, error) : NULL;
  if (quantized_runner == NULL)
    return NULL;
  n_source = fettle_graph_get_n_operators (source);
  n_quantized = fettle_graph_get_n_operators (quantized);
  comparison = (Comparison){ .source = source,
                             .quantized = quantized,
                             .source_runner = source_runner,
                             .quantized_runner = quantized_runner,
                             .references = g_new0 (float *, n_source),
                             .sums = g_new0 (LayerSums, n_quantized) };
  match_layers (&comparison);
  if (compare_samples (&comparison, samples, n_samples, cancellable, error))
    {
      errors = g_array_sized_new (FALSE, FALSE, sizeof (FettleLayerError), n_quantized);
      for (guint i = 0; i < n_quantized; i++)
        {
          FettleLayerError layer = summarize (&comparison.sums[i]);

          g_array_append_val (errors, layer);
        }
    }
  for (guint i = 0; i < n_source; i++)
    g_free (comparison.references[i]);
  g_free (comparison.references);
  g_free (comparison.sums);
  return errors;
}
