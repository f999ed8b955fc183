/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session-steps.c: the steps of a session, each awaited, for tests. */
#include "session-steps.h"

#include "tiny-image.h"

#define MOST_BYTES 524288

void
steps_store (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **)user_data = g_object_ref (result);
}

gboolean
steps_open (FettleSession *session, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  fettle_session_open_async (session, NULL, steps_store, &result);
  STEPS_WAIT_FOR (result != NULL);
  return fettle_session_open_finish (session, result, error);
}

gboolean
steps_upload (FettleSession *session, GBytes *image, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  fettle_session_upload_async (session, image, NULL, steps_store, &result);
  STEPS_WAIT_FOR (result != NULL);
  return fettle_session_upload_finish (session, result, error);
}

FettleRunResult *
steps_run (FettleSession *session, const FettleRunRequest *request, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  fettle_session_run_async (session, request, NULL, steps_store, &result);
  STEPS_WAIT_FOR (result != NULL);
  return fettle_session_run_finish (session, result, error);
}

GBytes *
steps_make_image (guint n_layers, guint size)
{
  guint8 *bytes = g_malloc (MOST_BYTES);
  gsize total = tiny_image (bytes, MOST_BYTES, n_layers, size);

  g_assert_cmpuint (total, >, 0);
  return g_bytes_new_take (bytes, total);
}
