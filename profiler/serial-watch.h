/* SPDX-License-Identifier: GPL-3.0-or-later */
/* serial-watch.h: the serial ports that boards may be behind, as they come and go. */
#pragma once

#include "profiler/serial-ports.h"

G_BEGIN_DECLS

typedef struct _FettleSerialWatch FettleSerialWatch;

/* PORTS: FettleSerialPort*, all of them, also if nothing has changed. */
typedef void (*FettleSerialWatchCallback) (GPtrArray *ports, gpointer user_data);

/* CALLBACK is called on the context that is the thread default now, soon and whenever something happens
 * in /dev. */
FettleSerialWatch *fettle_serial_watch_new (FettleSerialWatchCallback callback,
                                            gpointer user_data);
/* CALLBACK is not called after this. */
void fettle_serial_watch_free (FettleSerialWatch *self);

G_END_DECLS
