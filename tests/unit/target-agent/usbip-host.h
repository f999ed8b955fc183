/* SPDX-License-Identifier: GPL-3.0-or-later */
/* usbip-host.h: a host that speaks USB/IP over pipes in memory, as Linux's vhci_hcd does. */
#pragma once

#include "target-agent/usb/usbip.h"

#include <glib.h>

typedef struct
{
  fta_usb_device device;
  fta_usbip usbip;
  GByteArray *to_device, *from_device;
  guint cut;     /* the most that one read returns; 0: all */
  guint n_waits; /* reads that were allowed to wait and found nothing */
  guint32 sequence;
  GHashTable *expected; /* number of a message to whether data comes back */
} UsbipHost;

typedef struct
{
  guint command;
  gint status; /* of Linux */
  guint actual;
  guint8 data[FTA_USBIP_TRANSFER]; /* of an IN transfer */
} UsbipReply;

/* For g_test_add. */
void usbip_set_up (UsbipHost *host, gconstpointer high_speed);
void usbip_tear_down (UsbipHost *host, gconstpointer data);

/* Each queues a message and returns its number. DATA may be NULL for IN. */
guint32 usbip_submit (UsbipHost *host, guint endpoint, gboolean in, const guint8 *setup,
                      const void *data, guint length);
guint32 usbip_unlink (UsbipHost *host, guint32 victim);
/* Lets the device work until it has read everything. */
void usbip_serve (UsbipHost *host);
/* The next answer, which there must be, and be to number SEQUENCE. */
void usbip_expect (UsbipHost *host, guint32 sequence, UsbipReply *reply);
/* The same, with STATUS and ACTUAL bytes. */
void usbip_expect_status (UsbipHost *host, guint32 sequence, gint status, guint actual);
/* There is no answer. */
void usbip_expect_silence (UsbipHost *host);

/* A control request without data; its status. */
gint usbip_request (UsbipHost *host, guint type, guint code, guint value, guint index);
void usbip_configure (UsbipHost *host);
