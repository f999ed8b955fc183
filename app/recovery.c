/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recovery.c: keeps a copy of unsaved work, for the case that the program ends before it is saved. */
#include "config.h"

#include "app/recovery.h"

#include "app/document-private.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

/* Soon enough to lose little; not so soon that dragging a number writes a file for each value. */
#define DELAY_MS 1000

#define SUFFIX      ".fettle"
#define LOCK_SUFFIX ".lock"

struct _FettleRecovery
{
  GObject parent_instance;

  FettleDocument *document; /* not owned */
  char *path;               /* of the copy; NULL while none was needed */
  int lock;                 /* a locked file beside it, -1 if PATH is NULL */
  guint timeout;
};

G_DEFINE_FINAL_TYPE (FettleRecovery, fettle_recovery, G_TYPE_OBJECT)

static GQuark
path_quark (void)
{
  return g_quark_from_static_string ("fettle-recovery-path");
}

static char *
get_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "fettle", "recovery", NULL);
}

/* -1 if another program holds the lock of the copy at PATH, or there can be none. */
static int
take_lock (const char *path)
{
  g_autofree char *name = g_strconcat (path, LOCK_SUFFIX, NULL);
  int lock = open (name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (lock >= 0 && flock (lock, LOCK_EX | LOCK_NB) != 0)
    {
      close (lock);
      return -1;
    }
  return lock;
}

static void
remove_files (const char *path)
{
  g_autofree char *name = g_strconcat (path, LOCK_SUFFIX, NULL);

  g_unlink (path);
  g_unlink (name);
}

static void
drop_copy (FettleRecovery *self)
{
  if (self->path == NULL)
    return;
  remove_files (self->path);
  close (self->lock);
  self->lock = -1;
  g_clear_pointer (&self->path, g_free);
}

static gboolean
make_path (FettleRecovery *self)
{
  g_autofree char *folder = get_folder ();
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *name = g_strconcat (id, SUFFIX, NULL);

  if (self->path != NULL)
    return TRUE;
  if (g_mkdir_with_parents (folder, 0700) != 0)
    return FALSE;
  self->path = g_build_filename (folder, name, NULL);
  self->lock = take_lock (self->path);
  if (self->lock < 0)
    g_clear_pointer (&self->path, g_free);
  return self->path != NULL;
}

static FettleProject *
make_copy (FettleRecovery *self)
{
  const char *origin = fettle_document_get_path (self->document);
  FettleProject *copy = fettle_document_make_project (self->document, self->path, origin);

  /* The lock's file says what the copy is of, so that a list of copies need not read them. */
  if (ftruncate (self->lock, 0) == 0
      && pwrite (self->lock, origin, strlen (origin), 0) != (ssize_t)strlen (origin))
    g_debug ("The copy at %s has no name", self->path);
  return copy;
}

/* No user can do anything about it, nor should be disturbed in his work. */
static void
save (FettleProject *copy, const char *path)
{
  g_autoptr (GError) error = NULL;

  if (!fettle_project_save (copy, path, &error))
    g_debug ("No copy for recovery: %s", error->message);
}

static void
write_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  save (data, g_object_get_qdata (G_OBJECT (task), path_quark ()));
  g_task_return_boolean (task, TRUE);
}

static void
written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  FettleRecovery *self = FETTLE_RECOVERY (source);

  /* Saved while the copy was written. */
  if (self->path != NULL && fettle_document_is_saved (self->document))
    drop_copy (self);
}

static gboolean
write_copy (gpointer data)
{
  FettleRecovery *self = data;
  g_autoptr (GTask) task = NULL;

  self->timeout = 0;
  if (fettle_document_is_saved (self->document) || !make_path (self))
    return G_SOURCE_REMOVE;
  task = g_task_new (self, NULL, written, NULL);
  g_object_set_qdata_full (G_OBJECT (task), path_quark (), g_strdup (self->path), g_free);
  g_task_set_task_data (task, make_copy (self), (GDestroyNotify)fettle_project_free);
  g_task_run_in_thread (task, write_in_thread);
  return G_SOURCE_REMOVE;
}

