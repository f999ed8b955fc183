/* SPDX-License-Identifier: GPL-3.0-or-later */
/* usb-identity.h: which USB ids are boards, and the udev rule that lets one use them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint16 vendor, product;
} FettleUsbId;

/* The pair that agents carry: the build option usb_id, or $FETTLE_USB_ID ("VID:PID"), for products with an
 * agent of their own. FALSE if there is neither. */
gboolean fettle_usb_identity_get (FettleUsbId *id);

/* A board's boot loader that waits for firmware; NULL if ID is none. */
const char *fettle_usb_identity_get_boot_loader (FettleUsbId id);

/* The udev rule for agents of the pair ID, one line, as data/70-fettle.rules has it. */
char *fettle_usb_identity_get_rule (FettleUsbId id);

/* What a user gives to a terminal to install that rule, several lines. */
char *fettle_usb_identity_get_remedy (FettleUsbId id);

G_END_DECLS
