/* SPDX-License-Identifier: GPL-3.0-or-later */
/* project-file.c: `.fettle`, 8 bytes of magic and one little-endian GVariant. */
#include "model/project-file.h"
#include "model/graph-variant.h"

#include <math.h>
#include <string.h>

/* The last byte is the version of the format. */
static const char magic[8] = { 'F', 'E', 'T', 'T', 'L', 'E', '\n', 4 };

/* scale, offset, order of channels, mean and deviation per channel, sample rate. */
#define PREPROCESSING_TYPE "(dduadadu)"

/* tuned graph; source and reference graph, if kept; recipe; its hash; data's hash; preprocessing; notes. */
#define KEPT_TYPE "m" FETTLE_GRAPH_VARIANT_TYPE
#define MEMBER_TYPES                                                                     \
  FETTLE_GRAPH_VARIANT_TYPE KEPT_TYPE KEPT_TYPE "sss" PREPROCESSING_TYPE
#define NOTES_INDEX  7
#define PROJECT_TYPE "(" MEMBER_TYPES "a{sv})"

/* Version 3 had no notes, and is read as well. */
#define OLD_VERSION      3
#define OLD_PROJECT_TYPE "(" MEMBER_TYPES ")"

G_STATIC_ASSERT (G_BYTE_ORDER == G_LITTLE_ENDIAN);

gboolean
fettle_preprocessing_is_valid (const FettlePreprocessing *preprocessing)
{
  g_return_val_if_fail (preprocessing != NULL, FALSE);
  for (guint i = 0; i < preprocessing->n_channels; i++)
    if (!isfinite (preprocessing->mean[i]) || !isfinite (preprocessing->deviation[i])
        || preprocessing->deviation[i] <= 0.0)
      return FALSE;
  return isfinite (preprocessing->scale) && isfinite (preprocessing->offset)
         && preprocessing->scale != 0.0;
}

gboolean
fettle_preprocessing_equal (const FettlePreprocessing *a, const FettlePreprocessing *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);
  for (guint i = 0; i < MIN (a->n_channels, b->n_channels); i++)
    if (a->mean[i] != b->mean[i] || a->deviation[i] != b->deviation[i])
      return FALSE;
  return a->scale == b->scale && a->offset == b->offset && a->order == b->order
         && a->n_channels == b->n_channels && a->sample_rate == b->sample_rate;
}

FettleProject *
fettle_project_new (FettleGraph *graph)
{
  FettleProject *project;

  g_return_val_if_fail (FETTLE_IS_GRAPH (graph), NULL);
  project = g_new0 (FettleProject, 1);
  project->graph = g_object_ref (graph);
  project->recipe = g_strdup ("");
  project->recipe_hash = g_strdup ("");
  project->data_hash = g_strdup ("");
  project->preprocessing.scale = 1;
  return project;
}

FettleProject *
fettle_project_copy (FettleProject *project)
{
  FettleProject *copy;

  g_return_val_if_fail (project != NULL, NULL);
  copy = g_new0 (FettleProject, 1);
  g_set_object (&copy->graph, project->graph);
  g_set_object (&copy->source, project->source);
  g_set_object (&copy->reference, project->reference);
  copy->recipe = g_strdup (project->recipe);
  copy->recipe_hash = g_strdup (project->recipe_hash);
  copy->data_hash = g_strdup (project->data_hash);
  copy->preprocessing = project->preprocessing;
  copy->notes = project->notes != NULL ? g_variant_ref (project->notes) : NULL;
  return copy;
}

void
fettle_project_free (FettleProject *project)
{
  g_return_if_fail (project != NULL);
  g_clear_object (&project->graph);
  g_clear_object (&project->source);
  g_clear_object (&project->reference);
  g_free (project->recipe);
  g_free (project->recipe_hash);
  g_free (project->data_hash);
  g_clear_pointer (&project->notes, g_variant_unref);
  g_free (project);
}

FettleGraph *
fettle_project_get_reference (FettleProject *project)
{
  g_return_val_if_fail (project != NULL, NULL);
  return project->reference != NULL ? project->reference : project->source;
}

