/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tensor-histograms.h: how weights and activations are spread, in float and as the integers that stand for them.
 *
 * Both graphs are run by the runtime on the same samples: the float graph's values are its own, the quantized
 * graph's are what its integers stand for, errors of all layers before included. Values go through fixed numbers of
 * bins and sums, so memory does not grow with the data. */
#pragma once

#include "tuner/samples.h"
#include "tuner/value-histogram.h"

G_BEGIN_DECLS

/* A tensor with more channels counts as one channel. */
#define FETTLE_SPREAD_MAX_CHANNELS 4096
/* So many channels have a histogram of their own, 1 KiB each; layers beyond have none. */
#define FETTLE_SPREAD_MAX_HISTOGRAMS 8192

typedef enum
{
  FETTLE_SPREAD_WEIGHTS,     /* a constant operand, by output channel */
  FETTLE_SPREAD_ACTIVATIONS, /* output 0 of a layer, by its last axis */
} FettleSpreadKind;

typedef struct
{
  FettleSpreadKind kind;
  guint layer; /* of the quantized graph */
  char *name;  /* of the tensor in the quantized graph */
  FettleType type;
  FettleValueSpread whole;
  FettleValueHistogram histogram;
  guint n_channels; /* at least 1 */
  FettleValueSpread *channels;
  FettleValueHistogram *channel_histograms; /* NULL if there were too many */
} FettleTensorSpread;

typedef struct
{
  guint n_samples;
  GPtrArray *tensors; /* FettleTensorSpread, by layer, weights first */
} FettleSpreadReport;

/* REFERENCE is the float graph that QUANTIZED was made from. Measured on at most N_SAMPLES of SAMPLES, evenly
 * spread; SAMPLES NULL: weights only. LAYER: of that layer of QUANTIZED only; -1: all. Layers without a counterpart
 * in REFERENCE and operands that are not integers are left out. Each sample costs two runs of each graph; the figures do
 * not depend on the number of threads. PROGRESS (may be NULL) is called in the calling thread. */
FettleSpreadReport *
fettle_measure_spread (FettleGraph *reference, FettleGraph *quantized,
                       FettleSamples *samples, guint n_samples, int layer,
                       void (*progress) (double fraction, gpointer user_data),
                       gpointer user_data, GCancellable *cancellable, GError **error);
void fettle_spread_report_free (FettleSpreadReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleSpreadReport, fettle_spread_report_free)

/* The first tensor of KIND in LAYER; NULL if there is none. */
const FettleTensorSpread *fettle_spread_report_find (const FettleSpreadReport *report,
                                                     guint layer, FettleSpreadKind kind);

/* How unequal the channels are: the widest float range over the median one of those that are not 0. NaN if there
 * are fewer than two. */
double fettle_tensor_spread_get_imbalance (const FettleTensorSpread *spread);

G_END_DECLS
