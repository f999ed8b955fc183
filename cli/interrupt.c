/* SPDX-License-Identifier: GPL-3.0-or-later */
/* interrupt.c: long work that Ctrl+C ends in good order. */
#include "config.h"
#include "cli/interrupt.h"

#include <glib-unix.h>

#define SIGNAL_STATUS 128

/* The commands work in the main thread; signals are waited for in another one. */
static struct
{
  GCancellable *cancellable;
  GMainContext *context;
  GThread *thread;
  gint is_over; /* atomic */
  gint status;  /* atomic */
} interrupt;

static gboolean
cancel (gpointer number)
{
  g_atomic_int_set (&interrupt.status, SIGNAL_STATUS + GPOINTER_TO_INT (number));
  g_cancellable_cancel (interrupt.cancellable);
  return G_SOURCE_CONTINUE;
}

static gpointer
wait_for_signals (gpointer data)
{
  while (!g_atomic_int_get (&interrupt.is_over))
    g_main_context_iteration (interrupt.context, TRUE);
  return NULL;
}

static void
watch (int number)
{
  g_autoptr (GSource) source = g_unix_signal_source_new (number);

  g_source_set_callback (source, cancel, GINT_TO_POINTER (number), NULL);
  g_source_attach (source, interrupt.context);
}

GCancellable *
fettle_cli_interrupt_begin (void)
{
  g_assert (interrupt.thread == NULL);

  interrupt.cancellable = g_cancellable_new ();
  interrupt.context = g_main_context_new ();
  interrupt.is_over = FALSE;
  watch (SIGINT);
  watch (SIGTERM);
  interrupt.thread = g_thread_new ("fettle-signals", wait_for_signals, NULL);
  return interrupt.cancellable;
}

void
fettle_cli_interrupt_end (void)
{
  if (interrupt.thread == NULL)
    return;
  g_atomic_int_set (&interrupt.is_over, TRUE);
  g_main_context_wakeup (interrupt.context);
  g_thread_join (g_steal_pointer (&interrupt.thread));
  /* The sources go with it, and the signals do again what they did before. */
  g_clear_pointer (&interrupt.context, g_main_context_unref);
  g_clear_object (&interrupt.cancellable);
}

int
fettle_cli_interrupt_get_status (void)
{
  return g_atomic_int_get (&interrupt.status);
}
