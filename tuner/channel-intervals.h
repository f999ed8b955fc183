/* SPDX-License-Identifier: GPL-3.0-or-later */
/* channel-intervals.h: between which values each channel stays, whatever the input; private to the room.
 *
 * A channel is what lies at one place of a tensor's last axis. Values are as stored: steps if
 * quantized. Of inputs nothing is assumed but their type, and that floats are finite. Where an
 * operator is monotone, the runtime's own results at both ends bound all between, rounding included;
 * an operator that nothing is known of may give everything that its output's type holds. */
#pragma once

#include "model/graph.h"

G_BEGIN_DECLS

typedef struct
{
  guint n_channels; /* 0: not a type that is followed */
  double *minimum, *maximum;
} FettleIntervals;

/* FettleIntervals per tensor of GRAPH, constants included. Free with g_array_unref. */
GArray *fettle_channel_intervals_find (FettleGraph *graph);

/* The channels of TENSOR: the extent of its last axis, 1 if it has none. */
guint fettle_tensor_get_n_channels (const FettleTensor *tensor);

/* TRUE if channel C is always the same finite VALUE. */
gboolean fettle_intervals_is_constant (const FettleIntervals *intervals, guint c,
                                       double *value);

/* VALUE, moved into each channel's interval, for all of TENSOR's elements at PLACE, as stored. */
void fettle_intervals_fill (const FettleIntervals *intervals, const FettleTensor *tensor,
                            double value, gpointer place);

/* The output of LAYER, whose weights are WEIGHTS and whose input stays in INPUT, into OUTPUT, which holds
 * what is known without. Part of fettle_channel_intervals_find. */
void fettle_intervals_find_weighted (FettleGraph *graph, guint layer,
                                     const FettleIntervals *input,
                                     FettleIntervals *output);

G_END_DECLS
