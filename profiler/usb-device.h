/* SPDX-License-Identifier: GPL-3.0-or-later */
/* usb-device.h: a board on USB as it can be known without opening it.
 *
 * Names, serial number and whether the board may be used come from /sys and /dev, so a board is
 * listed, with the reason, also when it cannot be opened. */
#pragma once

#include "profiler/usb-context.h"

G_BEGIN_DECLS

typedef struct _FettleUsbDevice FettleUsbDevice;

typedef enum
{
  FETTLE_USB_READY,
  FETTLE_USB_FORBIDDEN, /* permissions; a udev rule is the answer */
  FETTLE_USB_BUSY,      /* another program has it */
  FETTLE_USB_UNUSABLE,  /* no agent, or one of another time */
} FettleUsbState;

/* Whether Fettle has anything to say about DEVICE: an agent, or a board waiting for one. Reads what libusb
 * has already; any thread, hotplug callbacks included. */
gboolean fettle_usb_device_is_known (libusb_device *device);

/* Reads what there is to know. Blocks for the time of some small files. */
FettleUsbDevice *fettle_usb_device_new (FettleUsbContext *context, libusb_device *device);
FettleUsbDevice *fettle_usb_device_ref (FettleUsbDevice *self);
void fettle_usb_device_unref (FettleUsbDevice *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleUsbDevice, fettle_usb_device_unref)

/* FettleUsbDevice*: those that are plugged in now; empty if there is no USB. */
GPtrArray *fettle_usb_device_list (void);

/* Looks anew. PROBLEM is set to a sentence, or NULL if the board can be used; free with g_free. */
FettleUsbState fettle_usb_device_check (FettleUsbDevice *self, char **problem);

/* Whether the permissions of its node allow to use it. Quick, and without effect on the device. */
gboolean fettle_usb_device_is_permitted (FettleUsbDevice *self);

/* What libusb's STATUS, from opening or using this device, means to a user. */
GError *fettle_usb_device_describe (FettleUsbDevice *self, int status);

FettleUsbContext *fettle_usb_device_get_context (FettleUsbDevice *self);
libusb_device *fettle_usb_device_get_libusb (FettleUsbDevice *self);
/* "usb:BUS-PORT", which stays the same for all that is plugged in there. */
const char *fettle_usb_device_get_place (FettleUsbDevice *self);
/* "usb:SERIAL", or NULL for a board without a serial number. */
const char *fettle_usb_device_get_serial_id (FettleUsbDevice *self);
const char *fettle_usb_device_get_name (FettleUsbDevice *self);
/* FALSE for a board that waits for an agent. */
gboolean fettle_usb_device_has_agent (FettleUsbDevice *self);

G_END_DECLS
