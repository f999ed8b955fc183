/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arena-plan.h: gives each buffer a place in the arena. Knows no graph. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FETTLE_ARENA_ALIGNMENT 16

/* One buffer, live from step FIRST to step LAST, both included. */
typedef struct
{
  gsize size; /* bytes, as needed; rounded up to FETTLE_ARENA_ALIGNMENT by the planner */
  guint first;
  guint last;
  gsize offset; /* out */
} FettleArenaBuffer;

typedef struct
{
  gsize size; /* bytes the plan needs */
  gsize
      lower_bound; /* the most that is live at any one step: no plan of this order is smaller */
  guint peak_step; /* a step at which that much is live */
} FettleArenaSummary;

/* Greedy by size, as TensorFlow Lite Micro's planner: largest first, each into the first gap that
 * fits among the buffers that live at the same time. */
FettleArenaSummary fettle_arena_plan_greedy (FettleArenaBuffer *buffers, guint n_buffers);

G_END_DECLS
