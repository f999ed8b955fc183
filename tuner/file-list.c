/* SPDX-License-Identifier: GPL-3.0-or-later */
/* file-list.c: the files of a folder, each a sample. */
#include "config.h"
#include "tuner/file-list.h"
#include "tuner/step.h"

#include <glib/gi18n.h>
#include <string.h>

static void
clear_file (gpointer data)
{
  FettleListedFile *file = data;

  g_free (file->path);
  g_free (file->name);
}

void
fettle_file_list_free (FettleFileList *list)
{
  if (list == NULL)
    return;
  g_array_unref (list->files);
  g_ptr_array_unref (list->folders);
  g_free (list);
}

static gboolean
has_suffix (const char *name, const char *const *suffixes)
{
  gsize length = strlen (name);

  for (gsize i = 0; suffixes[i] != NULL; i++)
    {
      gsize suffix_length = strlen (suffixes[i]);

      if (length > suffix_length
          && g_ascii_strcasecmp (name + length - suffix_length, suffixes[i]) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
add_file (FettleFileList *list, const char *path, gint folder)
{
  FettleListedFile file = {
    .path = g_strdup (path),
    .name = g_path_get_basename (path),
    .folder = folder,
  };

  g_array_append_val (list->files, file);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* Names in folder PATH, sorted by their bytes. */
static GPtrArray *
read_names (const char *path, GError **error)
{
  g_autoptr (GDir) directory = g_dir_open (path, 0, error);
  GPtrArray *names;
  const char *name;

  if (directory == NULL)
    return NULL;
  names = g_ptr_array_new_with_free_func (g_free);
  while ((name = g_dir_read_name (directory)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  return names;
}

static gboolean
add_folder (FettleFileList *list, const char *path, const char *const *suffixes,
            gint folder, GError **error)
{
  g_autoptr (GPtrArray) names = read_names (path, error);

  if (names == NULL)
    return FALSE;
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *file = g_build_filename (path, name, NULL);

      if (has_suffix (name, suffixes) && g_file_test (file, G_FILE_TEST_IS_REGULAR))
        add_file (list, file, folder);
    }
  return TRUE;
}

static gboolean
add_subfolders (FettleFileList *list, const char *path, const char *const *suffixes,
                GError **error)
{
  g_autoptr (GPtrArray) names = read_names (path, error);

  if (names == NULL)
    return FALSE;
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *folder = g_build_filename (path, name, NULL);
      guint n_before = list->files->len;

      if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
        continue;
      if (!add_folder (list, folder, suffixes, (gint)list->folders->len, error))
        return FALSE;
      if (list->files->len > n_before)
        g_ptr_array_add (list->folders, g_strdup (name));
    }
  return TRUE;
}

FettleFileList *
fettle_file_list_new (const char *path, const char *const *suffixes, GError **error)
{
  g_autoptr (FettleFileList) list = g_new0 (FettleFileList, 1);

  list->files = g_array_new (FALSE, FALSE, sizeof (FettleListedFile));
  g_array_set_clear_func (list->files, clear_file);
  list->folders = g_ptr_array_new_with_free_func (g_free);
  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      if (has_suffix (path, suffixes))
        add_file (list, path, -1);
    }
  else if (!add_folder (list, path, suffixes, -1, error)
           || (list->files->len == 0 && !add_subfolders (list, path, suffixes, error)))
    return NULL;
  return list->files->len > 0 ? g_steal_pointer (&list) : NULL;
}

/* FALSE if NAME does not begin with a whole number, or, if WHOLE, has more behind it. */
static gboolean
read_number (const char *name, gboolean whole, double *number)
{
  char *end;

  if (!g_ascii_isdigit (name[0]))
    return FALSE;
  *number = (double)g_ascii_strtoull (name, &end, 10);
  return !whole || *end == '\0';
}

static double
find_folder_class (FettleFileList *list, gint folder)
{
  double number = 0.0;

  for (guint i = 0; i < list->folders->len; i++)
    if (!read_number (g_ptr_array_index (list->folders, i), TRUE, &number))
      return folder;
  read_number (g_ptr_array_index (list->folders, (guint)folder), TRUE, &number);
  return number;
}

GArray *
fettle_file_list_read_labels (FettleFileList *list, const char *rule, GError **error)
{
  g_autoptr (GArray) labels = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < list->files->len; i++)
    {
      const FettleListedFile *file = &g_array_index (list->files, FettleListedFile, i);
      gboolean by_folder = g_str_equal (rule, "folders");
      double label = 0.0;

      if (by_folder ? file->folder < 0 : !read_number (file->name, FALSE, &label))
        {
          g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
                       by_folder
                           ? _ ("%s is in no subfolder that could name its class; put "
                                "each class into a folder of its own.")
                           : _ ("The name of %s does not begin with the number of its "
                                "class, as in 3_anything."),
                       file->name);
          return NULL;
        }
      if (by_folder)
        label = find_folder_class (list, file->folder);
      g_array_append_val (labels, label);
    }
  return g_steal_pointer (&labels);
}

char *
fettle_file_list_compute_hash (FettleFileList *list)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; i < list->files->len; i++)
    {
      const FettleListedFile *file = &g_array_index (list->files, FettleListedFile, i);
      g_autoptr (GMappedFile) mapped = g_mapped_file_new (file->path, FALSE, NULL);

      /* The 0 too, so that names and contents cannot run into each other. */
      g_checksum_update (checksum, (const guchar *)file->name,
                         (gssize)strlen (file->name) + 1);
      if (mapped != NULL)
        g_checksum_update (checksum, (const guchar *)g_mapped_file_get_contents (mapped),
                           (gssize)g_mapped_file_get_length (mapped));
    }
  return g_strdup (g_checksum_get_string (checksum));
}