static void
saved_changed (FettleRecovery *self)
{
  g_clear_handle_id (&self->timeout, g_source_remove);
  if (fettle_document_is_saved (self->document))
    drop_copy (self);
  else
    self->timeout = g_timeout_add (DELAY_MS, write_copy, self);
}

void
fettle_recovery_adopt (FettleRecovery *self, const char *path)
{
  int lock;

  g_return_if_fail (FETTLE_IS_RECOVERY (self) && path != NULL);

  lock = take_lock (path);
  if (lock < 0)
    return;
  drop_copy (self);
  self->path = g_strdup (path);
  self->lock = lock;
}

/* --- copies that were left behind --- */

static void
recoverable_free (gpointer data)
{
  FettleRecoverable *self = data;

  g_free (self->path);
  g_free (self->title);
  g_clear_pointer (&self->time, g_date_time_unref);
  g_free (self);
}

/* NULL if somebody works on it. */
static FettleRecoverable *
examine (const char *path)
{
  g_autofree char *lock_name = g_strconcat (path, LOCK_SUFFIX, NULL);
  g_autofree char *origin = NULL;
  FettleRecoverable *self;
  GStatBuf status;
  int lock = take_lock (path);

  if (lock < 0)
    return NULL;
  close (lock);
  if (g_stat (path, &status) != 0)
    return NULL;
  self = g_new0 (FettleRecoverable, 1);
  self->path = g_strdup (path);
  self->time = g_date_time_new_from_unix_local (status.st_mtime);
  if (g_file_get_contents (lock_name, &origin, NULL, NULL))
    self->title = g_filename_display_basename (origin);
  else
    self->title = g_strdup ("?");
  return self;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  const FettleRecoverable *first = *(FettleRecoverable *const *)a;
  const FettleRecoverable *second = *(FettleRecoverable *const *)b;

  return g_date_time_compare (second->time, first->time);
}

GPtrArray *
fettle_recovery_list (void)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (recoverable_free);
  g_autofree char *folder = get_folder ();
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      FettleRecoverable *found = g_str_has_suffix (name, SUFFIX) ? examine (path) : NULL;

      if (found != NULL)
        g_ptr_array_add (list, found);
    }
  g_ptr_array_sort (list, compare_times);
  return list;
}

void
fettle_recovery_discard (const char *path)
{
  g_return_if_fail (path != NULL);

  remove_files (path);
}

/* --- the object --- */

/* A copy of what is not saved stays behind, without its lock: closing a window loses nothing. */
static void
fettle_recovery_dispose (GObject *object)
{
  FettleRecovery *self = FETTLE_RECOVERY (object);

  if (self->timeout != 0 && make_path (self))
    {
      g_autoptr (FettleProject) copy = make_copy (self);

      save (copy, self->path);
    }
  g_clear_handle_id (&self->timeout, g_source_remove);
  g_clear_pointer (&self->path, g_free);
  if (self->lock >= 0)
    close (self->lock);
  self->lock = -1;
  G_OBJECT_CLASS (fettle_recovery_parent_class)->dispose (object);
}

static void
fettle_recovery_class_init (FettleRecoveryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = fettle_recovery_dispose;
}

static void
fettle_recovery_init (FettleRecovery *self)
{
  self->lock = -1;
}

FettleRecovery *
fettle_recovery_new (FettleDocument *document)
{
  FettleRecovery *self;

  g_return_val_if_fail (FETTLE_IS_DOCUMENT (document), NULL);

  self = g_object_new (FETTLE_TYPE_RECOVERY, NULL);
  self->document = document;
  g_signal_connect_object (document, "saved-changed", G_CALLBACK (saved_changed), self,
                           G_CONNECT_SWAPPED);
  return self;
}
