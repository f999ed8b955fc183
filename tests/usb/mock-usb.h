/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mock-usb.h: USB devices in /sys and /dev as umockdev fakes them, for libusb as it is.
 *
 * The program must run under umockdev-wrapper. One bus, whose devices are made of functions: what a
 * device answers is a MockUsbFunction's business, how URBs come and go is done here. */
#pragma once

#include <glib.h>

/* Called on umockdev's thread, one at a time for each device. */
typedef struct
{
  /* SETUP has eight bytes. Returns how many bytes of answer are in DATA, -EPIPE for STALL, or -EAGAIN
   * to be asked the same again. */
  int (*control) (gpointer user, const guint8 *setup, guint8 *data);
  /* How many bytes are taken; fewer than SIZE: no more for now; or -EPIPE. */
  int (*out) (gpointer user, const guint8 *bytes, int size);
  /* The size of the transfer that is over, which may be 0; -EAGAIN: nothing to send for now; -EPIPE. */
  int (*in) (gpointer user, guint8 *bytes, int capacity);
  gpointer user;
} MockUsbFunction;

typedef struct
{
  guint16 vendor, product;
  const char *name, *serial; /* NULL: none */
  /* As /sys/.../descriptors has them: the device's, then the configuration's. */
  const guint8 *descriptors;
  gsize descriptors_size;
} MockUsbDescription;

typedef struct _MockUsbBus MockUsbBus;
typedef struct _MockUsbDevice MockUsbDevice;

/* NULL if the program does not run under umockdev-wrapper. Once in a process. */
MockUsbBus *mock_usb_bus_new (void);
void mock_usb_bus_free (MockUsbBus *self);

/* Plugs into PORT, from 1; each gets a new address. */
MockUsbDevice *mock_usb_plug (MockUsbBus *bus, guint port,
                              const MockUsbDescription *description,
                              const MockUsbFunction *function);
/* The device's functions are not called after this. */
void mock_usb_unplug (MockUsbDevice *self);

/* In /dev; of the file, whose permissions can be changed, behind it. */
char *mock_usb_get_file (MockUsbDevice *self);
/* Another program claims the interface, or gives it back. */
void mock_usb_set_claimed (MockUsbDevice *self, gboolean claimed);
/* Whether somebody has claimed the interface. */
gboolean mock_usb_is_claimed (MockUsbDevice *self);
/* Transfers that were taken back before they were over, after a timeout or at the end. */
guint mock_usb_count_discarded (MockUsbDevice *self);
/* IN transfers that wait for something to be sent. */
guint mock_usb_count_waiting_in (MockUsbDevice *self);
