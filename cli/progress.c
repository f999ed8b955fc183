/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progress.c: long work: how far it is, how long it will take, and how it is cancelled. */
#include "config.h"
#include "cli/progress.h"
#include "cli/interrupt.h"
#include "tuner/time-estimate.h"

#include <stdio.h>
#include <unistd.h>

/* Microseconds from one line to the next. */
#define TERMINAL_INTERVAL (G_USEC_PER_SEC / 10)
#define FILE_INTERVAL     G_USEC_PER_SEC

gboolean fettle_cli_progress_is_wanted;

static struct
{
  FettleTimeEstimate estimate;
  gint64 last_shown;
  const char *last_text;
} progress;

GCancellable *
fettle_cli_progress_begin (void)
{
  progress.estimate = (FettleTimeEstimate){ 0 };
  progress.last_shown = 0;
  progress.last_text = NULL;
  return fettle_cli_interrupt_begin ();
}

/* What is new is shown at once, and so is the end. */
static gboolean
is_due (double fraction, const char *text, gint64 now, gboolean is_terminal)
{
  gint64 interval = is_terminal ? TERMINAL_INTERVAL : FILE_INTERVAL;

  return text != progress.last_text || fraction >= 1.0
         || now - progress.last_shown >= interval;
}

void
fettle_cli_show_progress (double fraction, gpointer text)
{
  gboolean is_terminal = isatty (STDERR_FILENO);
  gint64 now = g_get_monotonic_time ();
  g_autofree char *left = NULL;

  fettle_time_estimate_update (&progress.estimate, fraction, now);
  if (!is_due (fraction, text, now, is_terminal))
    return;
  progress.last_shown = now;
  progress.last_text = text;
  left = fettle_time_estimate_format (&progress.estimate);
  fprintf (stderr, "%s%3d %%  %s%s%s%s", is_terminal ? "\r\033[K" : "",
           (int)(100.0 * fraction), (const char *)text, left != NULL ? ", " : "",
           left != NULL ? left : "", is_terminal ? "" : "\n");
  fflush (stderr);
}

FettleCliProgressFunc
fettle_cli_get_progress (void)
{
  return fettle_cli_progress_is_wanted || isatty (STDERR_FILENO)
             ? fettle_cli_show_progress
             : NULL;
}

void
fettle_cli_progress_end (void)
{
  fettle_cli_interrupt_end ();
  if (isatty (STDERR_FILENO))
    fputs ("\r\033[K", stderr);
}
