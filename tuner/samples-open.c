/* SPDX-License-Identifier: GPL-3.0-or-later */
/* samples-open.c: files and folders of all kinds as samples, with their labels. */
#include "config.h"
#include "tuner/sample-source.h"
#include "tuner/step.h"

#include <glib/gi18n.h>
#include <string.h>

static const char *const tables[] = { ".csv", ".tsv", ".txt", NULL };
static const char *const pictures[] = { ".png", ".jpg", ".jpeg", ".bmp", NULL };
static const char *const sounds[] = { ".wav", ".flac", ".aiff", ".aif", NULL };

static gboolean
has_suffix (const char *path, const char *const *suffixes)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);

  for (gsize i = 0; suffixes[i] != NULL; i++)
    if (g_str_has_suffix (lower, suffixes[i]))
      return TRUE;
  return FALSE;
}

static FettleNpy *
make_labels (const double *values, guint n)
{
  const gsize shape[] = { n };
  g_autofree float *copy = g_new (float, n);
  g_autoptr (GBytes) bytes = NULL;

  for (guint i = 0; i < n; i++)
    copy[i] = (float)values[i];
  bytes = fettle_npy_write_float32 (shape, 1, copy);
  return fettle_npy_parse (bytes, "labels", NULL);
}

static GBytes *
map_file (const char *path, GError **error)
{
  g_autoptr (GMappedFile) mapped = g_mapped_file_new (path, FALSE, error);

  return mapped != NULL ? g_mapped_file_get_bytes (mapped) : NULL;
}

/* COLUMN holds the labels; NULL if there are none in the table. */
static FettleSampleSource *
open_table (const char *path, const char *column, const FettleTensor *tensor,
            FettleNpy **labels, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (GBytes) bytes = map_file (path, error);
  g_autoptr (FettleCsv) csv =
      bytes != NULL ? fettle_csv_parse (bytes, name, column, error) : NULL;

  if (csv == NULL)
    return NULL;
  if (column != NULL)
    *labels = make_labels (fettle_csv_get_labels (csv), fettle_csv_get_n_rows (csv));
  return fettle_csv_source_new (g_steal_pointer (&csv), bytes, tensor, error);
}

static FettleSampleSource *
open_files (const char *path, const char *rule, const FettleTensor *tensor,
            const FettlePreprocessing *preprocessing, FettleNpy **labels, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (FettleFileList) list = fettle_file_list_new (path, pictures, &cause);
  gboolean are_pictures = list != NULL;
  g_autoptr (GArray) classes = NULL;

  if (list == NULL && cause == NULL)
    list = fettle_file_list_new (path, sounds, &cause);
  if (list == NULL)
    {
      if (cause != NULL)
        g_propagate_error (error, g_steal_pointer (&cause));
      else
        g_set_error (
            error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
            _ ("%s holds no pictures (.png, .jpg, .bmp) and no sounds (.wav, .flac, "
               ".aiff)."),
            path);
      return NULL;
    }
  if (rule != NULL)
    {
      classes = fettle_file_list_read_labels (list, rule, error);
      if (classes == NULL)
        return NULL;
      *labels = make_labels ((const double *)(gpointer)classes->data, classes->len);
    }
  return (are_pictures ? fettle_picture_source_new : fettle_sound_source_new) (
      g_steal_pointer (&list), tensor, preprocessing, error);
}

/* RULE is that of labels within the data; NULL without. */
static FettleSamples *
open_source (const char *path, const char *rule, FettleGraph *graph,
             const FettlePreprocessing *preprocessing, FettleNpy **labels, GError **error)
{
  const FettlePreprocessing none = { .scale = 1.0 };
  const FettleTensor *tensor =
      fettle_graph_get_tensor (graph, fettle_graph_get_input (graph, 0));
  FettleSampleSource *source;

  if (preprocessing == NULL)
    preprocessing = &none;
  if (has_suffix (path, tables))
    source = open_table (path, rule != NULL ? rule + strlen ("column:") : NULL, tensor,
                         labels, error);
  else
    source = open_files (path, rule, tensor, preprocessing, labels, error);
  return source != NULL
             ? fettle_samples_new_from_source (source, graph, preprocessing, error)
             : NULL;
}

