/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session-steps.h: the steps of a session, each awaited, for tests. */
#pragma once

#include "profiler/session.h"

/* More than any test waits for. */
#define STEPS_DEADLINE (120 * G_TIME_SPAN_SECOND)

#define STEPS_WAIT_FOR(condition)                                                        \
  G_STMT_START                                                                           \
  {                                                                                      \
    const gint64 end_ = g_get_monotonic_time () + STEPS_DEADLINE;                        \
    while (!(condition))                                                                 \
      {                                                                                  \
        g_assert_cmpint (g_get_monotonic_time (), <, end_);                              \
        if (!g_main_context_iteration (NULL, FALSE))                                     \
          g_usleep (500);                                                                \
      }                                                                                  \
  }                                                                                      \
  G_STMT_END

/* A GAsyncReadyCallback; user_data is a GAsyncResult ** to be set. */
void steps_store (GObject *object, GAsyncResult *result, gpointer user_data);

gboolean steps_open (FettleSession *session, GError **error);
gboolean steps_upload (FettleSession *session, GBytes *image, GError **error);
FettleRunResult *steps_run (FettleSession *session, const FettleRunRequest *request,
                            GError **error);

/* An image of layers that copy (tiny-image.h). */
GBytes *steps_make_image (guint n_layers, guint size);
