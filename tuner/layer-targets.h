/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-targets.h: what the layers of a quantized graph should compute, from the float graph; private to
 * the room. */
#pragma once

#include "tuner/layer-columns.h"

G_BEGIN_DECLS

/* Of one layer with weights. Sums are those of weights and inputs, without bias and activation. */
typedef struct
{
  FettleLayerColumns columns;
  double *weights; /* of the float layer: n_columns for each output channel */
  double *bias;    /* of the float layer, per output channel; zeros if it has none */
  guint n_columns_wanted; /* to look at in all samples, if there are so many */
  guint n_items;          /* samples looked at, as in fettle_observe_some */
  gsize n_per_item;       /* positions looked at in each */
  float *sums; /* [item][position][output channel]; NULL if the input is not observed */
  double *mean_sums; /* [item][output channel], over all positions; NULL as well */
} FettleLayerTarget;

/* Of LAYER of the quantized GRAPH: columns, weights and bias of its counterpart in the float REFERENCE, nothing
 * that needs samples; INPUT receives the counterpart's input there. NULL if it has none. */
FettleLayerTarget *fettle_layer_target_new (FettleGraph *reference, FettleGraph *graph,
                                            guint layer, gint32 *input);
void fettle_layer_target_free (FettleLayerTarget *target);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleLayerTarget, fettle_layer_target_free)

/* Position number K of those looked at in ITEM. */
gsize fettle_layer_target_get_position (const FettleLayerTarget *target, guint item,
                                        gsize k);
/* The sums wanted there, per output channel. */
const float *fettle_layer_target_get_sums (const FettleLayerTarget *target, guint item,
                                           gsize k);
/* The mean over all positions of one sample's sums, per output channel, into SUMS; WEIGHTS as in a target. */
void fettle_layer_columns_mean_sums (const FettleLayerColumns *columns,
                                     const double *weights, const float *input,
                                     double *sums);

/* Which of the two a step needs. */
typedef enum
{
  FETTLE_TARGET_SUMS,
  FETTLE_TARGET_MEANS,
} FettleTargetKind;

/* One FettleLayerTarget per layer of GRAPH, NULL where the layer has no float counterpart in TUNING's
 * reference; runs the reference on N_ITEMS samples. */
GPtrArray *fettle_layer_targets_new (const FettleTuning *tuning, FettleGraph *graph,
                                     guint n_items, FettleTargetKind kind,
                                     GError **error);

G_END_DECLS
