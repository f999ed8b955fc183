/* SPDX-License-Identifier: GPL-3.0-or-later */
/* predictions.c: what other types of each layer would change. */
#include "config.h"

#include "app/predictions.h"

#include <glib/gi18n.h>

/* Few: a prediction that comes at once is worth more than its last digit. */
#define N_SAMPLES           32
#define REFRESH_INTERVAL_MS 200

struct _FettlePredictions
{
  GObject parent_instance;

  FettleDocument *document; /* not owned: outlives the pages */
  FettleSensitivity *sensitivity;
  gboolean is_tried; /* for the present content */

  /* Under way; NULL or 0 if nothing is. */
  GCancellable *cancellable;
  FettleProgress *progress;
  guint refresh_timeout;
};

G_DEFINE_FINAL_TYPE (FettlePredictions, fettle_predictions, G_TYPE_OBJECT)

static guint changed_signal;

/* What the worker gets. */
typedef struct
{
  FettleContent *content;
  FettleData *data;
  FettleProgress *progress;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  fettle_content_unref (work->content);
  fettle_data_free (work->data);
  fettle_progress_unref (work->progress);
  g_free (work);
}

static void
forward_progress (double fraction, gpointer progress)
{
  fettle_progress_set (progress, "", fraction);
}

static void
measure_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;
  FettleProject *project = work->content->project;
  GError *error = NULL;
  g_autoptr (FettleSamples) samples = fettle_samples_open (
      work->data->path, project->source, &work->data->preprocessing, &error);
  FettleSensitivity *sensitivity = NULL;

  if (samples != NULL)
    sensitivity = fettle_measure_sensitivity (
        fettle_project_get_reference (project), project->graph, samples, NULL, N_SAMPLES,
        forward_progress, work->progress, cancellable, &error);
  if (sensitivity != NULL)
    g_task_return_pointer (task, sensitivity, (GDestroyNotify)fettle_sensitivity_free);
  else
    g_task_return_error (task, error);
}

static void
end_work (FettlePredictions *self)
{
  g_clear_handle_id (&self->refresh_timeout, g_source_remove);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->progress, fettle_progress_unref);
}

/* A failure leaves the table without predictions; the data's own errors are told where they are chosen. */
static void
measured (GObject *source, GAsyncResult *result, gpointer user_data)
{
  FettlePredictions *self = FETTLE_PREDICTIONS (source);
  g_autoptr (FettleSensitivity) sensitivity =
      g_task_propagate_pointer (G_TASK (result), NULL);

  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  end_work (self);
  self->sensitivity = g_steal_pointer (&sensitivity);
  g_signal_emit (self, changed_signal, 0);
}

static gboolean
emit_changed (gpointer self)
{
  g_signal_emit (self, changed_signal, 0);
  return G_SOURCE_CONTINUE;
}

static void
forget (FettlePredictions *self)
{
  g_cancellable_cancel (self->cancellable);
  end_work (self);
  g_clear_pointer (&self->sensitivity, fettle_sensitivity_free);
  self->is_tried = FALSE;
}

void
fettle_predictions_start (FettlePredictions *self)
{
  FettleContent *content = fettle_document_get_content (self->document);
  FettleEditState *state = fettle_document_get_state (self->document);
  g_autoptr (GTask) task = NULL;
  Work *work;

  g_return_if_fail (FETTLE_IS_PREDICTIONS (self));

  if (self->is_tried || content == NULL || content->kind != FETTLE_CONTENT_TUNED
      || state == NULL || state->data == NULL || fettle_document_is_busy (self->document))
    return;
  self->is_tried = TRUE;
  self->cancellable = g_cancellable_new ();
  self->progress = fettle_progress_new ("");
  self->refresh_timeout = g_timeout_add (REFRESH_INTERVAL_MS, emit_changed, self);
  work = g_new0 (Work, 1);
  work->content = fettle_content_ref (content);
  work->data = fettle_data_copy (state->data);
  work->progress = fettle_progress_ref (self->progress);
  task = g_task_new (self, self->cancellable, measured, NULL);
  g_task_set_task_data (task, work, work_free);
  g_task_run_in_thread (task, measure_in_thread);
  g_signal_emit (self, changed_signal, 0);
}

const FettleSensitivity *
fettle_predictions_get (FettlePredictions *self)
{
  g_return_val_if_fail (FETTLE_IS_PREDICTIONS (self), NULL);
  return self->sensitivity;
}

const FettleAlternative *
fettle_predictions_get_alternative (FettlePredictions *self, guint layer,
                                    FettleAlternativeKind kind)
{
  g_return_val_if_fail (FETTLE_IS_PREDICTIONS (self), NULL);
  g_return_val_if_fail (kind < FETTLE_N_ALTERNATIVES, NULL);

  for (guint i = 0; self->sensitivity != NULL && i < self->sensitivity->layers->len; i++)
    {
      const FettleLayerSensitivity *entry =
          &g_array_index (self->sensitivity->layers, FettleLayerSensitivity, i);

      if (entry->layer == layer)
        return entry->alternatives[kind].is_possible ? &entry->alternatives[kind] : NULL;
    }
  return NULL;
}

double
fettle_predictions_get_progress (FettlePredictions *self)
{
  double fraction = 0;
  g_autofree char *step = NULL;

  g_return_val_if_fail (FETTLE_IS_PREDICTIONS (self), -1);

  if (self->progress == NULL)
    return -1;
  step = fettle_progress_get (self->progress, &fraction);
  return CLAMP (fraction, 0, 1);
}

static void
fettle_predictions_dispose (GObject *object)
{
  FettlePredictions *self = FETTLE_PREDICTIONS (object);

  g_cancellable_cancel (self->cancellable);
  end_work (self);
  g_clear_pointer (&self->sensitivity, fettle_sensitivity_free);
  G_OBJECT_CLASS (fettle_predictions_parent_class)->dispose (object);
}

static void
fettle_predictions_class_init (FettlePredictionsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = fettle_predictions_dispose;
  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
fettle_predictions_init (FettlePredictions *self)
{
}

FettlePredictions *
fettle_predictions_new (FettleDocument *document)
{
  FettlePredictions *self;

  g_return_val_if_fail (FETTLE_IS_DOCUMENT (document), NULL);

  self = g_object_new (FETTLE_TYPE_PREDICTIONS, NULL);
  self->document = document;
  g_signal_connect_object (document, "content-changed", G_CALLBACK (forget), self,
                           G_CONNECT_SWAPPED);
  return self;
}
