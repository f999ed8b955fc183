/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tensor-spread.h: how one tensor's values are spread; private to the room. */
#pragma once

#include "tuner/tensor-histograms.h"

G_BEGIN_DECLS

/* Empty; TENSOR is of the quantized graph and has N_CHANNELS. */
FettleTensorSpread *fettle_tensor_spread_new (FettleSpreadKind kind, guint layer,
                                              const FettleTensor *tensor,
                                              guint n_channels);
void fettle_tensor_spread_free (FettleTensorSpread *spread);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleTensorSpread, fettle_tensor_spread_free)

/* All channels together as WHOLE, and empty histograms for what they hold; for each channel too if HAS_CHANNELS. */
void fettle_tensor_spread_summarize (FettleTensorSpread *spread, gboolean has_channels);
/* Counts VALUES, N of them, in the histograms; the channel changes after each RUN. */
void fettle_tensor_spread_count (FettleTensorSpread *spread, FettleSide side,
                                 const float *values, gsize n, gsize run);

/* The spreads of the weights of LAYER of the match's quantized graph, complete, are appended to TENSORS. *N_HISTOGRAMS
 * counts the channels that have some. */
void fettle_spread_weights (const FettleLayerMatch *match, guint layer,
                            GPtrArray *tensors, gsize *n_histograms);

/* Measures SPREADS, FettleTensorSpread of activations; see fettle_measure_spread for the rest. */
gboolean
fettle_spread_activations (const FettleLayerMatch *match, GPtrArray *spreads,
                           FettleSamples *samples, guint n_samples, gsize *n_histograms,
                           void (*progress) (double fraction, gpointer user_data),
                           gpointer user_data, GCancellable *cancellable, GError **error);

G_END_DECLS
