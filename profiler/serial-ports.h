/* SPDX-License-Identifier: GPL-3.0-or-later */
/* serial-ports.h: the serial ports of this machine that a board may be behind. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char *device; /* "/dev/ttyACM0" */
  char *name;   /* "STM32 STLink" or, if the device tells none, of the kind */
  char *serial; /* of the device; NULL: it has none */
  guint baud;   /* that the agents of boards with it use */
  int problem;  /* errno of opening it; 0: it can be opened */
} FettleSerialPort;

void fettle_serial_port_free (FettleSerialPort *port);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleSerialPort, fettle_serial_port_free)

/* Those of debuggers and boards that are known by their USB vendor: ST-Link, J-Link, DAPLink, Raspberry
 * Pi. Ordered by device. SYS and DEV are "/sys" and "/dev", but in tests. Opens nothing. */
GPtrArray *fettle_serial_ports_list (const char *sys, const char *dev);

G_END_DECLS
