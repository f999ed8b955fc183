/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progress.c: how far a long command is. */
#include "config.h"
#include "cli/progress.h"

#include <stdio.h>
#include <unistd.h>

void
fettle_cli_show_progress (double fraction, gpointer text)
{
  fprintf (stderr, "\r\033[K%3d %%  %s", (int)(100.0 * fraction), (const char *)text);
  fflush (stderr);
}

FettleCliProgressFunc
fettle_cli_get_progress (void)
{
  return isatty (STDERR_FILENO) ? fettle_cli_show_progress : NULL;
}

void
fettle_cli_end_progress (void)
{
  if (isatty (STDERR_FILENO))
    fputs ("\r\033[K", stderr);
}
