/* SPDX-License-Identifier: GPL-3.0-or-later */
/* remove-channels.h: takes channels out of a graph; private to the room. */
#pragma once

#include "tuner/removable-channels.h"

G_BEGIN_DECLS

/* Removes from GRAPH's tensors and weights the channels that TIES does not keep; READERS, found with them,
 * say what goes into biases. Tensors that lose channels get another name, since they no longer hold
 * what the source's do. TRUE if there were any. */
gboolean fettle_remove_channels (FettleGraph *graph, FettleChannelTies *ties,
                                 GArray *readers);

G_END_DECLS
