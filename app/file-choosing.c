/* SPDX-License-Identifier: GPL-3.0-or-later */
/* file-choosing.c: the file choosers of a window. */
#include "config.h"

#include "app/file-choosing.h"

#include <glib/gi18n.h>

static void
add_filter (GtkFileChooser *chooser, const char *name, const char *const *patterns)
{
  GtkFileFilter *filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  for (; *patterns != NULL; patterns++)
    gtk_file_filter_add_pattern (filter, *patterns);
  gtk_file_chooser_add_filter (chooser, filter);
}

static char *
run_chooser (GtkFileChooserNative *native)
{
  if (gtk_native_dialog_run (GTK_NATIVE_DIALOG (native)) != GTK_RESPONSE_ACCEPT)
    return NULL;
  return gtk_file_chooser_get_filename (GTK_FILE_CHOOSER (native));
}

char *
fettle_choose_model (GtkWindow *parent)
{
  static const char *const models[] = { "*.tflite", "*.fettle", NULL };
  static const char *const all[] = { "*", NULL };
  g_autoptr (GtkFileChooserNative) native = gtk_file_chooser_native_new (
      _ ("Open Model"), parent, GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);

  add_filter (GTK_FILE_CHOOSER (native), _ ("Models (.tflite, .fettle)"), models);
  add_filter (GTK_FILE_CHOOSER (native), _ ("All files"), all);
  return run_chooser (native);
}

char *
fettle_choose_data (GtkWindow *parent, GtkFileChooserAction action)
{
  static const char *const data[] = { "*.npy",  "*.csv",  "*.tsv", "*.txt",
                                      "*.png",  "*.jpg",  "*.bmp", "*.wav",
                                      "*.flac", "*.aiff", NULL };
  static const char *const all[] = { "*", NULL };
  gboolean is_folder = action == GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER;
  g_autoptr (GtkFileChooserNative) native = gtk_file_chooser_native_new (
      is_folder ? _ ("Choose Folder of Samples") : _ ("Choose Samples"), parent, action,
      is_folder ? _ ("_Choose") : NULL, NULL);

  if (!is_folder)
    {
      add_filter (GTK_FILE_CHOOSER (native), _ ("Arrays, tables, pictures, sounds"),
                  data);
      add_filter (GTK_FILE_CHOOSER (native), _ ("All files"), all);
    }
  return run_chooser (native);
}

char *
fettle_choose_recipe (GtkWindow *parent)
{
  static const char *const recipes[] = { "*.json", NULL };
  g_autoptr (GtkFileChooserNative) native = gtk_file_chooser_native_new (
      _ ("Open Recipe"), parent, GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);

  add_filter (GTK_FILE_CHOOSER (native), _ ("Recipes (.json)"), recipes);
  return run_chooser (native);
}

char *
fettle_choose_save_path (GtkWindow *parent, const char *title, const char *model_path,
                         const char *suffix)
{
  g_autoptr (GtkFileChooserNative) native = gtk_file_chooser_native_new (
      title, parent, GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  g_autofree char *folder = g_path_get_dirname (model_path);
  g_autofree char *stem = g_path_get_basename (model_path);
  g_autofree char *name = NULL;
  char *dot = strrchr (stem, '.');

  if (dot != NULL && dot != stem)
    *dot = '\0';
  name = g_strconcat (stem, suffix, NULL);
  gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (native), folder);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (native), name);
  gtk_file_chooser_set_do_overwrite_confirmation (GTK_FILE_CHOOSER (native), TRUE);
  return run_chooser (native);
}
