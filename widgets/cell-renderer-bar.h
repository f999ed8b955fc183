/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cell-renderer-bar.h: a number in a table with a bar that shows its share. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_CELL_RENDERER_BAR (fettle_cell_renderer_bar_get_type ())
G_DECLARE_FINAL_TYPE (FettleCellRendererBar, fettle_cell_renderer_bar, FETTLE,
                      CELL_RENDERER_BAR, GtkCellRendererText)

/* A GtkCellRendererText (so that screen readers read its "text"), right-aligned, with digits of
 * equal width. Properties of its own: "fraction" (double, 0 to 1: length of the bar) and "known"
 * (boolean, TRUE at first; FALSE: no bar, and "–" is drawn instead of the text). */
GtkCellRenderer *fettle_cell_renderer_bar_new (void);

G_END_DECLS
