/* SPDX-License-Identifier: GPL-3.0-or-later */
/* row-walk.h: the way of the keyboard through items that stand in a row. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The one of N_ITEMS items that KEYVAL leads to from item FROM (-1: none): a step with the arrows along ORIENTATION,
 * PAGE items with Page Up and Page Down (0: they mean nothing), the first with Home, the last with End. -1 for any
 * other key and if there are no items. */
int fettle_row_walk (int from, guint n_items, guint keyval, GtkOrientation orientation,
                     int page);

G_END_DECLS