static gboolean
computes_in_float (FettleGraph *graph)
{
  for (guint i = 0; i < fettle_graph_get_n_tensors (graph); i++)
    if (fettle_graph_get_tensor (graph, i)->quantization.n_channels > 0)
      return FALSE;
  return TRUE;
}

FettleGraph *
fettle_project_get_original (FettleProject *project)
{
  g_return_val_if_fail (project != NULL, NULL);
  if (project->source != NULL && computes_in_float (project->source))
    return project->source;
  return fettle_project_get_reference (project);
}

const GVariantType *
fettle_project_get_variant_type (void)
{
  return G_VARIANT_TYPE (PROJECT_TYPE);
}

gboolean
fettle_project_probe (GBytes *bytes)
{
  gsize size;
  gconstpointer data;

  g_return_val_if_fail (bytes != NULL, FALSE);
  data = g_bytes_get_data (bytes, &size);
  /* Without the version, so that a newer file is known for what it is. */
  return size >= sizeof magic && memcmp (data, magic, sizeof magic - 1) == 0;
}

/* Floating; GRAPH may be NULL. */
static GVariant *
serialize_kept (FettleGraph *graph)
{
  return g_variant_new_maybe (G_VARIANT_TYPE (FETTLE_GRAPH_VARIANT_TYPE),
                              graph != NULL ? fettle_graph_to_variant (graph) : NULL);
}

static GVariant *
serialize_numbers (const double *numbers, guint n)
{
  return g_variant_new_fixed_array (G_VARIANT_TYPE_DOUBLE, numbers, n, sizeof *numbers);
}

static GVariant *
serialize_preprocessing (const FettlePreprocessing *preprocessing)
{
  return g_variant_new (
      "(ddu@ad@adu)", preprocessing->scale, preprocessing->offset,
      (guint32)preprocessing->order,
      serialize_numbers (preprocessing->mean, preprocessing->n_channels),
      serialize_numbers (preprocessing->deviation, preprocessing->n_channels),
      preprocessing->sample_rate);
}

GBytes *
fettle_project_serialize (FettleProject *project)
{
  g_autoptr (GVariant) variant = NULL;
  guint8 *bytes;
  gsize size;

  g_return_val_if_fail (project != NULL, NULL);
  variant = g_variant_ref_sink (g_variant_new (
      "(@*@*@*sss@*@*)", fettle_graph_to_variant (project->graph),
      serialize_kept (project->source), serialize_kept (project->reference),
      project->recipe, project->recipe_hash, project->data_hash,
      serialize_preprocessing (&project->preprocessing),
      project->notes != NULL ? project->notes : g_variant_new ("a{sv}", NULL)));
  size = g_variant_get_size (variant);
  bytes = g_malloc (sizeof magic + size);
  memcpy (bytes, magic, sizeof magic);
  g_variant_store (variant, bytes + sizeof magic);
  return g_bytes_new_take (bytes, sizeof magic + size);
}

/* GRAPH becomes what child INDEX holds; NULL if that was not kept. */
static gboolean
read_kept (GVariant *variant, gsize index, FettleGraph **graph, GError **error)
{
  g_autoptr (GVariant) kept = g_variant_get_child_value (variant, index);
  g_autoptr (GVariant) value = g_variant_get_maybe (kept);

  *graph = value != NULL ? fettle_graph_from_variant (value, error) : NULL;
  return value == NULL || *graph != NULL;
}

