/* SPDX-License-Identifier: GPL-3.0-or-later */
/* removable-channels.h: which channels a model can do without; private to the room. */
#pragma once

#include "tuner/channel-ties.h"

G_BEGIN_DECLS

/* Of each layer with weights that mixes channels, what it says about those of its input. */
typedef struct
{
  guint layer;
  gint32 input, output; /* tensors */
  /* Per input channel: a constant that the bias can take over. */
  gboolean *is_foldable;
  double *values; /* those constants, less the input's zero point */
} FettleChannelReader;

/* The largest set of channels without which every output of GRAPH is the same, but that a tensor keeps
 * one channel at least, and a number of them that MULTIPLE divides if it loses any. A layer can do
 * without an input channel if all weights for it, of the output channels that are kept, are zero, or
 * if it is a constant that the bias can take over: then and only then where none of it falls into
 * padding, which is zero and not that constant. What is kept is marked so in the result; READERS
 * receives FettleChannelReader, to be freed with g_array_unref. */
FettleChannelTies *fettle_removable_channels_find (FettleGraph *graph, guint multiple,
                                                   GArray **readers);

G_END_DECLS
