/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progress.c: how far a worker thread has come, for the main thread to read. */
#include "config.h"

#include "app/progress.h"

struct _FettleProgress
{
  GMutex mutex;
  char *step;
  double fraction;
};

FettleProgress *
fettle_progress_new (const char *step)
{
  FettleProgress *self = g_atomic_rc_box_new0 (FettleProgress);

  g_mutex_init (&self->mutex);
  self->step = g_strdup (step);
  self->fraction = -1;
  return self;
}

FettleProgress *
fettle_progress_ref (FettleProgress *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_progress (gpointer data)
{
  FettleProgress *self = data;

  g_mutex_clear (&self->mutex);
  g_free (self->step);
}

void
fettle_progress_unref (FettleProgress *self)
{
  g_atomic_rc_box_release_full (self, clear_progress);
}

void
fettle_progress_set (FettleProgress *self, const char *step, double fraction)
{
  g_return_if_fail (self != NULL);

  g_mutex_lock (&self->mutex);
  if (g_strcmp0 (step, self->step) != 0)
    {
      g_free (self->step);
      self->step = g_strdup (step);
    }
  self->fraction = fraction;
  g_mutex_unlock (&self->mutex);
}

char *
fettle_progress_get (FettleProgress *self, double *fraction)
{
  char *step;

  g_return_val_if_fail (self != NULL && fraction != NULL, NULL);

  g_mutex_lock (&self->mutex);
  step = g_strdup (self->step);
  *fraction = self->fraction;
  g_mutex_unlock (&self->mutex);
  return step;
}
