/* SPDX-License-Identifier: GPL-3.0-or-later */
/* serial-board.h: a simulated board behind a serial port of this machine, for tests. */
#pragma once

#include <gio/gio.h>

typedef struct _SerialBoard SerialBoard;

/* PROGRAM is fettle-simulated-board. Of each million bytes in each direction, DAMAGED_PER_MILLION are
 * changed on the way. */
SerialBoard *serial_board_start (const char *program, guint damaged_per_million);
/* The same with any program: ARGV, whose file descriptor 3 is the board's end of the line. */
SerialBoard *serial_board_start_command (const char *const *argv,
                                         guint damaged_per_million);
/* The port's path, "/dev/pts/7". */
const char *serial_board_get_device (SerialBoard *board);
GPid serial_board_get_pid (SerialBoard *board);
/* Bytes changed so far. */
guint serial_board_get_n_damaged (SerialBoard *board);
/* The port goes away. */
void serial_board_unplug (SerialBoard *board);
void serial_board_stop (SerialBoard *board);
