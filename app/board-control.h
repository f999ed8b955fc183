/* SPDX-License-Identifier: GPL-3.0-or-later */
/* board-control.h: connects a document to a board and keeps it running: a state machine. */
#pragma once

#include "app/document.h"
#include "profiler/board-monitor.h"
#include "profiler/session.h"

G_BEGIN_DECLS

typedef enum
{
  FETTLE_BOARD_DISCONNECTED,
  FETTLE_BOARD_CONNECTING,
  FETTLE_BOARD_CONNECTED,
  FETTLE_BOARD_PREPARING, /* lowers for the board's core and uploads */
  FETTLE_BOARD_RUNNING,
  FETTLE_BOARD_STOPPING,
  FETTLE_BOARD_AWAITED, /* unplugged; connects when it is plugged in again */
} FettleBoardState;

#define FETTLE_TYPE_BOARD_CONTROL (fettle_board_control_get_type ())
G_DECLARE_FINAL_TYPE (FettleBoardControl, fettle_board_control, FETTLE, BOARD_CONTROL,
                      GObject)

/* Signals:
 *   "state-changed"
 *   "failed" (const char *text)   a sentence for the user
 *
 * Measurements go to the document's trace. A new content in the document ends a run. A board that is unplugged
 * and plugged in again is connected again, and goes on with the run; the trace has a gap then. */

FettleBoardControl *fettle_board_control_new (FettleDocument *document);

FettleBoardState fettle_board_control_get_state (FettleBoardControl *self);

/* The boards that there are; lives as long as the control. */
FettleBoardMonitor *fettle_board_control_get_monitor (FettleBoardControl *self);

/* NULL while none was chosen. Choosing another one disconnects. */
FettleBoard *fettle_board_control_get_board (FettleBoardControl *self);
void fettle_board_control_set_board (FettleBoardControl *self, FettleBoard *board);

/* What the board said of itself; NULL while not connected. */
const FettleBoardInfo *fettle_board_control_get_info (FettleBoardControl *self);

void fettle_board_control_connect (FettleBoardControl *self);
void fettle_board_control_disconnect (FettleBoardControl *self);
/* Runs the document's model over and over until stopped. */
void fettle_board_control_run (FettleBoardControl *self);
void fettle_board_control_stop (FettleBoardControl *self);

G_END_DECLS
