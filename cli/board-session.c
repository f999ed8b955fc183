/* SPDX-License-Identifier: GPL-3.0-or-later */
/* board-session.c: a session with a board for a program without a main loop. */
#include "config.h"
#include "cli/board-session.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>

struct _FettleCliSession
{
  GMainContext *context; /* thread default while the session lives */
  FettleBoard *board;
  FettleSession *session;
  GBytes *image;
  gsize arena_size;
};

static void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **kept = user_data;

  *kept = g_object_ref (result);
}

/* The session promises that every operation ends, so this does too. */
static GAsyncResult *
wait_for (FettleCliSession *self, GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (self->context, TRUE);
  return *result;
}

static gboolean
open_session (FettleCliSession *self, GError **error)
{
  g_autoptr (FettleLink) link = fettle_board_create_link (self->board);
  g_autoptr (GAsyncResult) result = NULL;

  self->session = fettle_session_new (link);
  fettle_session_open_async (self->session, NULL, keep_result, &result);
  return fettle_session_open_finish (self->session, wait_for (self, &result), error);
}

static gboolean
upload (FettleCliSession *self, GBytes *image, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  fettle_session_upload_async (self->session, image, NULL, keep_result, &result);
  return fettle_session_upload_finish (self->session, wait_for (self, &result), error);
}

/* --- lowering, in a thread of its own so that the session keeps talking --- */

typedef struct
{
  FettleGraph *graph;
  FettleLowerOptions options;
} Lowering;

static void
lower_in_thread (GTask *task, gpointer source, gpointer task_data,
                 GCancellable *cancellable)
{
  Lowering *lowering = task_data;
  GError *error = NULL;
  FettleLowered *lowered = fettle_lower (lowering->graph, &lowering->options, &error);

  if (lowered != NULL)
    g_task_return_pointer (task, lowered, (GDestroyNotify)fettle_lowered_free);
  else
    g_task_return_error (task, error);
}

static FettleLowered *
lower (FettleCliSession *self, FettleGraph *graph, FettleRounding rounding,
       GError **error)
{
  Lowering lowering = { .graph = graph, .options.rounding = rounding };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GTask) task = g_task_new (NULL, NULL, keep_result, &result);

  lowering.options.target = fettle_session_get_info (self->session)->target;
  g_task_set_task_data (task, &lowering, NULL);
  g_task_run_in_thread (task, lower_in_thread);
  return g_task_propagate_pointer (G_TASK (wait_for (self, &result)), error);
}

FettleCliSession *
fettle_cli_session_open (const char *id, FettleGraph *graph, FettleRounding rounding,
                         GError **error)
{
  g_autoptr (FettleCliSession) self = NULL;
  g_autoptr (FettleBoard) board = fettle_board_lookup (id, error);
  g_autoptr (FettleLowered) lowered = NULL;

  if (board == NULL)
    return NULL;
  /* Permissions may come a moment after the board; opening waits for them. */
  if (fettle_board_get_problem (board) != NULL && fettle_board_get_remedy (board) == NULL)
    {
      g_set_error_literal (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_UNAVAILABLE,
                           fettle_board_get_problem (board));
      return NULL;
    }
  self = g_new0 (FettleCliSession, 1);
  self->context = g_main_context_new ();
  self->board = g_steal_pointer (&board);
  g_main_context_push_thread_default (self->context);
  if (!open_session (self, error))
    return NULL;
  lowered = lower (self, graph, rounding, error);
  if (lowered == NULL)
    return NULL;
  self->arena_size = lowered->arena.size;
  self->image = g_bytes_ref (lowered->image);
  if (!upload (self, lowered->image, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
fettle_cli_session_free (FettleCliSession *self)
{
  if (self == NULL)
    return;
  fettle_session_close (self->session);
  /* What closing has set off: the link's last signals, the end of its process. */
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_object_unref (self->session);
  g_main_context_pop_thread_default (self->context);
  g_main_context_unref (self->context);
  g_object_unref (self->board);
  g_clear_pointer (&self->image, g_bytes_unref);
  g_free (self);
}

FettleBoard *
fettle_cli_session_get_board (FettleCliSession *self)
{
  return self->board;
}

const FettleBoardInfo *
fettle_cli_session_get_info (FettleCliSession *self)
{
  return fettle_session_get_info (self->session);
}

FettleSession *
fettle_cli_session_get_session (FettleCliSession *self)
{
  return self->session;
}

GBytes *
fettle_cli_session_get_image (FettleCliSession *self)
{
  return self->image;
}

gsize
fettle_cli_session_get_arena_size (FettleCliSession *self)
{
  return self->arena_size;
}

static gboolean
on_signal (gpointer user_data)
{
  fettle_session_stop (user_data);
  return G_SOURCE_CONTINUE;
}

static GSource *
stop_at (FettleCliSession *self, int signal_number)
{
  GSource *source = g_unix_signal_source_new (signal_number);

  g_source_set_callback (source, on_signal, self->session, NULL);
  g_source_attach (source, self->context);
  return source;
}

static void
forget (GSource *source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

static FettleRunResult *
run_until_stopped (FettleCliSession *self, const FettleRunRequest *request,
                   GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  GSource *interrupt = stop_at (self, SIGINT), *terminate = stop_at (self, SIGTERM);

  fettle_session_run_async (self->session, request, NULL, keep_result, &result);
  wait_for (self, &result);
  forget (interrupt);
  forget (terminate);
  return fettle_session_run_finish (self->session, result, error);
}

FettleRunResult *
fettle_cli_session_run (FettleCliSession *self, const FettleRunRequest *request,
                        GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (request->until_stopped)
    return run_until_stopped (self, request, error);
  fettle_session_run_async (self->session, request, NULL, keep_result, &result);
  return fettle_session_run_finish (self->session, wait_for (self, &result), error);
}
