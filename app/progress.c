/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progress.c: how far a worker thread has come, for the main thread to read. */
#include "config.h"

#include "app/progress.h"
#include "tuner/time-estimate.h"

#include <glib/gi18n.h>

struct _FettleProgress
{
  GMutex mutex;
  char *step;
  double fraction;
  FettleTimeEstimate estimate;
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
  if (fraction >= 0)
    fettle_time_estimate_update (&self->estimate, fraction, g_get_monotonic_time ());
  else
    self->estimate = (FettleTimeEstimate){ 0 };
  g_mutex_unlock (&self->mutex);
}

char *
fettle_progress_get (FettleProgress *self, double *fraction)
{
  g_autofree char *left = NULL;
  char *step;

  g_return_val_if_fail (self != NULL && fraction != NULL, NULL);

  g_mutex_lock (&self->mutex);
  left = fettle_time_estimate_format (&self->estimate);
  /* Translators: what is being done, and how long it will take: "Tuning, about 5 s left". */
  step = left != NULL ? g_strdup_printf (_ ("%s, %s"), self->step, left)
                      : g_strdup (self->step);
  *fraction = self->fraction;
  g_mutex_unlock (&self->mutex);
  return step;
}
