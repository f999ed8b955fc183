/* SPDX-License-Identifier: GPL-3.0-or-later */
/* content.c: what a document holds: a model and everything that was worked out about it. */
#include "config.h"

#include "app/content.h"

#include "model/model-file.h"
#include "tuner/quantization-error.h"
#include "tuner/tune.h"

#include <glib/gi18n.h>

/* Enough for a stable figure; more samples move an SQNR by hundredths of a decibel. */
#define COMPARED_SAMPLES 64

FettleContent *
fettle_content_ref (FettleContent *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_content (gpointer data)
{
  FettleContent *self = data;

  g_free (self->path);
  g_clear_pointer (&self->project, fettle_project_free);
  g_clear_pointer (&self->lowered, fettle_lowered_free);
  g_free (self->macs);
  g_free (self->weight_bytes);
  g_free (self->live_bytes);
  g_clear_pointer (&self->report, g_ptr_array_unref);
}

void
fettle_content_unref (FettleContent *self)
{
  g_atomic_rc_box_release_full (self, clear_content);
}

FettleGraph *
fettle_content_get_graph (FettleContent *self)
{
  return self->project->graph;
}

guint
fettle_content_get_n_layers (FettleContent *self)
{
  return fettle_graph_get_n_operators (self->project->graph);
}

static FettleContentKind
find_kind (FettleProject *project)
{
  if (project->source != NULL)
    return FETTLE_CONTENT_TUNED;
  for (guint i = 0; i < fettle_graph_get_n_tensors (project->graph); i++)
    {
      FettleTensor *tensor = fettle_graph_get_tensor (project->graph, i);

      if (tensor->data == NULL && tensor->type == FETTLE_TYPE_INT8)
        return FETTLE_CONTENT_QUANTIZED;
    }
  return FETTLE_CONTENT_FLOAT;
}

static guint64
count_live_bytes (const FettleLowered *lowered, guint layer)
{
  guint64 live = 0;

  for (guint i = 0; i < lowered->entries->len; i++)
    {
      const FettleArenaBuffer *buffer =
          &g_array_index (lowered->entries, FettleArenaEntry, i).buffer;

      if (buffer->first <= layer && layer <= buffer->last)
        live += (buffer->size + FETTLE_ARENA_ALIGNMENT - 1) / FETTLE_ARENA_ALIGNMENT
                * FETTLE_ARENA_ALIGNMENT;
    }
  return live;
}

/* Takes PROJECT over. */
static FettleContent *
make_content (const char *path, FettleProject *project, GError **error)
{
  g_autoptr (FettleContent) self = g_atomic_rc_box_new0 (FettleContent);
  guint n_layers;

  self->path = g_strdup (path);
  self->project = project;
  self->kind = find_kind (project);
  self->lowered = fettle_lower (project->graph, NULL, error);
  if (self->lowered == NULL)
    return NULL;
  n_layers = fettle_graph_get_n_operators (project->graph);
  self->macs = g_new (guint64, n_layers);
  self->weight_bytes = g_new (guint64, n_layers);
  self->live_bytes = g_new (guint64, n_layers);
  for (guint i = 0; i < n_layers; i++)
    {
      self->macs[i] = fettle_graph_count_macs (project->graph, i);
      self->weight_bytes[i] = fettle_graph_count_weight_bytes (project->graph, i);
      self->live_bytes[i] = count_live_bytes (self->lowered, i);
      self->total_macs += self->macs[i];
    }
  return g_steal_pointer (&self);
}

FettleContent *
fettle_content_load (const char *path, GError **error)
{
  FettleProject *project;

  g_return_val_if_fail (path != NULL, NULL);

  project = fettle_model_file_load (path, error);
  return project != NULL ? make_content (path, project, error) : NULL;
}

static void
forward_progress (const char *step, double fraction, gpointer progress)
{
  fettle_progress_set (progress, step, fraction);
}

/* Labels are not needed, but a table's column of them is no part of the samples. */
static FettleSamples *
open_samples (const FettleData *data, FettleGraph *graph, GError **error)
{
  g_autoptr (FettleNpy) labels = NULL;

  return data->labels != NULL
             ? fettle_samples_open_labelled (data->path, data->labels, graph,
                                             &data->preprocessing, &labels, error)
             : fettle_samples_open (data->path, graph, &data->preprocessing, error);
}

gboolean
fettle_content_check_data (FettleContent *self, const FettleData *data, GError **error)
{
  g_autoptr (FettleSamples) samples = NULL;
  g_autofree char *name = NULL;
  FettleGraph *source;

  g_return_val_if_fail (self != NULL && data != NULL, FALSE);

  name = g_filename_display_basename (data->path);
  if (!g_file_test (data->path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
                   _ ("The calibration data %s are not where they were; choose them "
                      "again in the recipe."),
                   name);
      return FALSE;
    }
  source = self->project->source != NULL ? self->project->source : self->project->graph;
  samples = open_samples (data, source, error);
  if (samples == NULL)
    return FALSE;
  if (g_str_equal (fettle_samples_get_hash (samples), self->project->data_hash))
    return TRUE;
  g_set_error (
      error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
      _ ("The calibration data %s have changed since the project was tuned; tune "
         "again to make use of them."),
      name);
  return FALSE;
}

FettleContent *
fettle_content_tune (FettleContent *self, FettleRecipe *recipe, const FettleData *data,
                     FettleProgress *progress, GCancellable *cancellable, GError **error)
{
  g_autoptr (FettleSamples) samples = NULL;
  g_autoptr (GPtrArray) report = NULL;
  FettleContent *content;
  FettleProject *tuned;
  FettleGraph *source;

  g_return_val_if_fail (self != NULL && FETTLE_IS_RECIPE (recipe), NULL);

  source = self->project->source != NULL ? self->project->source : self->project->graph;
  if (data != NULL)
    {
      samples = open_samples (data, source, error);
      if (samples == NULL)
        return NULL;
    }
  tuned =
      fettle_tune (self->project, recipe, samples,
                   data != NULL ? &data->preprocessing : &self->project->preprocessing,
                   forward_progress, progress, cancellable, &report, error);
  content = tuned != NULL ? make_content (self->path, tuned, error) : NULL;
  if (content != NULL)
    content->report = g_steal_pointer (&report);
  return content;
}

GArray *
fettle_content_compare (FettleContent *self, const FettleData *data, gboolean *is_own,
                        GCancellable *cancellable, GError **error)
{
  g_autoptr (FettleSamples) samples = NULL;

  g_return_val_if_fail (self != NULL && self->kind == FETTLE_CONTENT_TUNED, NULL);
  g_return_val_if_fail (data != NULL && is_own != NULL, NULL);

  samples = open_samples (data, self->project->source, error);
  if (samples == NULL)
    return NULL;
  *is_own =
      g_str_equal (fettle_samples_get_hash (samples), self->project->data_hash)
      && fettle_preprocessing_equal (&data->preprocessing, &self->project->preprocessing);
  return fettle_quantization_error (fettle_project_get_reference (self->project),
                                    self->project->graph, samples, COMPARED_SAMPLES,
                                    cancellable, error);
}
