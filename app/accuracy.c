/* SPDX-License-Identifier: GPL-3.0-or-later */
/* accuracy.c: how many samples the document's model gets right. */
#include "config.h"

#include "app/accuracy.h"

struct _FettleAccuracyMeter
{
  GObject parent_instance;

  FettleDocument *document; /* not owned: outlives the pages */
  FettleAccuracyState state;
  FettleAccuracy accuracy;
  char *problem;
  FettleContent *measured; /* what the state belongs to, with MEASURED_ON */
  FettleData *measured_on;
  GCancellable *cancellable; /* of the work under way */
};

G_DEFINE_FINAL_TYPE (FettleAccuracyMeter, fettle_accuracy_meter, G_TYPE_OBJECT)

static guint changed_signal;

/* What the worker gets. */
typedef struct
{
  FettleContent *content;
  FettleData *data;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  fettle_content_unref (work->content);
  fettle_data_free (work->data);
  g_free (work);
}

static gboolean
measure (const Work *work, FettleAccuracy *accuracy, GCancellable *cancellable,
         GError **error)
{
  FettleProject *project = work->content->project;
  FettleGraph *reference =
      project->source != NULL ? fettle_project_get_original (project) : NULL;
  g_autoptr (FettleNpy) labels = NULL;
  g_autoptr (FettleSamples) samples =
      fettle_samples_open_labelled (work->data->path, work->data->labels,
                                    reference != NULL ? reference : project->graph,
                                    &work->data->preprocessing, &labels, error);
  g_autoptr (FettleEvaluation) evaluation = NULL;

  if (samples == NULL)
    return FALSE;
  evaluation = fettle_evaluate (project->graph, reference, samples, NULL, NULL,
                                cancellable, error);
  return evaluation != NULL
         && fettle_measure_accuracy (evaluation, labels, accuracy, error);
}

static void
measure_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autofree FettleAccuracy *accuracy = g_new0 (FettleAccuracy, 1);
  GError *error = NULL;

  if (measure (data, accuracy, cancellable, &error))
    g_task_return_pointer (task, g_steal_pointer (&accuracy), g_free);
  else
    g_task_return_error (task, error);
}

static void
measured (GObject *source, GAsyncResult *result, gpointer user_data)
{
  FettleAccuracyMeter *self = FETTLE_ACCURACY_METER (source);
  g_autoptr (GError) error = NULL;
  g_autofree FettleAccuracy *accuracy =
      g_task_propagate_pointer (G_TASK (result), &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  g_clear_object (&self->cancellable);
  self->state = accuracy != NULL ? FETTLE_ACCURACY_KNOWN : FETTLE_ACCURACY_FAILED;
  if (accuracy != NULL)
    self->accuracy = *accuracy;
  else
    self->problem = g_strdup (error->message);
  g_signal_emit (self, changed_signal, 0);
}

static void
forget (FettleAccuracyMeter *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->measured, fettle_content_unref);
  g_clear_pointer (&self->measured_on, fettle_data_free);
  g_clear_pointer (&self->problem, g_free);
  self->state = FETTLE_ACCURACY_NO_LABELS;
}

void
fettle_accuracy_meter_start (FettleAccuracyMeter *self)
{
  FettleContent *content;
  FettleEditState *state;
  g_autoptr (GTask) task = NULL;
  Work *work;

  g_return_if_fail (FETTLE_IS_ACCURACY_METER (self));

  content = fettle_document_get_content (self->document);
  state = fettle_document_get_state (self->document);
  if (content == NULL || state == NULL || fettle_document_is_busy (self->document)
      || (content == self->measured
          && fettle_data_equal (state->data, self->measured_on)))
    return;
  forget (self);
  if (state->data != NULL && state->data->labels != NULL)
    {
      self->measured = fettle_content_ref (content);
      self->measured_on = fettle_data_copy (state->data);
      self->state = FETTLE_ACCURACY_MEASURING;
      self->cancellable = g_cancellable_new ();
      work = g_new0 (Work, 1);
      work->content = fettle_content_ref (content);
      work->data = fettle_data_copy (state->data);
      task = g_task_new (self, self->cancellable, measured, NULL);
      g_task_set_task_data (task, work, work_free);
      g_task_run_in_thread (task, measure_in_thread);
    }
  g_signal_emit (self, changed_signal, 0);
}

FettleAccuracyState
fettle_accuracy_meter_get_state (FettleAccuracyMeter *self)
{
  g_return_val_if_fail (FETTLE_IS_ACCURACY_METER (self), FETTLE_ACCURACY_NO_LABELS);
  return self->state;
}

const FettleAccuracy *
fettle_accuracy_meter_get (FettleAccuracyMeter *self)
{
  g_return_val_if_fail (FETTLE_IS_ACCURACY_METER (self), NULL);
  return self->state == FETTLE_ACCURACY_KNOWN ? &self->accuracy : NULL;
}

const char *
fettle_accuracy_meter_get_problem (FettleAccuracyMeter *self)
{
  g_return_val_if_fail (FETTLE_IS_ACCURACY_METER (self), NULL);
  return self->problem;
}

static void
fettle_accuracy_meter_dispose (GObject *object)
{
  forget (FETTLE_ACCURACY_METER (object));
  G_OBJECT_CLASS (fettle_accuracy_meter_parent_class)->dispose (object);
}

static void
fettle_accuracy_meter_class_init (FettleAccuracyMeterClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = fettle_accuracy_meter_dispose;
  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
fettle_accuracy_meter_init (FettleAccuracyMeter *self)
{
}

FettleAccuracyMeter *
fettle_accuracy_meter_new (FettleDocument *document)
{
  FettleAccuracyMeter *self;

  g_return_val_if_fail (FETTLE_IS_DOCUMENT (document), NULL);

  self = g_object_new (FETTLE_TYPE_ACCURACY_METER, NULL);
  self->document = document;
  return self;
}