/* FALSE if what child 6 says makes no sense. */
static gboolean
read_preprocessing (GVariant *variant, FettlePreprocessing *preprocessing)
{
  g_autoptr (GVariant) value = g_variant_get_child_value (variant, 6);
  g_autoptr (GVariant) mean = NULL;
  g_autoptr (GVariant) deviation = NULL;
  guint32 order;

  g_variant_get (value, "(ddu@ad@adu)", &preprocessing->scale, &preprocessing->offset,
                 &order, &mean, &deviation, &preprocessing->sample_rate);
  preprocessing->order = order;
  preprocessing->n_channels = (guint)g_variant_n_children (mean);
  if (order > FETTLE_CHANNELS_BGR
      || preprocessing->n_channels > FETTLE_MAX_NORMALIZED_CHANNELS
      || g_variant_n_children (deviation) != preprocessing->n_channels)
    return FALSE;
  for (guint i = 0; i < preprocessing->n_channels; i++)
    {
      g_variant_get_child (mean, i, "d", &preprocessing->mean[i]);
      g_variant_get_child (deviation, i, "d", &preprocessing->deviation[i]);
    }
  return fettle_preprocessing_is_valid (preprocessing);
}

static FettleProject *
read_project (GVariant *variant, GError **error)
{
  g_autoptr (FettleProject) project = NULL;
  g_autoptr (FettleGraph) graph = NULL;
  g_autoptr (GVariant) tuned = g_variant_get_child_value (variant, 0);

  graph = fettle_graph_from_variant (tuned, error);
  if (graph == NULL)
    return NULL;
  project = fettle_project_new (graph);
  if (!read_kept (variant, 1, &project->source, error)
      || !read_kept (variant, 2, &project->reference, error))
    return NULL;
  g_clear_pointer (&project->recipe, g_free);
  g_clear_pointer (&project->recipe_hash, g_free);
  g_clear_pointer (&project->data_hash, g_free);
  g_variant_get_child (variant, 3, "s", &project->recipe);
  g_variant_get_child (variant, 4, "s", &project->recipe_hash);
  g_variant_get_child (variant, 5, "s", &project->data_hash);
  if (!read_preprocessing (variant, &project->preprocessing))
    {
      g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_FORMAT,
                           "The project file is damaged (preprocessing).");
      return NULL;
    }
  if (g_variant_n_children (variant) > NOTES_INDEX)
    {
      g_autoptr (GVariant) notes = g_variant_get_child_value (variant, NOTES_INDEX);

      if (g_variant_n_children (notes) > 0)
        project->notes = g_steal_pointer (&notes);
    }
  return g_steal_pointer (&project);
}

FettleProject *
fettle_project_parse (GBytes *bytes, const char *name, GError **error)
{
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GVariant) variant = NULL;
  FettleProject *project = NULL;
  guint8 version;
  gsize size;
  const char *data;

  g_return_val_if_fail (bytes != NULL && name != NULL, NULL);
  data = g_bytes_get_data (bytes, &size);
  if (!fettle_project_probe (bytes))
    {
      g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_FORMAT,
                   "%s: This is not a Fettle project.", name);
      return NULL;
    }
  version = (guint8)data[sizeof magic - 1];
  if (version != magic[sizeof magic - 1] && version != OLD_VERSION)
    {
      g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
                   "%s: The project was saved by another version of Fettle (format %u, "
                   "this one reads %u).",
                   name, version, (guint8)magic[sizeof magic - 1]);
      return NULL;
    }
  /* A copy, aligned as GVariant wants it. */
  body = g_bytes_new (data + sizeof magic, size - sizeof magic);
  variant = g_variant_ref_sink (
      g_variant_new_from_bytes (version == OLD_VERSION ? G_VARIANT_TYPE (OLD_PROJECT_TYPE)
                                                       : G_VARIANT_TYPE (PROJECT_TYPE),
                                body, FALSE));
  if (!g_variant_is_normal_form (variant))
    g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_FORMAT,
                 "The project file is damaged or cut off; get an undamaged copy.");
  else
    project = read_project (variant, error);
  if (project == NULL)
    g_prefix_error (error, "%s: ", name);
  return project;
}

gboolean
fettle_project_save (FettleProject *project, const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  gsize size;
  const char *data;

  g_return_val_if_fail (project != NULL && path != NULL, FALSE);
  bytes = fettle_project_serialize (project);
  data = g_bytes_get_data (bytes, &size);
  return g_file_set_contents_full (
      path, data, (gssize)size,
      G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0666, error);
}
