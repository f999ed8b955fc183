/* SPDX-License-Identifier: GPL-3.0-or-later */
/* preferences.c: how a user likes pages to look. */
#include "config.h"

#include "app/preferences.h"

static char *
get_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "fettle", "pages.ini", NULL);
}

/* Read once; changed in memory even if the file cannot be written. */
static GKeyFile *
get_key_file (void)
{
  static GKeyFile *key_file;
  g_autofree char *path = NULL;

  if (key_file != NULL)
    return key_file;
  key_file = g_key_file_new ();
  path = get_path ();
  g_key_file_load_from_file (key_file, path, G_KEY_FILE_KEEP_COMMENTS, NULL);
  return key_file;
}

char **
fettle_preferences_get_list (const char *page, const char *key)
{
  g_return_val_if_fail (page != NULL && key != NULL, NULL);

  return g_key_file_get_string_list (get_key_file (), page, key, NULL, NULL);
}

void
fettle_preferences_set_list (const char *page, const char *key, const char *const *values)
{
  g_autofree char *path = get_path ();
  g_autofree char *folder = g_path_get_dirname (path);

  g_return_if_fail (page != NULL && key != NULL && values != NULL);

  g_key_file_set_string_list (get_key_file (), page, key, values,
                              g_strv_length ((char **)values));
  g_mkdir_with_parents (folder, 0700);
  g_key_file_save_to_file (get_key_file (), path, NULL);
}
