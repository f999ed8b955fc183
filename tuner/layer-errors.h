/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-errors.h: what each layer's quantization costs, measured both ways on the runtime.
 *
 * The graphs that are measured are run, not simulated. "Only this layer": its integer kernel in the float
 * graph; what it reads is quantized to the scales it has in the quantized graph, what it writes is
 * dequantized. "All but this layer": its float counterpart in the quantized graph; what it reads is
 * dequantized, what it writes is quantized again for whoever reads it in integers. A layer without a counterpart
 * (one that only rescales or converts) goes with those that read it. */
#pragma once

#include "tuner/output-error.h"
#include "tuner/samples.h"

G_BEGIN_DECLS

/* Errors of one graph, against the float graph. */
typedef struct
{
  FettleErrorFigures layer;   /* at the layer's output */
  FettleOutputFigures output; /* at output 0 of the model */
} FettleMixedErrors;

typedef struct
{
  gboolean is_known; /* FALSE: no counterpart in the float graph; the rest is 0 */
  FettleErrorFigures standing; /* at the layer's output, all layers quantized */
  FettleMixedErrors only;      /* only this layer quantized */
  FettleMixedErrors all_but;   /* all but this layer quantized */
} FettleLayerErrors;

typedef struct
{
  guint n_samples;
  FettleOutputKind kind;
  FettleOutputFigures output; /* all layers quantized */
  GArray *layers;             /* FettleLayerErrors per layer of the quantized graph */
} FettleErrorReport;

/* Measures on at most N_SAMPLES samples, evenly spread over all, in as many threads as
 * fettle_parallel_count_workers says; the figures do not depend on it. Each layer costs three runs of a whole
 * graph per sample. PROGRESS (may be NULL) gets the share that is done, in the calling thread. */
FettleErrorReport *fettle_measure_layer_errors (
    FettleGraph *reference, FettleGraph *quantized, FettleSamples *samples,
    guint n_samples, void (*progress) (double fraction, gpointer user_data),
    gpointer user_data, GCancellable *cancellable, GError **error);
void fettle_error_report_free (FettleErrorReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleErrorReport, fettle_error_report_free)

G_END_DECLS
