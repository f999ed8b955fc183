/* SPDX-License-Identifier: GPL-3.0-or-later */
/* window-state.c: how the last window was left, for the next one to begin so. */
#include "config.h"

#include "app/preferences.h"
#include "app/window-state.h"

#define GROUP "window"

void
fettle_window_state_clear (FettleWindowState *state)
{
  g_clear_pointer (&state->page, g_free);
}

void
fettle_window_state_load (FettleWindowState *state)
{
  g_autoptr (GKeyFile) file = fettle_preferences_load ();

  state->width = g_key_file_get_integer (file, GROUP, "width", NULL);
  state->height = g_key_file_get_integer (file, GROUP, "height", NULL);
  state->is_maximized = g_key_file_get_boolean (file, GROUP, "maximized", NULL);
  state->shows_recipe = g_key_file_get_boolean (file, GROUP, "recipe", NULL);
  state->page = g_key_file_get_string (file, GROUP, "page", NULL);
}

void
fettle_window_state_save (const FettleWindowState *state)
{
  g_autoptr (GKeyFile) file = fettle_preferences_load ();

  g_key_file_set_integer (file, GROUP, "width", state->width);
  g_key_file_set_integer (file, GROUP, "height", state->height);
  g_key_file_set_boolean (file, GROUP, "maximized", state->is_maximized);
  g_key_file_set_boolean (file, GROUP, "recipe", state->shows_recipe);
  if (state->page != NULL)
    g_key_file_set_string (file, GROUP, "page", state->page);
  fettle_preferences_save (file);
}

gboolean
fettle_window_state_load_dark (void)
{
  g_autoptr (GKeyFile) file = fettle_preferences_load ();

  return g_key_file_get_boolean (file, GROUP, "dark", NULL);
}

void
fettle_window_state_save_dark (gboolean is_dark)
{
  g_autoptr (GKeyFile) file = fettle_preferences_load ();

  g_key_file_set_boolean (file, GROUP, "dark", is_dark);
  fettle_preferences_save (file);
}
