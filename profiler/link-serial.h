/* SPDX-License-Identifier: GPL-3.0-or-later */
/* link-serial.h: a link over a serial port.
 *
 * Bytes can be lost there, so each piece that is sent goes as one packet: encoded with COBS, followed by a zero
 * byte. What was one piece at the other side is one "received" here; damaged packets are dropped. */
#pragma once

#include "profiler/link.h"

G_BEGIN_DECLS

#define FETTLE_SERIAL_BAUD 921600u

#define FETTLE_TYPE_LINK_SERIAL (fettle_link_serial_get_type ())
G_DECLARE_FINAL_TYPE (FettleLinkSerial, fettle_link_serial, FETTLE, LINK_SERIAL,
                      FettleLink)

/* DEVICE is a path ("/dev/ttyACM0"); BAUD any number that the port's hardware can make. */
FettleLink *fettle_link_serial_new (const char *device, guint baud);

/* Why DEVICE cannot be opened, as a sentence with what to do; ERRNO is what opening it said. */
GError *fettle_link_serial_describe_error (const char *device, int errno_);

G_END_DECLS