static FettleSamples *
open_npy (const char *path, FettleGraph *graph, const FettlePreprocessing *preprocessing,
          GError **error)
{
  g_autofree char *name = g_filename_display_basename (path);
  FettleNpy *npy = fettle_npy_open (path, error);
  FettleSamples *samples;

  if (npy == NULL)
    return NULL;
  samples = fettle_samples_new (npy, graph, preprocessing, error);
  if (samples == NULL)
    g_prefix_error (error, "%s: ", name);
  return samples;
}

static gboolean
is_npy (const char *path)
{
  return !has_suffix (path, tables) && !has_suffix (path, pictures)
         && !has_suffix (path, sounds) && !g_file_test (path, G_FILE_TEST_IS_DIR);
}

FettleSamples *
fettle_samples_open (const char *path, FettleGraph *graph,
                     const FettlePreprocessing *preprocessing, GError **error)
{
  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (FETTLE_IS_GRAPH (graph), NULL);

  if (is_npy (path))
    return open_npy (path, graph, preprocessing, error);
  return open_source (path, NULL, graph, preprocessing, NULL, error);
}

/* A file of its own: .npy, or a table of one column. */
static FettleNpy *
open_labels (const char *path, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (FettleCsv) csv = NULL;
  g_autofree double *values = NULL;

  if (!has_suffix (path, tables))
    return fettle_npy_open (path, error);
  bytes = map_file (path, error);
  csv = bytes != NULL ? fettle_csv_parse (bytes, name, NULL, error) : NULL;
  if (csv == NULL)
    return NULL;
  if (fettle_csv_get_n_columns (csv) != 1)
    {
      g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
                   _ ("%s has %u columns; labels are one column of whole numbers."), name,
                   fettle_csv_get_n_columns (csv));
      return NULL;
    }
  values = g_new (double, fettle_csv_get_n_rows (csv));
  for (guint i = 0; i < fettle_csv_get_n_rows (csv); i++)
    {
      float value;

      fettle_csv_read (csv, i, &value);
      values[i] = (double)value;
    }
  return make_labels (values, fettle_csv_get_n_rows (csv));
}

static gboolean
check_rule (const char *path, gboolean by_column, GError **error)
{
  if (!is_npy (path) && by_column == has_suffix (path, tables))
    return TRUE;
  g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
               by_column ? _ ("%s is not a table (.csv) with a column of labels.")
                         : _ ("%s is not a folder whose files or folders are named for "
                              "their class."),
               path);
  return FALSE;
}

FettleSamples *
fettle_samples_open_labelled (const char *path, const char *rule, FettleGraph *graph,
                              const FettlePreprocessing *preprocessing,
                              FettleNpy **labels, GError **error)
{
  gboolean by_column = g_str_has_prefix (rule, "column:");
  FettleSamples *samples;

  g_return_val_if_fail (path != NULL && rule != NULL && labels != NULL, NULL);
  g_return_val_if_fail (FETTLE_IS_GRAPH (graph), NULL);

  *labels = NULL;
  if (by_column || g_str_equal (rule, "folders") || g_str_equal (rule, "names"))
    {
      if (!check_rule (path, by_column, error))
        return NULL;
      samples = open_source (path, rule, graph, preprocessing, labels, error);
    }
  else
    {
      samples = fettle_samples_open (path, graph, preprocessing, error);
      if (samples != NULL && (*labels = open_labels (rule, error)) == NULL)
        g_clear_pointer (&samples, fettle_samples_free);
    }
  if (samples == NULL)
    g_clear_pointer (labels, fettle_npy_free);
  return samples;
}
