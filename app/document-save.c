/* SPDX-License-Identifier: GPL-3.0-or-later */
/* document-save.c: writes a document to a project file, in a thread. */
#include "config.h"

#include "app/document-private.h"

#include <glib/gi18n.h>

/* What a writer gets. */
typedef struct
{
  FettleProject *project;
  char *path;
  FettleEditState
      *state; /* that is saved; NULL: a copy, of which the document need not know */
  char *shown_key;
  void (*done) (const char *error, gpointer user_data);
  gpointer user_data;
} Writing;

static void
writing_free (Writing *writing)
{
  fettle_project_free (writing->project);
  g_free (writing->path);
  fettle_edit_state_unref (writing->state);
  g_free (writing->shown_key);
  g_free (writing);
}

static void
write_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Writing *writing = data;
  GError *error = NULL;

  if (fettle_project_save (writing->project, writing->path, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  FettleDocument *self = FETTLE_DOCUMENT (source);
  Writing *writing = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    fettle_document_set_saved (self, writing->state, writing->shown_key, writing->path);
  else
    fettle_document_fail (self, error->message);
}

/* The recipe that is proposed is none that the user wants to keep. */
FettleProject *
fettle_document_make_project (FettleDocument *self, const char *path, const char *origin)
{
  FettleProject *project = fettle_project_copy (self->content->project);
  FettleEditState *state = fettle_document_get_state (self);
  const FettleProjectNotes notes = {
    .recipe = state->recipe,
    .data = state->data,
    .is_applied = fettle_document_is_applied (self),
    .origin = (char *)origin,
  };

  g_clear_pointer (&project->notes, g_variant_unref);
  project->notes = g_variant_ref_sink (fettle_project_notes_write (&notes, path));
  return project;
}

void
fettle_document_save (FettleDocument *self, const char *path)
{
  g_autoptr (GTask) task = NULL;
  Writing *writing;

  g_return_if_fail (FETTLE_IS_DOCUMENT (self) && path != NULL);
  g_return_if_fail (self->content != NULL);

  writing = g_new0 (Writing, 1);
  writing->project = fettle_document_make_project (self, path, NULL);
  writing->path = g_strdup (path);
  writing->state = fettle_edit_state_ref (fettle_document_get_state (self));
  writing->shown_key = g_strdup (self->shown_key);
  task = g_task_new (self, NULL, written, NULL);
  g_task_set_task_data (task, writing, (GDestroyNotify)writing_free);
  g_task_run_in_thread (task, write_in_thread);
}
