/* SPDX-License-Identifier: GPL-3.0-or-later */
/* board-bar.h: chooses a board, connects it, runs the model on it, and says how it is. */
#pragma once

#include "app/board-control.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_BOARD_BAR (fettle_board_bar_get_type ())
G_DECLARE_FINAL_TYPE (FettleBoardBar, fettle_board_bar, FETTLE, BOARD_BAR, GtkBox)

/* Once. Chooses a usable board, one with a core of its own if there is one. */
void fettle_board_bar_set_control (FettleBoardBar *self, FettleBoardControl *control);
/* FALSE with a sentence if there is no such board. */
gboolean fettle_board_bar_choose (FettleBoardBar *self, const char *id, GError **error);

G_END_DECLS
