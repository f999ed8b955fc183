/* SPDX-License-Identifier: GPL-3.0-or-later */
/* board-private.h: boards for those who find them. */
#pragma once

#include "profiler/board.h"
#include "profiler/serial-ports.h"
#include "profiler/usb-device.h"

G_BEGIN_DECLS

/* Boards that are there without being plugged in. FettleBoard*. */
GPtrArray *fettle_board_list_built_in (void);

/* ID is one of DEVICE's. Has no problem until fettle_board_set_problem says so. */
FettleBoard *fettle_board_new_usb (FettleUsbDevice *device, const char *id);

/* The serial number's, unless one of BOARDS has it already: cheap boards share one. */
const char *fettle_board_choose_usb_id (GPtrArray *boards, FettleUsbDevice *device);

FettleBoard *fettle_board_new_serial (const FettleSerialPort *port);
/* TRUE if its problem is another one than before. */
gboolean fettle_board_update_serial (FettleBoard *self, const FettleSerialPort *port);
/* NULL if it is none behind a serial port. */
const char *fettle_board_get_serial_device (FettleBoard *self);

/* TRUE if that is news. PROBLEM may be NULL. */
gboolean fettle_board_set_problem (FettleBoard *self, FettleUsbState state,
                                   const char *problem);

G_END_DECLS
