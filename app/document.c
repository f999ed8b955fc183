/* SPDX-License-Identifier: GPL-3.0-or-later */
/* document.c: the model that a window shows, its measurements, and the one selection in it. */
#include "config.h"

#include "app/document.h"

#include <glib/gi18n.h>

#define REFRESH_INTERVAL_MS 100

struct _FettleDocument
{
  GObject parent_instance;

  FettleContent *content;
  GArray *errors;
  FettleTrace *trace;
  GArray *
      layer_times; /* FettleStatistics per layer: sorting the trace once serves all pages */
  FettleStatistics total_time;
  int selected;
  guint trace_timeout;

  /* The work under way; all NULL or 0 if there is none. */
  GCancellable *cancellable;
  FettleProgress *progress;
  guint activity_timeout;
  guint generation; /* of the latest work: results of any other are dropped */
};

G_DEFINE_FINAL_TYPE (FettleDocument, fettle_document, G_TYPE_OBJECT)

enum
{
  CONTENT_CHANGED,
  ERRORS_CHANGED,
  TRACE_CHANGED,
  SELECTION_CHANGED,
  ACTIVITY_CHANGED,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* What a worker gets and what it leaves behind. */
typedef struct
{
  guint generation;
  FettleProgress *progress;
  char *path;             /* open */
  FettleContent *content; /* tune, compare */
  FettleData *data;       /* tune, compare */
  GArray *errors;         /* out: compare, tune */
} Work;

static void
work_free (Work *work)
{
  fettle_progress_unref (work->progress);
  g_free (work->path);
  g_clear_pointer (&work->content, fettle_content_unref);
  g_clear_pointer (&work->data, fettle_data_free);
  g_clear_pointer (&work->errors, g_array_unref);
  g_free (work);
}

FettleContent *
fettle_document_get_content (FettleDocument *self)
{
  g_return_val_if_fail (FETTLE_IS_DOCUMENT (self), NULL);
  return self->content;
}

GArray *
fettle_document_get_errors (FettleDocument *self)
{
  g_return_val_if_fail (FETTLE_IS_DOCUMENT (self), NULL);
  return self->errors;
}

FettleTrace *
fettle_document_get_trace (FettleDocument *self)
{
  g_return_val_if_fail (FETTLE_IS_DOCUMENT (self), NULL);
  return self->trace;
}

FettleStatistics
fettle_document_get_layer_time (FettleDocument *self, guint layer)
{
  FettleStatistics none = { .n = 0 };

  g_return_val_if_fail (FETTLE_IS_DOCUMENT (self), none);

  return layer < self->layer_times->len
             ? g_array_index (self->layer_times, FettleStatistics, layer)
             : none;
}

FettleStatistics
fettle_document_get_total_time (FettleDocument *self)
{
  FettleStatistics none = { .n = 0 };

  g_return_val_if_fail (FETTLE_IS_DOCUMENT (self), none);

  return self->total_time;
}

static void
summarize_trace (FettleDocument *self)
{
  guint n_layers = self->trace != NULL ? fettle_trace_get_n_layers (self->trace) : 0;

  g_array_set_size (self->layer_times, n_layers);
  for (guint i = 0; i < n_layers; i++)
    g_array_index (self->layer_times, FettleStatistics, i) =
        fettle_trace_get_layer (self->trace, i);
  self->total_time =
      n_layers > 0 ? fettle_trace_get_total (self->trace) : (FettleStatistics){ .n = 0 };
}

static gboolean
emit_trace_changed (gpointer data)
{
  FettleDocument *self = data;

  self->trace_timeout = 0;
  summarize_trace (self);
  g_signal_emit (self, signals[TRACE_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

void
fettle_document_touch_trace (FettleDocument *self)
{
  g_return_if_fail (FETTLE_IS_DOCUMENT (self));

  if (self->trace_timeout == 0)
    self->trace_timeout = g_timeout_add (REFRESH_INTERVAL_MS, emit_trace_changed, self);
}

void
fettle_document_set_trace (FettleDocument *self, FettleTrace *trace)
{
  g_return_if_fail (FETTLE_IS_DOCUMENT (self));

  if (g_set_object (&self->trace, trace))
    fettle_document_touch_trace (self);
}

int
fettle_document_get_selected (FettleDocument *self)
{
  g_return_val_if_fail (FETTLE_IS_DOCUMENT (self), -1);
  return self->selected;
}

void
fettle_document_set_selected (FettleDocument *self, int layer)
{
  g_return_if_fail (FETTLE_IS_DOCUMENT (self));

  if (self->content == NULL || layer >= (int)fettle_content_get_n_layers (self->content))
    layer = -1;
  if (layer == self->selected)
    return;
  self->selected = layer;
  g_signal_emit (self, signals[SELECTION_CHANGED], 0);
}

static void
set_errors (FettleDocument *self, GArray *errors)
{
  g_clear_pointer (&self->errors, g_array_unref);
  self->errors = errors != NULL ? g_array_ref (errors) : NULL;
  g_signal_emit (self, signals[ERRORS_CHANGED], 0);
}

static void
set_content (FettleDocument *self, FettleContent *content)
{
  g_clear_pointer (&self->content, fettle_content_unref);
  self->content = content;
  g_clear_pointer (&self->errors, g_array_unref);
  g_clear_object (&self->trace);
  summarize_trace (self);
  self->selected = -1;
  g_signal_emit (self, signals[CONTENT_CHANGED], 0);
  g_signal_emit (self, signals[SELECTION_CHANGED], 0);
  g_signal_emit (self, signals[TRACE_CHANGED], 0);
}

/* --- work --- */

static gboolean
emit_activity_changed (gpointer data)
{
  g_signal_emit (data, signals[ACTIVITY_CHANGED], 0);
  return G_SOURCE_CONTINUE;
}

static void
end_work (FettleDocument *self)
{
  g_clear_handle_id (&self->activity_timeout, g_source_remove);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->progress, fettle_progress_unref);
}

gboolean
fettle_document_is_busy (FettleDocument *self)
{
  g_return_val_if_fail (FETTLE_IS_DOCUMENT (self), FALSE);
  return self->progress != NULL;
}

char *
fettle_document_get_activity (FettleDocument *self, double *fraction)
{
  g_return_val_if_fail (FETTLE_IS_DOCUMENT (self) && fraction != NULL, NULL);

  return self->progress != NULL ? fettle_progress_get (self->progress, fraction) : NULL;
}

void
fettle_document_cancel (FettleDocument *self)
{
  g_return_if_fail (FETTLE_IS_DOCUMENT (self));

  if (self->cancellable == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  self->generation++;
  end_work (self);
  g_signal_emit (self, signals[ACTIVITY_CHANGED], 0);
}

static void
work_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  FettleDocument *self = FETTLE_DOCUMENT (source);
  Work *work = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleContent) content = g_task_propagate_pointer (G_TASK (result), &error);

  if (work->generation != self->generation)
    return;
  end_work (self);
  if (error != NULL)
    g_signal_emit (self, signals[FAILED], 0, error->message);
  else if (content != self->content)
    set_content (self, g_steal_pointer (&content));
  if (work->errors != NULL)
    set_errors (self, work->errors);
  g_signal_emit (self, signals[ACTIVITY_CHANGED], 0);
}

static void
start_work (FettleDocument *self, const char *step, Work *work, GTaskThreadFunc func)
{
  g_autoptr (GTask) task = NULL;

  fettle_document_cancel (self);
  self->generation++;
  self->cancellable = g_cancellable_new ();
  self->progress = fettle_progress_new (step);
  self->activity_timeout =
      g_timeout_add (REFRESH_INTERVAL_MS, emit_activity_changed, self);
  work->generation = self->generation;
  work->progress = fettle_progress_ref (self->progress);
  task = g_task_new (self, self->cancellable, work_done, NULL);
  g_task_set_task_data (task, work, (GDestroyNotify)work_free);
  g_task_run_in_thread (task, func);
  g_signal_emit (self, signals[ACTIVITY_CHANGED], 0);
}

static void
return_content (GTask *task, FettleContent *content, GError *error)
{
  if (content != NULL)
    g_task_return_pointer (task, content, (GDestroyNotify)fettle_content_unref);
  else
    g_task_return_error (task, error);
}

static void
open_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;
  GError *error = NULL;
  FettleContent *content = fettle_content_load (work->path, &error);

  return_content (task, content, error);
}

void
fettle_document_open (FettleDocument *self, const char *path)
{
  Work *work;

  g_return_if_fail (FETTLE_IS_DOCUMENT (self) && path != NULL);

  work = g_new0 (Work, 1);
  work->path = g_strdup (path);
  start_work (self, _ ("Reading the model"), work, open_in_thread);
}

/* Compares CONTENT into WORK; a failure is the task's. */
static void
compare_and_return (GTask *task, FettleContent *content, Work *work,
                    GCancellable *cancellable)
{
  GError *error = NULL;

  fettle_progress_set (work->progress, _ ("Comparing layers with the float model"), -1);
  work->errors = fettle_content_compare (content, work->data, cancellable, &error);
  if (work->errors == NULL)
    g_clear_pointer (&content, fettle_content_unref);
  return_content (task, content, error);
}

static void
tune_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;
  GError *error = NULL;
  FettleContent *content = fettle_content_tune (work->content, work->data, work->progress,
                                                cancellable, &error);

