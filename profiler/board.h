/* SPDX-License-Identifier: GPL-3.0-or-later */
/* board.h: boards that a session can be opened on. */
#pragma once

#include "model/lower.h"
#include "profiler/link.h"

G_BEGIN_DECLS

#define FETTLE_TYPE_BOARD (fettle_board_get_type ())
G_DECLARE_FINAL_TYPE (FettleBoard, fettle_board, FETTLE, BOARD, GObject)

/* Every board known on this machine at this moment, usable or not. FettleBoard*, in a fixed order. Blocks
 * for a moment; FettleBoardMonitor does not. */
GPtrArray *fettle_board_list (void);
/* An error that lists the known ids if there is none. A USB board has two, "usb:SERIAL" and
 * "usb:BUS-PORT"; "serial:DEVICE" and "serial:DEVICE@BAUD" name any
 * serial port, in the list or not. */
FettleBoard *fettle_board_lookup (const char *id, GError **error);

const char *fettle_board_get_id (FettleBoard *self); /* "virtual-m4" */
/* Whether ID is its id or its other one. */
gboolean fettle_board_has_id (FettleBoard *self, const char *id);
const char *
fettle_board_get_name (FettleBoard *self); /* "Virtual Cortex-M4 (QEMU mps2-an386)" */
const char *
fettle_board_get_link (FettleBoard *self); /* "pipe", "socket", "usb", "serial" */
const char *
fettle_board_get_core (FettleBoard *self); /* "Cortex-M4"; "?": it says it in HELLO */
/* What the board said of its core in HELLO. */
void fettle_board_learn_core (FettleBoard *self, const char *core);
/* What images are lowered for, as far as it is known; a board that is plugged in says it in
 * FettleBoardInfo. */
FettleTarget fettle_board_get_target (FettleBoard *self);
/* By the name of a core: "Cortex-M4". */
FettleTarget fettle_board_target_of_core (const char *core);
/* NULL if it can be used; else a sentence saying why not and what to do. */
const char *fettle_board_get_problem (FettleBoard *self);
/* What to give to a terminal to make the board usable; NULL if the problem has no such answer. */
const char *fettle_board_get_remedy (FettleBoard *self);

/* A new, closed link. Free with g_object_unref. */
FettleLink *fettle_board_create_link (FettleBoard *self);

G_END_DECLS
