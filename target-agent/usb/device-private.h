/* SPDX-License-Identifier: Apache-2.0 */
/* device-private.h: what the parts of the device core share. */
#pragma once

#include "target-agent/usb/device.h"

/* --- device.c --- */

/* Every byte under way in both directions is dropped; the session is over. */
void fta_usb_forget_session (fta_usb_device *device);
/* 0: not configured. */
void fta_usb_configure (fta_usb_device *device, uint8_t configuration);
/* Ends a halt: toggle at DATA0, nothing queued. */
void fta_usb_restart_endpoint (fta_usb_device *device, uint8_t endpoint);
void fta_usb_halt_endpoint (fta_usb_device *device, uint8_t endpoint);
uint16_t fta_usb_packet_size (enum fta_usb_speed speed);

/* --- descriptors.c: each composes into BYTES (FTA_USB_CONTROL_MOST) and returns the size, 0 if there is no
 * such descriptor --- */

size_t fta_usb_descriptor (const fta_usb_device *device, uint16_t type_and_index,
                           uint8_t *bytes);
size_t fta_usb_ms_os_descriptors (uint8_t *bytes);

/* --- device.c, called from control.c, where the ports' reports arrive --- */

void fta_usb_bulk_written (fta_usb_device *device);
void fta_usb_bulk_received (fta_usb_device *device, size_t size);
