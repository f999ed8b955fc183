/* SPDX-License-Identifier: GPL-3.0-or-later */
/* window-state.c: how the last window was left, for the next one to begin so. */
#include "config.h"

#include "app/window-state.h"

#define GROUP "window"

void
fettle_window_state_clear (FettleWindowState *state)
{
  g_clear_pointer (&state->page, g_free);
}

static char *
get_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "fettle", "window.ini", NULL);
}

/* Empty if there is none. */
static GKeyFile *
load (void)
{
  GKeyFile *file = g_key_file_new ();
  g_autofree char *path = get_path ();

  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL);
  return file;
}

/* Windows that cannot be remembered are no reason to disturb anybody. */
static void
save (GKeyFile *file)
{
  g_autofree char *path = get_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (folder, 0700);
  if (!g_key_file_save_to_file (file, path, &error))
    g_debug ("%s", error->message);
}

void
fettle_window_state_load (FettleWindowState *state)
{
  g_autoptr (GKeyFile) file = load ();

  state->width = g_key_file_get_integer (file, GROUP, "width", NULL);
  state->height = g_key_file_get_integer (file, GROUP, "height", NULL);
  state->is_maximized = g_key_file_get_boolean (file, GROUP, "maximized", NULL);
  state->shows_recipe = g_key_file_get_boolean (file, GROUP, "recipe", NULL);
  state->page = g_key_file_get_string (file, GROUP, "page", NULL);
}

void
fettle_window_state_save (const FettleWindowState *state)
{
  g_autoptr (GKeyFile) file = load ();

  g_key_file_set_integer (file, GROUP, "width", state->width);
  g_key_file_set_integer (file, GROUP, "height", state->height);
  g_key_file_set_boolean (file, GROUP, "maximized", state->is_maximized);
  g_key_file_set_boolean (file, GROUP, "recipe", state->shows_recipe);
  if (state->page != NULL)
    g_key_file_set_string (file, GROUP, "page", state->page);
  save (file);
}

gboolean
fettle_window_state_load_dark (void)
{
  g_autoptr (GKeyFile) file = load ();

  return g_key_file_get_boolean (file, GROUP, "dark", NULL);
}

void
fettle_window_state_save_dark (gboolean is_dark)
{
  g_autoptr (GKeyFile) file = load ();

  g_key_file_set_boolean (file, GROUP, "dark", is_dark);
  save (file);
}
