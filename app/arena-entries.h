/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arena-entries.h: what lies in the arena, in words: what it is, why it is there, and until when. */
#pragma once

#include "app/content.h"
#include "widgets/arena-map-render.h"

G_BEGIN_DECLS

/* FettleArenaItem of each buffer of LOWERED, which was made of GRAPH, with strings of their own; free with
 * g_array_unref. */
GArray *fettle_arena_entries_list (FettleGraph *graph, const FettleLowered *lowered);

G_END_DECLS
