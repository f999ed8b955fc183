/* SPDX-License-Identifier: Apache-2.0 */
/* usb.h: the simulated board as a USB device of this machine's kernel, or of whoever speaks USB/IP. */
#pragma once

#include "target-agent/usb/usbip.h"

#include "target-agent/agent.h"

struct usb_board
{
  fta_usb_device device;
  fta_usbip usbip;
  int fd;
};

/* Fills in what concerns bytes. FD is an open socket at whose other end USB/IP is spoken; its end ends the
 * process. */
void usb_port_init (fta_port *port, struct usb_board *board, int fd, const char *serial);

/* Puts the device into PORT of vhci_hcd, which wants root. Returns the socket, or -1 with errno. */
int usb_attach_to_kernel (const char *port);
