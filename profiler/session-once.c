/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session-once.c: a whole session for programs without a main loop. */
#include "profiler/session-private.h"

static void
store_result (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

static GAsyncResult *
await (GMainContext *context, GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (context, TRUE);
  return g_steal_pointer (result);
}

static void
copy_info (FettleBoardInfo *to, const FettleBoardInfo *from)
{
  *to = *from;
  to->agent = g_strdup (from->agent);
  to->board = g_strdup (from->board);
  to->core = g_strdup (from->core);
  to->unique_id = g_strdup (from->unique_id);
  to->kernels = g_strdup (from->kernels);
}

static FettleRunResult *
run_in_session (FettleSession *session, GMainContext *context, GBytes *image,
                const FettleRunRequest *request, GCancellable *cancellable,
                GError **error)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) opened = NULL;
  g_autoptr (GAsyncResult) uploaded = NULL;
  g_autoptr (GAsyncResult) finished = NULL;

  fettle_session_open_async (session, cancellable, store_result, &pending);
  opened = await (context, &pending);
  if (!fettle_session_open_finish (session, opened, error))
    return NULL;
  fettle_session_upload_async (session, image, cancellable, store_result, &pending);
  uploaded = await (context, &pending);
  if (!fettle_session_upload_finish (session, uploaded, error))
    return NULL;
  fettle_session_run_async (session, request, cancellable, store_result, &pending);
  finished = await (context, &pending);
  return fettle_session_run_finish (session, finished, error);
}

FettleRunResult *
fettle_session_run_once (FettleBoard *board, GBytes *image,
                         const FettleRunRequest *request, FettleBoardInfo *info,
                         GCancellable *cancellable, GError **error)
{
  GMainContext *context;
  FettleLink *link;
  FettleSession *session;
  FettleRunResult *result;

  g_return_val_if_fail (FETTLE_IS_BOARD (board), NULL);
  g_return_val_if_fail (image != NULL, NULL);
  g_return_val_if_fail (request != NULL, NULL);
  if (fettle_board_get_problem (board) != NULL)
    {
      g_set_error_literal (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_UNAVAILABLE,
                           fettle_board_get_problem (board));
      return NULL;
    }
  context = g_main_context_new ();
  g_main_context_push_thread_default (context);
  link = fettle_board_create_link (board);
  session = fettle_session_new (link);
  result = run_in_session (session, context, image, request, cancellable, error);
  if (info != NULL && result != NULL)
    copy_info (info, fettle_session_get_info (session));
  fettle_session_close (session);
  g_object_unref (session);
  g_object_unref (link);
  /* The last callbacks of what was cancelled hold references. */
  while (g_main_context_iteration (context, FALSE))
    ;
  g_main_context_pop_thread_default (context);
  g_main_context_unref (context);
  return result;
}
