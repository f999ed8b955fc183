/* SPDX-License-Identifier: GPL-3.0-or-later */
/* usb-context.c: libusb and the one thread that serves it. */
#include "profiler/usb-context.h"

#include "profiler/link.h"

struct _FettleUsbContext
{
  guint n_users; /* guarded by the lock below */
  libusb_context *libusb;
  GThread *thread;
  GAsyncQueue *jobs; /* Job */
  guint n_holds;     /* event thread only */
  int is_stopping;   /* atomic */
  int n_closing;     /* atomic */
};

typedef struct
{
  FettleUsbJob function;
  gpointer data;
} Job;

static GMutex lock;
static FettleUsbContext *shared;

/* --- the event thread --- */

static void
run_jobs (FettleUsbContext *self)
{
  Job *job;

  while ((job = g_async_queue_try_pop (self->jobs)) != NULL)
    {
      job->function (self, job->data);
      g_free (job);
    }
}

static gpointer
serve_events (gpointer data)
{
  FettleUsbContext *self = data;

  /* A job that comes after run_jobs has interrupted libusb, which remembers it. */
  for (;;)
    {
      run_jobs (self);
      if (g_atomic_int_get (&self->is_stopping) && self->n_holds == 0
          && g_async_queue_length (self->jobs) <= 0)
        return NULL;
      libusb_handle_events (self->libusb);
    }
}

void
fettle_usb_context_hold (FettleUsbContext *self)
{
  self->n_holds++;
}

void
fettle_usb_context_release (FettleUsbContext *self)
{
  g_assert (self->n_holds > 0);
  self->n_holds--;
  /* It may have been the last one, and nothing else would wake the thread. */
  libusb_interrupt_event_handler (self->libusb);
}

/* --- any thread --- */

static FettleUsbContext *
context_new (GError **error)
{
  FettleUsbContext *self;
  libusb_context *libusb;
  int status = libusb_init (&libusb);

  if (status < 0)
    {
      g_set_error (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_UNAVAILABLE,
                   "USB cannot be used on this computer (%s).",
                   libusb_error_name (status));
      return NULL;
    }
  self = g_new0 (FettleUsbContext, 1);
  self->n_users = 1;
  self->libusb = libusb;
  self->jobs = g_async_queue_new ();
  self->thread = g_thread_new ("usb", serve_events, self);
  return self;
}

static void
context_free (FettleUsbContext *self)
{
  g_atomic_int_set (&self->is_stopping, TRUE);
  libusb_interrupt_event_handler (self->libusb);
  g_thread_join (self->thread);
  libusb_exit (self->libusb);
  g_async_queue_unref (self->jobs);
  g_free (self);
}

FettleUsbContext *
fettle_usb_context_acquire (GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);

  if (shared == NULL)
    shared = context_new (error);
  else
    shared->n_users++;
  return shared;
}

FettleUsbContext *
fettle_usb_context_ref (FettleUsbContext *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);

  self->n_users++;
  return self;
}

void
fettle_usb_context_unref (FettleUsbContext *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);

  if (--self->n_users > 0)
    return;
  /* Under the lock, so that no second context meets boards that this one still has. */
  shared = NULL;
  context_free (self);
}

libusb_context *
fettle_usb_context_get_libusb (FettleUsbContext *self)
{
  return self->libusb;
}

void
fettle_usb_context_run (FettleUsbContext *self, FettleUsbJob function, gpointer data)
{
  Job *job = g_new (Job, 1);

  job->function = function;
  job->data = data;
  g_async_queue_push (self->jobs, job);
  libusb_interrupt_event_handler (self->libusb);
}

void
fettle_usb_context_count_closing (FettleUsbContext *self, int change)
{
  g_atomic_int_add (&self->n_closing, change);
}

gboolean
fettle_usb_context_is_closing (FettleUsbContext *self)
{
  return g_atomic_int_get (&self->n_closing) > 0;
}
