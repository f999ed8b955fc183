/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fold.h: what the step "fold" does to a graph, one file each; private to the room.
 *
 * Each changes GRAPH without changing what it computes, tells TUNING's report, and returns how many
 * layers it has taken out. Tensor numbers stay; layers and tensors that nobody reads any more may be
 * left behind. */
#pragma once

#include "tuner/step.h"

G_BEGIN_DECLS

/* Layers whose inputs are all constants become constants. */
guint fettle_fold_constants (FettleTuning *tuning, FettleGraph *graph);

/* Layers that give back what they are given. */
guint fettle_fold_copies (FettleTuning *tuning, FettleGraph *graph);

/* A RESHAPE of what was reshaped before reads the original. */
guint fettle_fold_reshapes (FettleTuning *tuning, FettleGraph *graph);

/* MUL, DIV, ADD and SUB by a constant per channel, as batch normalization leaves them, into the float
 * layer with weights before them. */
guint fettle_fold_normalization (FettleTuning *tuning, FettleGraph *graph);

/* PAD into the convolution behind it. */
guint fettle_fold_padding (FettleTuning *tuning, FettleGraph *graph);

G_END_DECLS
