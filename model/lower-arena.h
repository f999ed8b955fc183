/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lower-arena.h: which tensors live in the arena, and from when to when. */
#pragma once

#include "model/lower.h"

G_BEGIN_DECLS

/* FettleArenaEntry for each buffer, planned; SUMMARY is filled in. ENTRY_OF_TENSOR has one element
 * per graph tensor: index of its entry, or -1. A RESHAPE in place shares the entry of its input. */
GArray *fettle_lower_plan_arena (FettleGraph *graph, gboolean keep_all_tensors,
                                 gint32 *entry_of_tensor, FettleArenaSummary *summary);

G_END_DECLS
