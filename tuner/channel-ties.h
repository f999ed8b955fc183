/* SPDX-License-Identifier: GPL-3.0-or-later */
/* channel-ties.h: which channels of which tensors can only be removed together; private to the room.
 *
 * A channel is what lies at one place of a tensor's last axis. An ADD ties each channel of its operands
 * to the same one of its output, a CONCATENATION to one further on, a RESHAPE that flattens an area to
 * one for each place. An operator that mixes channels or whose meaning hangs on their number keeps
 * them all; so do the model's inputs and outputs. Layers with weights tie nothing: what they ask of
 * their inputs is another matter. */
#pragma once

#include "model/graph.h"

G_BEGIN_DECLS

typedef struct
{
  guint n_tensors;
  guint *offsets; /* per tensor: the number of its first channel; one more for the end */
  guint
      *parents; /* per channel: another of its group, itself if it stands for the group */
  gboolean *is_kept; /* valid for those that stand for a group */
} FettleChannelTies;

FettleChannelTies *fettle_channel_ties_new (FettleGraph *graph);
void fettle_channel_ties_free (FettleChannelTies *ties);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleChannelTies, fettle_channel_ties_free)

gboolean fettle_channel_ties_is_kept (FettleChannelTies *ties, gint32 tensor, guint c);
/* Keeps channel C of TENSOR, and all that are tied to it. */
void fettle_channel_ties_keep (FettleChannelTies *ties, gint32 tensor, guint c);
guint fettle_channel_ties_count_kept (FettleChannelTies *ties, gint32 tensor);

/* A layer with weights whose input channels can be removed one by one. */
gboolean fettle_channel_ties_is_separable (FettleGraph *graph, guint layer);

G_END_DECLS
