/* SPDX-License-Identifier: GPL-3.0-or-later */
/* usb-fixture.h: a USB device in memory, and a host that knows what a device may and may not do. */
#pragma once

#include "target-agent/usb/device.h"

#include <glib.h>

typedef struct
{
  gboolean open, stalled;
  guint packet_size;
  guint n_opened, n_flushed;
  GByteArray *queued; /* by write; NULL: nothing */
  guint8 *awaited;    /* by receive; NULL: NAK */
} UsbEndpoint;

typedef struct
{
  fta_usb_device device;
  gboolean connected;
  guint address;
  UsbEndpoint control, in, out;
  guint n_polls;
  void (*on_poll) (gpointer user);
  gpointer on_poll_user;
} UsbFixture;

void usb_set_up (UsbFixture *fixture, gconstpointer high_speed);
void usb_tear_down (UsbFixture *fixture, gconstpointer data);

/* A whole control transfer. Returns the size of the data stage, copied to DATA, or -1 for STALL. Fails if
 * packets are too long, too many or missing. */
gint usb_control (UsbFixture *fixture, guint type, guint code, guint value, guint index,
                  guint8 *data, guint length);
/* The same without data; TRUE unless it was answered with STALL. */
gboolean usb_request (UsbFixture *fixture, guint type, guint code, guint value,
                      guint index);
/* Bus reset, address and configuration. */
void usb_enumerate (UsbFixture *fixture);

/* FALSE: the device answers NAK. */
gboolean usb_send (UsbFixture *fixture, const void *bytes, guint size);
/* The next transfer of bulk IN, as the host sees it: LENGTH bytes, or up to a packet that is not full. NULL if
 * the device falls silent before that. */
GBytes *usb_take (UsbFixture *fixture, guint length);
