/* SPDX-License-Identifier: GPL-3.0-or-later */
/* change-layers.h: the constants of a quantized graph's layers, changed one layer after the other; private to
 * the room. */
#pragma once

#include "tuner/layer-targets.h"
#include "tuner/layer-walk.h"

G_BEGIN_DECLS

/* LAYER of GRAPH is next on the WALK; the layers before it are changed already. Its constants are its own.
 * TARGET is what it should compute. TUNING takes the layer's progress. */
typedef gboolean (*FettleChangeLayerFunc) (FettleTuning *tuning, FettleLayerWalk *walk,
                                           FettleGraph *graph, guint layer,
                                           const FettleLayerTarget *target,
                                           gpointer user_data, GError **error);

/* Replaces TUNING's graph by one whose layers FUNC has changed, those that have a float counterpart. For
 * STEP, which needs a reference; without samples nothing changes, with a warning. */
gboolean fettle_change_layers (FettleTuning *tuning, const FettleStep *step,
                               FettleTargetKind kind, FettleChangeLayerFunc func,
                               gpointer user_data, GError **error);

G_END_DECLS
