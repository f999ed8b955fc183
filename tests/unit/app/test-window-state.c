/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-window-state.c: how a window was left, kept and read again. */
#include "app/preferences.h"
#include "app/window-state.h"

#include <glib/gstdio.h>

static void
test_round_trip (void)
{
  const FettleWindowState state = { 900, 600, TRUE, TRUE, (char *)"arena" };
  g_auto (FettleWindowState) read = { 0 };

  fettle_window_state_load (&read);
  g_assert_cmpint (read.width, ==, 0);
  g_assert_null (read.page);
  fettle_window_state_save (&state);
  fettle_window_state_save_dark (TRUE);
  fettle_window_state_load (&read);
  g_assert_cmpint (read.width, ==, 900);
  g_assert_cmpint (read.height, ==, 600);
  g_assert_true (read.is_maximized);
  g_assert_true (read.shows_recipe);
  g_assert_cmpstr (read.page, ==, "arena");
  g_assert_true (fettle_window_state_load_dark ());
}

static void
test_damaged_file (void)
{
  g_autofree char *path =
      g_build_filename (g_get_user_config_dir (), "fettle", "preferences.ini", NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_auto (FettleWindowState) read = { 0 };

  g_mkdir_with_parents (folder, 0700);
  g_assert_true (g_file_set_contents (path, "[window\nwidth=\xff", -1, NULL));
  fettle_window_state_load (&read);
  g_assert_cmpint (read.width, ==, 0);
  g_assert_false (fettle_window_state_load_dark ());
}

static void
test_beside_pages (void)
{
  const FettleWindowState state = { 900, 600, FALSE, FALSE, NULL };
  const char *const hidden[] = { "arena", "time", NULL };
  g_auto (GStrv) read = NULL;

  fettle_preferences_set_list ("layers", "hidden-columns", hidden);
  fettle_window_state_save (&state);
  read = fettle_preferences_get_list ("layers", "hidden-columns");
  g_assert_cmpuint (g_strv_length (read), ==, 2);
  g_assert_cmpstr (read[1], ==, "time");
  g_assert_null (fettle_preferences_get_list ("layers", "other"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/app/window-state/round-trip", test_round_trip);
  g_test_add_func ("/app/window-state/damaged", test_damaged_file);
  g_test_add_func ("/app/window-state/beside-pages", test_beside_pages);
  return g_test_run ();
}
