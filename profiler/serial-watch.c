/* SPDX-License-Identifier: GPL-3.0-or-later */
/* serial-watch.c: the serial ports that boards may be behind, as they come and go. */
#include "profiler/serial-watch.h"

#include <gio/gio.h>

/* A port comes with several events, and udev gives it its permissions a little later. */
#define SETTLING_TIME 200 /* ms */

struct _FettleSerialWatch
{
  GMainContext *context;
  FettleSerialWatchCallback callback;
  gpointer user_data;
  GFileMonitor *folder;
  GSource *timer;
  GCancellable *cancellable; /* of the look under way */
};

static void
list_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_task_return_pointer (task, fettle_serial_ports_list ("/sys", "/dev"),
                         (GDestroyNotify)g_ptr_array_unref);
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GPtrArray) ports = g_task_propagate_pointer (G_TASK (result), NULL);
  FettleSerialWatch *self = user_data;

  /* NULL: cancelled, and SELF may be gone. */
  if (ports != NULL)
    self->callback (ports, self->user_data);
}

static void
look (FettleSerialWatch *self)
{
  g_autoptr (GTask) task = NULL;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  task = g_task_new (NULL, self->cancellable, on_listed, self);
  g_task_run_in_thread (task, list_in_thread);
}

static void
drop_timer (FettleSerialWatch *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static gboolean
on_settled (gpointer user_data)
{
  FettleSerialWatch *self = user_data;

  drop_timer (self);
  look (self);
  return G_SOURCE_REMOVE;
}

static void
on_changed (GFileMonitor *folder, GFile *file, GFile *other, GFileMonitorEvent event,
            FettleSerialWatch *self)
{
  g_autofree char *name = g_file_get_basename (file);

  if (!g_str_has_prefix (name, "ttyACM") && !g_str_has_prefix (name, "ttyUSB"))
    return;
  drop_timer (self);
  self->timer = g_timeout_source_new (SETTLING_TIME);
  g_source_set_callback (self->timer, on_settled, self, NULL);
  g_source_attach (self->timer, self->context);
}

FettleSerialWatch *
fettle_serial_watch_new (FettleSerialWatchCallback callback, gpointer user_data)
{
  FettleSerialWatch *self = g_new0 (FettleSerialWatch, 1);
  g_autoptr (GFile) file = g_file_new_for_path ("/dev");

  self->context = g_main_context_ref_thread_default ();
  self->callback = callback;
  self->user_data = user_data;
  self->folder = g_file_monitor_directory (file, G_FILE_MONITOR_NONE, NULL, NULL);
  if (self->folder != NULL)
    g_signal_connect (self->folder, "changed", G_CALLBACK (on_changed), self);
  look (self);
  return self;
}

void
fettle_serial_watch_free (FettleSerialWatch *self)
{
  drop_timer (self);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->folder != NULL)
    g_signal_handlers_disconnect_by_data (self->folder, self);
  g_clear_object (&self->folder);
  g_main_context_unref (self->context);
  g_free (self);
}
