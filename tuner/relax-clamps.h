/* SPDX-License-Identifier: GPL-3.0-or-later */
/* relax-clamps.h: RELU6 to RELU, where nothing reaches 6; private to the room. */
#pragma once

#include "tuner/step.h"

G_BEGIN_DECLS

/* Turns each RELU6 of GRAPH that stands between two layers with weights and keeps scale from moving there,
 * fused or a layer of its own, into a RELU, if it stays below 6 on all of TUNING's samples, of which
 * there must be some; all of a pair of layers, or none. What the graph computes of other inputs may change: TUNING's report
 * says which layers. */
gboolean fettle_relax_clamps (FettleTuning *tuning, FettleGraph *graph, GError **error);

G_END_DECLS
