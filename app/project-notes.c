/* SPDX-License-Identifier: GPL-3.0-or-later */
/* project-notes.c: what the workbench keeps in a project file beside the model. */
#include "config.h"

#include "app/project-notes.h"

#include "tuner/preprocessing-text.h"

void
fettle_project_notes_clear (FettleProjectNotes *notes)
{
  g_clear_object (&notes->recipe);
  g_clear_pointer (&notes->data, fettle_data_free);
  g_clear_pointer (&notes->origin, g_free);
}

/* --- paths --- */

/* PATH as seen from FOLDER, both absolute: "../data/x.npy". */
static char *
make_relative (const char *path, const char *folder)
{
  g_auto (GStrv) to = g_strsplit (path, G_DIR_SEPARATOR_S, -1);
  g_auto (GStrv) from = g_strsplit (folder, G_DIR_SEPARATOR_S, -1);
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  guint n = 0;

  while (to[n] != NULL && from[n] != NULL && g_str_equal (to[n], from[n]))
    n++;
  for (guint i = n; from[i] != NULL; i++)
    g_ptr_array_add (parts, (gpointer) "..");
  for (guint i = n; to[i] != NULL; i++)
    g_ptr_array_add (parts, to[i]);
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (G_DIR_SEPARATOR_S, (char **)parts->pdata);
}

static char *
get_folder (const char *path)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);

  return g_path_get_dirname (absolute);
}

/* Both ways to PATH, as names[0] and names[1] of a GVariant "(ayay)". */
static GVariant *
write_path (const char *path, const char *folder)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *relative = make_relative (absolute, folder);

  return g_variant_new ("(^ay^ay)", relative, absolute);
}

/* NULL if there is none of that name. Where the file is not found, the place beside the project is meant. */
static char *
read_path (GVariant *variant, const char *name, const char *folder)
{
  const char *relative, *absolute;
  g_autofree char *beside = NULL;

  if (!g_variant_lookup (variant, name, "(^&ay^&ay)", &relative, &absolute))
    return NULL;
  beside = g_canonicalize_filename (relative, folder);
  if (!g_file_test (beside, G_FILE_TEST_EXISTS)
      && g_file_test (absolute, G_FILE_TEST_EXISTS))
    return g_strdup (absolute);
  return g_steal_pointer (&beside);
}

/* --- data --- */

static void
write_data (GVariantDict *dict, const FettleData *data, const char *folder)
{
  const FettlePreprocessing *preprocessing = &data->preprocessing;
  g_autofree char *mean = fettle_preprocessing_format_mean (preprocessing);
  g_autofree char *deviation = fettle_preprocessing_format_deviation (preprocessing);

  g_variant_dict_insert_value (dict, "data-path", write_path (data->path, folder));
  if (data->labels != NULL)
    g_variant_dict_insert (dict, "data-labels", "s", data->labels);
  g_variant_dict_insert (dict, "data-scale", "d", preprocessing->scale);
  g_variant_dict_insert (dict, "data-offset", "d", preprocessing->offset);
  g_variant_dict_insert (dict, "data-order", "u", (guint32)preprocessing->order);
  g_variant_dict_insert (dict, "data-mean", "s", mean);
  g_variant_dict_insert (dict, "data-deviation", "s", deviation);
  g_variant_dict_insert (dict, "data-rate", "u", (guint32)preprocessing->sample_rate);
}

static FettleData *
read_data (GVariant *variant, const char *folder)
{
  g_autofree char *path = read_path (variant, "data-path", folder);
  g_autoptr (FettleData) data = NULL;
  const char *mean = NULL, *deviation = NULL;
  guint32 order = 0, rate = 0;

  if (path == NULL)
    return NULL;
  data = fettle_data_new (path, 1, 0);
  g_variant_lookup (variant, "data-labels", "s", &data->labels);
  g_variant_lookup (variant, "data-scale", "d", &data->preprocessing.scale);
  g_variant_lookup (variant, "data-offset", "d", &data->preprocessing.offset);
  g_variant_lookup (variant, "data-order", "u", &order);
  g_variant_lookup (variant, "data-mean", "&s", &mean);
  g_variant_lookup (variant, "data-deviation", "&s", &deviation);
  g_variant_lookup (variant, "data-rate", "u", &rate);
  data->preprocessing.order =
      order == FETTLE_CHANNELS_BGR ? FETTLE_CHANNELS_BGR : FETTLE_CHANNELS_RGB;
  data->preprocessing.sample_rate = rate;
  if (!fettle_preprocessing_read_normalization (&data->preprocessing, mean, deviation)
      || !fettle_preprocessing_is_valid (&data->preprocessing))
    return NULL;
  return g_steal_pointer (&data);
}

/* --- notes --- */

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* By name, so that the same notes are always the same bytes; a dictionary's own order is by hash. */
static GVariant *
sort (GVariant *dict)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (dict);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GVariantBuilder) builder = g_variant_builder_new (G_VARIANT_TYPE_VARDICT);
  GVariantIter iter;
  const char *name;

  g_variant_iter_init (&iter, dict);
  while (g_variant_iter_next (&iter, "{&sv}", &name, NULL))
    g_ptr_array_add (names, (gpointer)name);
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      g_autoptr (GVariant) value = g_variant_lookup_value (dict, names->pdata[i], NULL);

      g_variant_builder_add (builder, "{sv}", names->pdata[i], value);
    }
  return g_variant_builder_end (builder);
}

GVariant *
fettle_project_notes_write (const FettleProjectNotes *notes, const char *path)
{
  g_autofree char *folder = NULL;
  GVariantDict dict;

  g_return_val_if_fail (notes != NULL && path != NULL, NULL);

  folder = get_folder (path);
  g_variant_dict_init (&dict, NULL);
  if (notes->recipe != NULL)
    g_variant_dict_insert (&dict, "recipe", "s", fettle_recipe_to_json (notes->recipe));
  if (notes->data != NULL)
    write_data (&dict, notes->data, folder);
  g_variant_dict_insert (&dict, "is-applied", "b", notes->is_applied);
  if (notes->origin != NULL)
    g_variant_dict_insert_value (&dict, "origin", write_path (notes->origin, folder));
  return sort (g_variant_dict_end (&dict));
}

void
fettle_project_notes_read (FettleProjectNotes *notes, GVariant *variant, const char *path)
{
  g_autofree char *folder = NULL;
  const char *recipe;

  g_return_if_fail (notes != NULL && path != NULL);

  *notes = (FettleProjectNotes){ .is_applied = TRUE };
  if (variant == NULL)
    return;
  folder = get_folder (path);
  if (g_variant_lookup (variant, "recipe", "&s", &recipe))
    notes->recipe = fettle_recipe_parse (recipe, NULL);
  notes->data = read_data (variant, folder);
  g_variant_lookup (variant, "is-applied", "b", &notes->is_applied);
  notes->origin = read_path (variant, "origin", folder);
}
