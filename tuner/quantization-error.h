/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quantization-error.h: how far a tuned graph is from its float source, layer by layer. */
#pragma once

#include "tuner/samples.h"

G_BEGIN_DECLS

typedef struct
{
  double sqnr_db; /* 10 log10 (signal power / error power); infinity without an error */
  double mean_square_error;
  double maximum_error;
  double clipped_share; /* 0..1: float values that the integer type cannot represent */
  double cosine;        /* of the angle between both, -1..1 */
  gboolean is_known;    /* FALSE: the layer has no counterpart in the float graph */
} FettleLayerError;

/* One entry per operator of QUANTIZED, both graphs run on at most N_SAMPLES samples, evenly spread
 * over all. Layers are matched by the name of their output tensor. Free with g_array_unref. */
GArray *fettle_quantization_error (FettleGraph *source, FettleGraph *quantized,
                                   FettleSamples *samples, guint n_samples,
                                   GCancellable *cancellable, GError **error);

G_END_DECLS
