/* SPDX-License-Identifier: GPL-3.0-or-later */
/* preferences.c: how a user likes windows and pages to look. */
#include "config.h"

#include "app/preferences.h"

static char *
get_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "fettle", "preferences.ini", NULL);
}

GKeyFile *
fettle_preferences_load (void)
{
  GKeyFile *file = g_key_file_new ();
  g_autofree char *path = get_path ();

  g_key_file_load_from_file (file, path, G_KEY_FILE_KEEP_COMMENTS, NULL);
  return file;
}

void
fettle_preferences_save (GKeyFile *file)
{
  g_autofree char *path = get_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_return_if_fail (file != NULL);

  g_mkdir_with_parents (folder, 0700);
  if (!g_key_file_save_to_file (file, path, &error))
    g_debug ("%s", error->message);
}

char **
fettle_preferences_get_list (const char *page, const char *key)
{
  g_autoptr (GKeyFile) file = fettle_preferences_load ();

  g_return_val_if_fail (page != NULL && key != NULL, NULL);

  return g_key_file_get_string_list (file, page, key, NULL, NULL);
}

void
fettle_preferences_set_list (const char *page, const char *key, const char *const *values)
{
  g_autoptr (GKeyFile) file = fettle_preferences_load ();

  g_return_if_fail (page != NULL && key != NULL && values != NULL);

  g_key_file_set_string_list (file, page, key, values, g_strv_length ((char **)values));
  fettle_preferences_save (file);
}