  if (content == NULL)
    g_task_return_error (task, error);
  else
    compare_and_return (task, content, work, cancellable);
}

static void
compare_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;

  compare_and_return (task, fettle_content_ref (work->content), work, cancellable);
}

static void
start_data_work (FettleDocument *self, const FettleData *data, const char *step,
                 GTaskThreadFunc func)
{
  Work *work = g_new0 (Work, 1);

  work->content = fettle_content_ref (self->content);
  work->data =
      fettle_data_new (data->path, data->preprocessing.scale, data->preprocessing.offset);
  start_work (self, step, work, func);
}

void
fettle_document_tune (FettleDocument *self, const FettleData *data)
{
  g_return_if_fail (FETTLE_IS_DOCUMENT (self) && data != NULL);
  g_return_if_fail (self->content != NULL);

  start_data_work (self, data, _ ("Tuning"), tune_in_thread);
}

void
fettle_document_compare (FettleDocument *self, const FettleData *data)
{
  g_return_if_fail (FETTLE_IS_DOCUMENT (self) && data != NULL);
  g_return_if_fail (self->content != NULL);
  g_return_if_fail (self->content->kind == FETTLE_CONTENT_TUNED);

  start_data_work (self, data, _ ("Comparing layers with the float model"),
                   compare_in_thread);
}

