/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arena-map.h: a memory plan as a map, time (steps) across and addresses (bytes) upwards. */
#pragma once

#include "widgets/arena-map-render.h" /* FettleArenaItem */
#include "widgets/chart.h"

G_BEGIN_DECLS

#define FETTLE_TYPE_ARENA_MAP (fettle_arena_map_get_type ())
G_DECLARE_FINAL_TYPE (FettleArenaMap, fettle_arena_map, FETTLE, ARENA_MAP, FettleChart)

/* "selected" (see FettleChart) is the number of a layer: its step is shown as a band, the buffers it
 * writes are outlined. The arrow keys walk from buffer to buffer. */
GtkWidget *fettle_arena_map_new (void);

/* Copies ITEMS. Steps run from 0 to N_STEPS - 1; layer K runs at step K. */
void fettle_arena_map_set_items (FettleArenaMap *self, const FettleArenaItem *items,
                                 guint n_items, guint n_steps);

/* Horizontal lines, in bytes; 0: not drawn. HIGH_WATER is the plan's size, LOWER_BOUND the size no
 * plan can beat, BUDGET what the board offers. */
void fettle_arena_map_set_limits (FettleArenaMap *self, guint64 high_water,
                                  guint64 lower_bound, guint64 budget);

/* Same as fettle_chart_set_title. */
void fettle_arena_map_set_title (FettleArenaMap *self, const char *title);

int fettle_arena_map_get_selected (FettleArenaMap *self);
void fettle_arena_map_set_selected (FettleArenaMap *self, int layer);

G_END_DECLS
