/* SPDX-License-Identifier: GPL-3.0-or-later */
/* document-work.c: what a document does in a thread: opening, tuning, comparing. */
#include "config.h"

#include "app/document-private.h"

#include <glib/gi18n.h>

/* What a worker gets and what it leaves behind. */
typedef struct
{
  guint generation;
  FettleProgress *progress;
  char *path;               /* open */
  gboolean is_recovery;     /* open: PATH is a copy kept in case of a crash */
  FettleProjectNotes notes; /* out: open */
  FettleContent *content;   /* tune: what to start from; compare */
  FettleRecipe *recipe;     /* tune */
  FettleData *data;         /* tune, where it may be NULL; compare */
  char *key;                /* tune, compare: of the state that the result belongs to */
  char *own_key;   /* compare: that it belongs to as well if it was tuned on DATA */
  gboolean is_own; /* out: compare: it was */
  GArray *errors;  /* out: tune, where it may be NULL; compare */
  char
      *warning; /* out: tune: why ERRORS is not there; open: what is amiss; may be NULL */
} Work;

static void
work_free (Work *work)
{
  fettle_progress_unref (work->progress);
  g_free (work->path);
  fettle_project_notes_clear (&work->notes);
  g_clear_pointer (&work->content, fettle_content_unref);
  g_clear_object (&work->recipe);
  g_clear_pointer (&work->data, fettle_data_free);
  g_free (work->key);
  g_free (work->own_key);
  g_clear_pointer (&work->errors, g_array_unref);
  g_free (work->warning);
  g_free (work);
}

static gboolean
emit_activity_changed (gpointer data)
{
  fettle_document_changed_activity (data);
  return G_SOURCE_CONTINUE;
}

void
fettle_document_end_work (FettleDocument *self)
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
  fettle_document_end_work (self);
  fettle_document_changed_activity (self);
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
  fettle_document_end_work (self);
  if (error != NULL)
    fettle_document_fail (self, error->message);
  else if (work->path != NULL)
    fettle_document_begin (self, g_steal_pointer (&content), &work->notes,
                           !work->is_recovery);
  else
    {
      fettle_document_add_result (self, work->key, content, work->errors);
      if (work->is_own && work->own_key != NULL)
        fettle_document_add_result (self, work->own_key, content, work->errors);
    }
  if (work->warning != NULL)
    fettle_document_fail (self, work->warning);
  fettle_document_changed_activity (self);
  /* A project whose data are there shows its errors again. */
  if (error == NULL && work->path != NULL && work->notes.is_applied
      && work->notes.data != NULL && self->content->kind == FETTLE_CONTENT_TUNED)
    fettle_document_compare (self, work->notes.data);
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
      g_timeout_add (FETTLE_DOCUMENT_REFRESH_MS, emit_activity_changed, self);
  work->generation = self->generation;
  work->progress = fettle_progress_ref (self->progress);
  task = g_task_new (self, self->cancellable, work_done, NULL);
  g_task_set_task_data (task, work, (GDestroyNotify)work_free);
  g_task_run_in_thread (task, func);
  fettle_document_changed_activity (self);
}

static void
return_content (GTask *task, FettleContent *content, GError *error)
{
  if (content != NULL)
    g_task_return_pointer (task, content, (GDestroyNotify)fettle_content_unref);
  else
    g_task_return_error (task, error);
}

/* What the notes in its file say about CONTENT, into WORK. */
static void
read_notes (FettleContent *content, Work *work)
{
  g_autoptr (GError) error = NULL;

  fettle_project_notes_read (&work->notes, content->project->notes, work->path);
  /* Nobody else has seen the content yet. */
  if (work->notes.origin != NULL)
    {
      g_free (content->path);
      content->path = g_strdup (work->notes.origin);
    }
  if (work->notes.data == NULL || !work->notes.is_applied
      || fettle_content_check_data (content, work->notes.data, &error))
    return;
  work->notes.is_applied = FALSE;
  work->warning = g_strdup (error->message);
}

static void
open_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;
  GError *error = NULL;
  FettleContent *content = fettle_content_load (work->path, &error);

  if (content != NULL)
    read_notes (content, work);
  return_content (task, content, error);
}

static void
open_path (FettleDocument *self, const char *path, gboolean is_recovery)
{
  Work *work = g_new0 (Work, 1);

  work->path = g_strdup (path);
  work->is_recovery = is_recovery;
  start_work (self, _ ("Reading the model"), work, open_in_thread);
}

void
fettle_document_open (FettleDocument *self, const char *path)
{
  g_return_if_fail (FETTLE_IS_DOCUMENT (self) && path != NULL);

  open_path (self, path, FALSE);
}

void
fettle_document_recover (FettleDocument *self, const char *path)
{
  g_return_if_fail (FETTLE_IS_DOCUMENT (self) && path != NULL);

  open_path (self, path, TRUE);
}

/* What the layers of CONTENT lost, into WORK. */
static gboolean
compare (FettleContent *content, Work *work, GCancellable *cancellable, GError **error)
{
  fettle_progress_set (work->progress, _ ("Comparing layers with the float model"), -1);
  work->errors =
      fettle_content_compare (content, work->data, &work->is_own, cancellable, error);
  return work->errors != NULL;
}

/* A tuned model that cannot be compared is still a tuned model. */
static void
tune_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;
  GError *error = NULL;
  g_autoptr (GError) warning = NULL;
  FettleContent *content = fettle_content_tune (work->content, work->recipe, work->data,
                                                work->progress, cancellable, &error);

  if (content != NULL && work->data != NULL
      && !compare (content, work, cancellable, &warning)
      && !g_error_matches (warning, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    work->warning = g_strdup (warning->message);
  return_content (task, content, error);
}

static void
compare_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;
  GError *error = NULL;

  if (compare (work->content, work, cancellable, &error))
    return_content (task, fettle_content_ref (work->content), NULL);
  else
    g_task_return_error (task, error);
}

void
fettle_document_start_tuning (FettleDocument *self, FettleEditState *state)
{
  Work *work = g_new0 (Work, 1);

  g_assert (self->original != NULL && state->recipe != NULL);
  work->content = fettle_content_ref (self->original);
  work->recipe = g_object_ref (state->recipe);
  work->data = fettle_data_copy (state->data);
  work->key = fettle_edit_state_identify (state);
  start_work (self, _ ("Tuning"), work, tune_in_thread);
}

/* The key of the state that the project which is shown was made from, if DATA are those that it was tuned on: a project
 * knows the hash of its data only, not where they are. */
static char *
identify_own_state (FettleDocument *self, const FettleData *data)
{
  g_autoptr (FettleRecipe) recipe =
      fettle_recipe_parse (self->content->project->recipe, NULL);
  g_autoptr (FettleEditState) state = NULL;

  if (recipe == NULL)
    return NULL;
  state = fettle_edit_state_new (recipe, data);
  return fettle_edit_state_identify (state);
}

void
fettle_document_compare (FettleDocument *self, const FettleData *data)
{
  Work *work;

  g_return_if_fail (FETTLE_IS_DOCUMENT (self) && data != NULL);
  g_return_if_fail (self->content != NULL);
  g_return_if_fail (self->content->kind == FETTLE_CONTENT_TUNED);

  g_clear_pointer (&self->compared, fettle_data_free);
  self->compared = fettle_data_copy (data);
  work = g_new0 (Work, 1);
  work->content = fettle_content_ref (self->content);
  work->data = fettle_data_copy (data);
  work->key = g_strdup (self->shown_key);
  work->own_key = identify_own_state (self, data);
  start_work (self, _ ("Comparing layers with the float model"), work, compare_in_thread);
}