static void
fettle_document_dispose (GObject *object)
{
  FettleDocument *self = FETTLE_DOCUMENT (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  end_work (self);
  g_clear_handle_id (&self->trace_timeout, g_source_remove);
  g_clear_pointer (&self->content, fettle_content_unref);
  g_clear_pointer (&self->errors, g_array_unref);
  g_clear_object (&self->trace);
  G_OBJECT_CLASS (fettle_document_parent_class)->dispose (object);
}

static void
fettle_document_finalize (GObject *object)
{
  FettleDocument *self = FETTLE_DOCUMENT (object);

  g_array_unref (self->layer_times);
  G_OBJECT_CLASS (fettle_document_parent_class)->finalize (object);
}

static guint
add_signal (const char *name)
{
  return g_signal_new (name, FETTLE_TYPE_DOCUMENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, 0);
}

static void
fettle_document_class_init (FettleDocumentClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = fettle_document_dispose;
  G_OBJECT_CLASS (klass)->finalize = fettle_document_finalize;

  signals[CONTENT_CHANGED] = add_signal ("content-changed");
  signals[ERRORS_CHANGED] = add_signal ("errors-changed");
  signals[TRACE_CHANGED] = add_signal ("trace-changed");
  signals[SELECTION_CHANGED] = add_signal ("selection-changed");
  signals[ACTIVITY_CHANGED] = add_signal ("activity-changed");
  signals[FAILED] = g_signal_new ("failed", FETTLE_TYPE_DOCUMENT, G_SIGNAL_RUN_LAST, 0,
                                  NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
fettle_document_init (FettleDocument *self)
{
  self->layer_times = g_array_new (FALSE, TRUE, sizeof (FettleStatistics));
  self->selected = -1;
}

FettleDocument *
fettle_document_new (void)
{
  return g_object_new (FETTLE_TYPE_DOCUMENT, NULL);
}
