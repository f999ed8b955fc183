/* SPDX-License-Identifier: GPL-3.0-or-later */
/* channel-ranges.h: how large each channel of an activation becomes; private to the room. */
#pragma once

#include "tuner/step.h"

G_BEGIN_DECLS

/* Element i of TENSOR belongs to channel i mod N_CHANNELS. */
typedef struct
{
  guint tensor;
  guint n_channels;
  double *ranges;          /* largest magnitude per channel; owned */
  double *minima, *maxima; /* least and largest value; owned */
} FettleChannelRanges;

/* FettleChannelRanges; free with g_array_unref. */
GArray *fettle_channel_ranges_new (void);
void fettle_channel_ranges_add (GArray *all, guint tensor, guint n_channels);

/* Sets the ranges of ALL to what GRAPH's tensors hold over TUNING's samples, of which there must be
 * some. */
gboolean fettle_channel_ranges_measure (GArray *all, const FettleTuning *tuning,
                                        FettleGraph *graph, GError **error);

G_END_DECLS
