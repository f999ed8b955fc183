/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chart-private.h: what FettleChart offers to its subclasses and its accessible objects. */
#pragma once

#include "widgets/chart.h"

G_BEGIN_DECLS

const FettlePalette *fettle_chart_get_palette (FettleChart *self);

/* The item under the pointer, or -1. */
int fettle_chart_get_hovered (FettleChart *self);

/* The item that the keyboard is at, or -1. */
int fettle_chart_get_cursor (FettleChart *self);

/* Redraws item INDEX; nothing for -1 or one that is gone. */
void fettle_chart_queue_draw_item (FettleChart *self, int index);

/* There are other items now. */
void fettle_chart_items_changed (FettleChart *self);

/* Item INDEX has another value. */
void fettle_chart_value_changed (FettleChart *self, guint index);

/* The keyboard has gone from item OLD_CURSOR to the one it is at now. */
void fettle_chart_cursor_moved (FettleChart *self, int old_cursor);

/* As if the user had clicked item INDEX: moves the cursor, emits "selection-changed". */
void fettle_chart_activate (FettleChart *self, int index);

G_END_DECLS
