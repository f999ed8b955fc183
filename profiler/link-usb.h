/* SPDX-License-Identifier: GPL-3.0-or-later */
/* link-usb.h: a link to the agent on a USB board, through libusb. */
#pragma once

#include "profiler/link.h"
#include "profiler/usb-device.h"

G_BEGIN_DECLS

#define FETTLE_TYPE_LINK_USB (fettle_link_usb_get_type ())
G_DECLARE_FINAL_TYPE (FettleLinkUsb, fettle_link_usb, FETTLE, LINK_USB, FettleLink)

FettleLink *fettle_link_usb_new (FettleUsbDevice *device);

G_END_DECLS
