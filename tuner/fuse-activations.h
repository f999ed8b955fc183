/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuse-activations.h: RELU, RELU6 and RELU_N1_TO_1 into the layer before them; private to the room. */
#pragma once

#include "tuner/step.h"

G_BEGIN_DECLS

/* Merges each clamp of its own with the layer that computes its input, where that layer can clamp and
 * nothing else reads it, and tells TUNING's report. The function computed stays the same, quantized
 * ones to the byte; so do tensor numbers. Returns how many were merged. */
guint fettle_fuse_activations (FettleTuning *tuning, FettleGraph *graph);

G_END_DECLS
