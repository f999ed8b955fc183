/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run-recorder.h: keeps each run of the window in the store of runs. */
#pragma once

#include "app/board-control.h"

G_BEGIN_DECLS

/* Signal "failed" (const char *text): a run could not be kept; said once. */
#define FETTLE_TYPE_RUN_RECORDER (fettle_run_recorder_get_type ())
G_DECLARE_FINAL_TYPE (FettleRunRecorder, fettle_run_recorder, FETTLE, RUN_RECORDER,
                      GObject)

/* A run ends when the board is stopped or lost, or another model takes its place. */
FettleRunRecorder *fettle_run_recorder_new (FettleDocument *document,
                                            FettleBoardControl *control);

G_END_DECLS
