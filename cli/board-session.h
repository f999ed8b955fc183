/* SPDX-License-Identifier: GPL-3.0-or-later */
/* board-session.h: a session with a board for a program without a main loop. */
#pragma once

#include "profiler/session.h"

G_BEGIN_DECLS

typedef struct _FettleCliSession FettleCliSession;

/* Looks up board ID, lowers GRAPH for its core, opens a session and uploads the image. Blocks. */
FettleCliSession *fettle_cli_session_open (const char *id, FettleGraph *graph,
                                           FettleRounding rounding, GError **error);
/* Says goodbye to the board. */
void fettle_cli_session_free (FettleCliSession *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleCliSession, fettle_cli_session_free)

FettleBoard *fettle_cli_session_get_board (FettleCliSession *self);
const FettleBoardInfo *fettle_cli_session_get_info (FettleCliSession *self);
/* Bytes. */
gsize fettle_cli_session_get_arena_size (FettleCliSession *self);

/* For its signals. Borrowed, as the image that the board has. */
FettleSession *fettle_cli_session_get_session (FettleCliSession *self);
GBytes *fettle_cli_session_get_image (FettleCliSession *self);

/* Runs the model; blocks. A run until stopped is stopped by SIGINT or SIGTERM. */
FettleRunResult *fettle_cli_session_run (FettleCliSession *self,
                                         const FettleRunRequest *request, GError **error);

G_END_DECLS
