/* SPDX-License-Identifier: GPL-3.0-or-later */
/* board-monitor.h: the boards of this machine, as they come and go. */
#pragma once

#include "profiler/board.h"

G_BEGIN_DECLS

#define FETTLE_TYPE_BOARD_MONITOR (fettle_board_monitor_get_type ())
G_DECLARE_FINAL_TYPE (FettleBoardMonitor, fettle_board_monitor, FETTLE, BOARD_MONITOR,
                      GObject)

/* Signals, on the context that was the thread default when the monitor was made:
 *   "added" (FettleBoard *board)     one was plugged in
 *   "changed" (FettleBoard *board)   its problem is another one, or gone
 *   "removed" (FettleBoard *board)   it was unplugged; plugged in again it is another object
 *
 * A board that cannot be used is listed too. While there is one, the monitor looks after it every
 * second, so it becomes ready when the user has done what the problem says. */

/* Boards that are plugged in already follow soon, by "added". Without USB there are only the built-in
 * ones. Nothing here waits for a board or a bus. */
FettleBoardMonitor *fettle_board_monitor_new (void);

/* FettleBoard*: the built-in ones in a fixed order, then the others as they came. Owned by the
 * monitor, and changed by it. */
GPtrArray *fettle_board_monitor_get_boards (FettleBoardMonitor *self);

/* By either id; NULL if it is not there. */
FettleBoard *fettle_board_monitor_lookup (FettleBoardMonitor *self, const char *id);

G_END_DECLS
