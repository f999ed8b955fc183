/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mock-echo.h: a USB device with Fettle's interface that sends back what it gets, or misbehaves. */
#pragma once

#include "mock-usb.h"

typedef struct _MockEcho MockEcho;

/* What it is told to do wrong; FALSE and 0 by default. */
typedef struct
{
  gboolean refuses_requests; /* STALL on endpoint 0 */
  gboolean takes_nothing;    /* NAK on OUT */
  gboolean sends_nothing;    /* NAK on IN */
  guint stalls_in;           /* so many STALLs, then as if nothing had been */
  guint stalls_out;
  guint
      takes_most; /* bytes of each OUT transfer, if not 0; then NAK until it is tried again */
  gboolean sends_empties; /* a zero-length packet before every transfer */
} MockEchoFaults;

MockEcho *mock_echo_new (void);
void mock_echo_free (MockEcho *self);
MockUsbFunction mock_echo_get_function (MockEcho *self);
void mock_echo_set_faults (MockEcho *self, const MockEchoFaults *faults);

/* Requests of identity.h that have come. */
guint mock_echo_count_requests (MockEcho *self, guint8 number);
guint mock_echo_count_cleared_halts (MockEcho *self);
guint mock_echo_count_empties (MockEcho *self);
/* Bytes taken and not sent back. */
guint mock_echo_count_held (MockEcho *self);

/* 1209:0001, which is for tests only, with Fettle's interface at high speed. SERIAL may be NULL. */
MockUsbDescription mock_echo_describe (const char *serial);
/* Another pair of ids and another interface. */
MockUsbDescription mock_echo_describe_other (guint16 vendor, guint16 product,
                                             guint8 subclass, guint8 protocol);
