/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quantization-error.c: how far a tuned graph is from its float source, layer by layer. */
#include "config.h"
#include "tuner/quantization-error.h"
#include "tuner/standing-errors.h"

static FettleLayerError
convert (const FettleStandingError *found)
{
  const FettleErrorFigures *figures = &found->figures;

  return (FettleLayerError){
    .sqnr_db = figures->sqnr_db,
    .mean_square_error = figures->mean_square_error,
    .maximum_error = figures->maximum_error,
    .clipped_share = figures->clipped_share,
    .cosine = figures->cosine,
    .is_known = found->is_known,
  };
}

GArray *
fettle_quantization_error (FettleGraph *source, FettleGraph *quantized,
                           FettleSamples *samples, guint n_samples,
                           GCancellable *cancellable, GError **error)
{
  g_autoptr (FettleLayerMatch) match = NULL;
  g_autoptr (GArray) standing = NULL;
  guint n = MIN (n_samples, fettle_samples_get_n (samples));
  FettleTrialSamples spread = {
    .samples = samples, .n = n, .last = n, .cancellable = cancellable
  };
  GArray *errors;

  g_return_val_if_fail (n_samples > 0, NULL);

  match = fettle_layer_match_new (source, quantized, error);
  if (match == NULL)
    return NULL;
  standing = fettle_measure_standing (match, &spread, NULL, error);
  if (standing == NULL)
    return NULL;
  errors = g_array_sized_new (FALSE, FALSE, sizeof (FettleLayerError), standing->len);
  for (guint i = 0; i < standing->len; i++)
    {
      FettleLayerError layer =
          convert (&g_array_index (standing, FettleStandingError, i));

      g_array_append_val (errors, layer);
    }
  return errors;
}
