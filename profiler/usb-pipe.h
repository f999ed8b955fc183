/* SPDX-License-Identifier: GPL-3.0-or-later */
/* usb-pipe.h: the transfers of one opened board.
 *
 * Two sides: the owner, who calls the functions below on one GMainContext and is called back there, and
 * the event thread, which alone touches libusb. Between them go jobs one way and a queue of events
 * the other. */
#pragma once

#include "profiler/usb-device.h"
#include "target-agent/usb/identity.h"

G_BEGIN_DECLS

typedef struct _FettleUsbPipe FettleUsbPipe;

typedef struct
{
  /* The board has forgotten earlier sessions and is listened to. */
  void (*started) (gpointer user_data);
  void (*received) (gpointer user_data, GBytes *bytes);
  /* Once, also instead of STARTED; nothing follows. */
  void (*lost) (gpointer user_data, const GError *reason);
} FettleUsbPipeEvents;

/* HANDLE is open and claimed, and the pipe's from here on. EVENTS are called on CONTEXT, with USER_DATA. */
FettleUsbPipe *fettle_usb_pipe_new (FettleUsbDevice *device, libusb_device_handle *handle,
                                    GMainContext *context,
                                    const FettleUsbPipeEvents *events,
                                    gpointer user_data);

/* FALSE if so much is waiting already that the board must have stopped taking it. */
gboolean fettle_usb_pipe_send (FettleUsbPipe *self, GBytes *bytes);

/* Over endpoint 0, beside what waits to be sent. */
void fettle_usb_pipe_request (FettleUsbPipe *self, enum fta_usb_request request);

/* No event comes after this. Frees the pipe; what waits to be sent is still sent if the board takes
 * it within a second. */
void fettle_usb_pipe_close (FettleUsbPipe *self);

G_END_DECLS
