/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lower-arena.h: which tensors live in the arena, and from when to when. */
#pragma once

#include "model/lower.h"

G_BEGIN_DECLS

/* FettleArenaEntry for each tensor's buffer, without its place. ENTRY_OF_TENSOR has one element per
 * graph tensor: index of its entry, or -1. A RESHAPE in place shares the entry of its input. */
GArray *fettle_lower_list_arena (FettleGraph *graph, gboolean keep_all_tensors,
                                 gint32 *entry_of_tensor);

/* Adds SIZE bytes of scratch that live while LAYER runs. */
void fettle_lower_add_scratch (GArray *entries, guint layer, gsize size);

/* Gives every entry its place. */
FettleArenaSummary fettle_lower_place_arena (GArray *entries);

G_END_DECLS
