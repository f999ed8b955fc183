/* SPDX-License-Identifier: Apache-2.0 */
/* identity.h: the numbers by which a desktop knows an agent on USB and talks to it.
 *
 * The desktop and the firmware share this file. Vendor and product id are the build option usb_id. */
#pragma once

/* One interface of a class of its own. */
#define FTA_USB_CONFIGURATION 1
#define FTA_USB_INTERFACE     0
#define FTA_USB_CLASS         0xFF
#define FTA_USB_SUBCLASS      0x46
#define FTA_USB_PROTOCOL                                                                 \
  1 /* grows with what is below; the frames have versions of their own */

/* Bulk, the frames of PROTOCOL.md as they are. A transfer is not a frame. */
#define FTA_USB_ENDPOINT_OUT      0x01
#define FTA_USB_ENDPOINT_IN       0x81
#define FTA_USB_FULL_SPEED_PACKET 64
#define FTA_USB_HIGH_SPEED_PACKET 512

/* Vendor requests of endpoint 0, which get through when the bulk pipes are stuck: wValue 0, wIndex
 * FTA_USB_INTERFACE, no data stage. */
#define FTA_USB_REQUEST_TYPE 0x41 /* to the device, vendor, recipient interface */

enum fta_usb_request
{
  /* Ends a run after the current layer; RUN is answered with ERROR aborted, ABORT itself not. */
  FTA_USB_REQUEST_ABORT = 1,
  /* Forgets the session and every byte under way in both directions; the next frame is HELLO. */
  FTA_USB_REQUEST_RESET = 2,
};

/* bRequest by which Windows asks for the MS OS 2.0 descriptors. */
#define FTA_USB_MS_OS_VENDOR_CODE 0x20
