/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sequence-ranges.h: what the states of a float layer hold while it runs; private to the room. */
#pragma once

#include "tuner/step.h"

G_BEGIN_DECLS

/* Some states have a range that no output shows: the cell of an LSTM, the memory of an SVDF. Widens those
 * of the layers of GRAPH, float, that read TENSOR, in RANGES (per tensor), by what they hold while they read
 * VALUES after a reset. */
void fettle_sequence_widen_ranges (FettleGraph *graph, guint tensor, const float *values,
                                   FettleRange *ranges);

/* How many samples the memories of GRAPH hold, the last included. */
guint fettle_sequence_count_steps (FettleGraph *graph);

G_END_DECLS
