/* SPDX-License-Identifier: GPL-3.0-or-later */
/* observe.h: what every tensor of a graph holds over the calibration data; private to the room. */
#pragma once

#include "tuner/step.h"

G_BEGIN_DECLS

/* VALUES, N real numbers, are what TENSOR holds in sample ITEM; called in thread WORKER, for the
 * graph's input and for output 0 of each layer, where it is float or quantized. */
typedef void (*FettleObserveFunc) (guint worker, guint item, guint tensor,
                                   const float *values, gsize n, gpointer user_data);

/* How many threads fettle_observe uses for TUNING's samples. */
guint fettle_observe_count_workers (const FettleTuning *tuning);

/* Runs GRAPH, float or quantized, on each of TUNING's samples, of which there must be some; a graph with a
 * memory of earlier runs first on the samples before, as a stream, until the memory is full. What FUNC
 * writes is its worker's or its item's own. */
gboolean fettle_observe (const FettleTuning *tuning, FettleGraph *graph,
                         FettleObserveFunc func, gpointer user_data, GError **error);

/* The same on N_ITEMS of the samples, evenly spread, each by itself after a reset; ITEM counts these. */
gboolean fettle_observe_some (const FettleTuning *tuning, FettleGraph *graph,
                              guint n_items, FettleObserveFunc func, gpointer user_data,
                              GError **error);
/* The sample that is ITEM of N_ITEMS. */
guint fettle_observe_get_sample (const FettleTuning *tuning, guint item, guint n_items);

G_END_DECLS
