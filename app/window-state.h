/* SPDX-License-Identifier: GPL-3.0-or-later */
/* window-state.h: how the last window was left, for the next one to begin so. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  int width, height; /* not maximized; 0: not known */
  gboolean is_maximized;
  gboolean shows_recipe;
  char *page; /* name of the page; NULL: not known */
} FettleWindowState;

void fettle_window_state_clear (FettleWindowState *state);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FettleWindowState, fettle_window_state_clear)

void fettle_window_state_load (FettleWindowState *state);
void fettle_window_state_save (const FettleWindowState *state);

/* The style that the user chose for all windows. */
gboolean fettle_window_state_load_dark (void);
void fettle_window_state_save_dark (gboolean is_dark);

G_END_DECLS
