/* SPDX-License-Identifier: Apache-2.0 */
/* usb.c: the simulated board as a USB device.
 *
 * The kernel's vhci_hcd is handed one end of a pair of sockets and talks USB/IP on it; there is no network and no
 * usbip program. */
#include "usb.h"

#include "socket.h"
#include "target-agent/usb/agent-port.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#define ATTACH     "/sys/devices/platform/vhci_hcd.0/attach"
#define DEVICE_ID  0x10002 /* bus 1, device 2; any pair but zero will do */
#define HIGH_SPEED 3       /* enum usb_device_speed of Linux */

static size_t
read_messages (void *user, uint8_t *bytes, size_t capacity, bool may_wait)
{
  struct usb_board *board = user;
  ssize_t size;

  if (!socket_is_ready (board->fd, POLLIN, may_wait ? SOCKET_IDLE_WAIT : 0))
    return 0;
  size = read (board->fd, bytes, capacity);
  socket_leave_at_end (size);
  return size > 0 ? (size_t)size : 0;
}

static void
write_messages (void *user, const uint8_t *bytes, size_t size)
{
  struct usb_board *board = user;

  while (size > 0)
    {
      ssize_t written = send (board->fd, bytes, size, MSG_NOSIGNAL);

      socket_leave_at_end (written);
      if (written > 0)
        {
          bytes += written;
          size -= (size_t)written;
        }
      else
        socket_is_ready (board->fd, POLLOUT, SOCKET_IDLE_WAIT);
    }
}

void
usb_port_init (fta_port *port, struct usb_board *board, int fd, const char *serial)
{
  const fta_usbip_stream stream = { read_messages, write_messages, board };
  const fta_usb_identity identity = {
    .vendor = FTA_USB_VENDOR_ID,
    .product = FTA_USB_PRODUCT_ID,
    .release = FTA_USB_RELEASE,
    .manufacturer = "Fettle",
    .name = "Simulated board",
    .serial = serial,
    .high_speed = true,
  };

  board->fd = fd;
  fta_usbip_init (&board->usbip, &stream, &board->device, &identity);
  fta_usb_agent_port (port, &board->device);
}

int
usb_attach_to_kernel (const char *port)
{
  int pair[2], attach, size;
  char line[64];
  bool written;

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
    return -1;
  /* The kernel looks the number up in the writing process, so the end stays open until it has. */
  size =
      snprintf (line, sizeof line, "%s %d %d %d", port, pair[1], DEVICE_ID, HIGH_SPEED);
  attach = open (ATTACH, O_WRONLY);
  written = attach >= 0 && size < (int)sizeof line
            && write (attach, line, (size_t)size) == size;
  if (!written)
    {
      int failure = errno;

      close (pair[0]);
      pair[0] = -1;
      errno = failure;
    }
  if (attach >= 0)
    close (attach);
  close (pair[1]);
  return pair[0];
}
